"""/tt_video/*: Spark codes, the alternative to linking an account."""

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from server.business_api.answers import ad_account, at, picture
from server.business_api.endpoints import Call, Endpoint
from server.business_api.parameters import Id, Paged, Params, page_info, start_of
from server.business_api.resources.video import item_type, shown
from server.spark_codes import service
from shared import wire
from shared.wire import AdRole
from shared.wire import SparkCodeState as State


class ByCode(Params):
    """/tt_video/authorize/, /tt_video/info/."""

    advertiser_id: Id
    auth_code: Annotated[str, Field(min_length=1, max_length=200)]


class Unbind(Params):
    """/tt_video/unbind/."""

    advertiser_id: Id
    item_id: Id


class List(Paged):
    """/tt_video/list/."""

    advertiser_id: Id


def authorize(connection: sa.Connection, call: Call, wanted: ByCode) -> dict[str, Any]:
    """Let an ad account use the post behind a code. The number of guesses is limited."""
    ad_account(connection, call, wanted.advertiser_id, AdRole.OPERATOR)
    with call.services.guess.by(call.actor.subject_id):
        service.authorize(connection, call.actor, call.bc_id, wanted.advertiser_id, wanted.auth_code)
    return {}


def unbind(connection: sa.Connection, call: Call, wanted: Unbind) -> dict[str, Any]:
    """End an ad account's use of a post by Spark code. Ads with the post pause."""
    ad_account(connection, call, wanted.advertiser_id, AdRole.OPERATOR)
    service.unbind(connection, call.actor, call.bc_id, wanted.advertiser_id, wanted.item_id)
    return {}


def _row(call: Call, post: wire.SparkPost) -> dict[str, Any]:
    states = {State.ACTIVE: "AUTHORIZED", State.EXPIRED: "EXPIRED", State.REVOKED: "CANCELED"}
    item = shown(call, post.post)
    return {
        "auth_info": {
            "ad_auth_status": states[post.state],
            "auth_start_time": at(post.authorized_at),
            "auth_end_time": at(post.expires_at),
            "invite_start_time": at(post.authorized_at),
        },
        "item_info": {
            "item_id": post.post.post_id,
            "item_type": item_type(post.post),
            "status": item["status"],
            "text": post.post.caption,
        },
        "user_info": {
            "identity_id": post.account.account_id,
            "identity_type": "AUTH_CODE",
            "tiktok_name": post.account.display_name,
            "profile_image": picture(call, post.account),
        },
        "video_info": item["video_info"],
    }


def info(connection: sa.Connection, call: Call, wanted: ByCode) -> dict[str, Any]:
    """Return the post behind a code, if the ad account uses it."""
    ad_account(connection, call, wanted.advertiser_id)
    arguments = (call.actor, call.bc_id, wanted.advertiser_id, wanted.auth_code)
    with call.services.guess.by(call.actor.subject_id):
        return _row(call, service.get_by_code(connection, *arguments, call.services.links))


def list_videos(connection: sa.Connection, call: Call, wanted: List) -> dict[str, Any]:
    """Return the posts that an ad account uses by Spark code, newest first, ended ones included."""
    ad_account(connection, call, wanted.advertiser_id)
    found, total = service.list_from(
        connection,
        call.actor,
        call.bc_id,
        wanted.advertiser_id,
        start=start_of(wanted),
        limit=wanted.page_size,
        links=call.services.links,
    )
    return {"list": [_row(call, post) for post in found], "page_info": page_info(total, wanted)}


ENDPOINTS = (
    Endpoint("POST", "/tt_video/authorize/", ByCode, authorize, writes=True),
    Endpoint("POST", "/tt_video/unbind/", Unbind, unbind, writes=True),
    Endpoint("GET", "/tt_video/info/", ByCode, info),
    Endpoint("GET", "/tt_video/list/", List, list_videos),
)
