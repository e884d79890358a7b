"""/identity/video/*: the posts of an identity that ads can pull."""

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field, model_validator

from server.business_api.answers import ad_account
from server.business_api.endpoints import Call, Endpoint
from server.business_api.envelope import Code, Refused
from server.business_api.parameters import FromJson, Id, SizeTo20
from server.business_api.resources.identity import One, usable_identity
from server.problems import NotFound
from server.spark_codes import service as spark_codes
from server.tiktok_accounts import posts
from shared import wire
from shared.permissions import Permission
from shared.wire import AdRole

ITEMS_LIMIT = 20
_ALL = 10_000


class Get(One):
    """/identity/video/get/."""

    item_type: Literal["VIDEO", "CAROUSEL"] | None = None
    cursor: Annotated[int, Field(ge=0)] = 0
    count: SizeTo20 = 20


class Info(One):
    """/identity/video/info/: one item, or several."""

    item_id: Id | None = None
    item_ids: Annotated[list[Id] | None, FromJson] = None

    @model_validator(mode="after")
    def _require_item(self) -> "Info":
        if self.item_id is None and not self.item_ids:
            raise ValueError("item_id or item_ids is required")
        return self


def item_type(post: wire.Post) -> str:
    """Return the vendor's name for a video or for pictures; a post without a file counts as a video."""
    return "CAROUSEL" if (post.content_type or "").startswith("image/") else "VIDEO"


def shown(call: Call, post: wire.Post) -> dict[str, Any]:
    """Return a post in the vendor's format."""
    origin = call.services.origin
    return {
        "item_id": post.post_id,
        "item_type": item_type(post),
        "status": "PRIVATE" if post.private else "ONLY_SHOW_IN_ADS" if post.ads_only else "NORMAL",
        "text": post.caption,
        "auth_info": {"ad_auth_status": "AUTHORIZED"},
        "anchor_list": [],
        "video_info": {
            "video_id": post.post_id,
            "poster_url": origin + post.cover_url if post.cover_url else "",
            "url": origin + post.media_url if post.media_url else "",
            "duration": post.duration_seconds or 0,
        },
    }


def _usable(
    connection: sa.Connection, call: Call, wanted: One, *, only: list[str] | None = None, limit: int = _ALL
) -> list[wire.Post]:
    """Return the posts the ad account can pull from an identity, newest first. AUTH_CODE ignores `only` and `limit`."""
    if wanted.identity_type == "AUTH_CODE":
        ad_account(connection, call, wanted.advertiser_id, AdRole.OPERATOR)
        used = spark_codes.list_for_advertiser(
            connection, call.actor, call.bc_id, wanted.advertiser_id, limit=_ALL, links=call.services.links
        )
        return [
            item.post
            for item in used.items
            if item.account.account_id == wanted.identity_id and item.state is wire.SparkCodeState.ACTIVE
        ]
    usable_identity(connection, call, wanted, Permission.EXISTING_POSTS)
    return posts.list_public(connection, wanted.identity_id, call.services.links, only=only, limit=limit).items


def get(connection: sa.Connection, call: Call, wanted: Get) -> dict[str, Any]:
    """Return the posts of an identity; requires Existing posts, or a Spark code for each post."""
    needed = _ALL if wanted.item_type else min(wanted.cursor + wanted.count + 1, _ALL)
    usable = _usable(connection, call, wanted, limit=needed)
    found = [post for post in usable if wanted.item_type in {None, item_type(post)}]
    end = min(wanted.cursor + wanted.count, len(found))
    rows = [shown(call, post) for post in found[wanted.cursor : end]]
    return {"video_list": rows, "cursor": end, "has_more": end < len(found)}


def info(connection: sa.Connection, call: Call, wanted: Info) -> dict[str, Any]:
    """Return one post, or several."""
    ids = wanted.item_ids or [wanted.item_id or ""]
    if len(ids) > ITEMS_LIMIT:
        raise Refused(Code.TOO_MANY_IDS, f"item_ids: {len(ids)} are too many, {ITEMS_LIMIT} is the most.")
    found = {post.post_id: post for post in _usable(connection, call, wanted, only=ids)}
    if any(item_id not in found for item_id in ids):
        raise NotFound(thing="post")
    rows = [shown(call, found[item_id]) for item_id in ids]
    return {"video_details": rows} if wanted.item_ids else {"video_detail": rows[0]}


ENDPOINTS = (
    Endpoint("GET", "/identity/video/get/", Get, get),
    Endpoint("GET", "/identity/video/info/", Info, info),
)
