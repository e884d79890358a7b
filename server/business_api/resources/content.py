"""LIVE, Series, Showcase, GMV Max and insights: each endpoint requires its own permission."""

from typing import Annotated, Any

import sqlalchemy as sa

from server.authorizations import gated
from server.business_api.answers import ad_account, linked_account, linked_accounts, picture, same_center
from server.business_api.endpoints import Call, Endpoint
from server.business_api.parameters import FromJson, Id, PageNumber, Params, Short, SizeTo20, SizeTo100, page_of
from server.business_api.resources.identity import OfAdvertiser, One, row, usable_identity
from server.tiktok_accounts import offerings
from shared import wire
from shared.permissions import Permission

_REGIONS = ["US", "GB", "DE"]


class ByCursor(One):
    """One identity's list, read by cursor."""

    cursor: int = 0
    count: SizeTo20 = 20


class Products(One):
    """/showcase/product/get/."""

    page: PageNumber = 1
    page_size: SizeTo100 = 10


class GmvMax(Params):
    """/gmv_max/identity/get/."""

    advertiser_id: Id
    store_id: Short
    store_authorized_bc_id: Id


def _offerings(connection: sa.Connection, call: Call, wanted: One, kind: offerings.Kind) -> list[wire.Offering]:
    usable_identity(connection, call, wanted, offerings.PERMISSION_FOR[kind])
    return offerings.list_offerings(connection, wanted.identity_id, kind, limit=1000).items


def lives(connection: sa.Connection, call: Call, wanted: ByCursor) -> dict[str, Any]:
    """Return LIVE videos; requires the permission LIVE videos."""
    found = _offerings(connection, call, wanted, "live")
    shown, following = _window(found, wanted)
    rows = [
        {
            "live_id": item.offering_id,
            "finish_timestamp": item.details.get("finish_timestamp", int(item.created_at.timestamp())),
        }
        for item in shown
    ]
    return {"live_list": rows, **following}


def _window(found: list[wire.Offering], wanted: ByCursor) -> tuple[list[wire.Offering], dict[str, Any]]:
    start = max(wanted.cursor, 0)
    end = min(start + wanted.count, len(found))
    return found[start:end], {"cursor": end, "has_more": end < len(found)}


def series(connection: sa.Connection, call: Call, wanted: ByCursor) -> dict[str, Any]:
    """Return Series; requires the permission Series."""
    found = _offerings(connection, call, wanted, "series")
    shown, following = _window(found, wanted)
    rows = [
        {
            "native_series_id": item.offering_id,
            "name": item.title,
            "cover_url": item.details.get("cover_url", ""),
            "total_episode": item.details.get("total_episode", item.details.get("episodes", 0)),
            "total_duration": item.details.get("total_duration", item.details.get("duration_seconds", 0)),
        }
        for item in shown
    ]
    return {"list": rows, **following}


def showcase_identities(connection: sa.Connection, call: Call, wanted: OfAdvertiser) -> dict[str, Any]:
    """Return the identities of an ad account that grant Showcase."""
    ad_account(connection, call, wanted.advertiser_id)
    found = [
        {**row(call, linked), "profile_image": picture(call, linked.account)}
        for linked in linked_accounts(connection, call, wanted.advertiser_id)
        if Permission.SHOWCASE in linked.permissions.granted
    ]
    return {"identity_list": found}


def showcase_regions(connection: sa.Connection, call: Call, wanted: One) -> dict[str, Any]:
    """Return the regions where products can be advertised, the same for every account; requires Showcase."""
    usable_identity(connection, call, wanted, Permission.SHOWCASE)
    return {"region_codes": _REGIONS}


def products(connection: sa.Connection, call: Call, wanted: Products) -> dict[str, Any]:
    """Return the products in the Showcase; requires the permission Showcase."""
    found = _offerings(connection, call, wanted, "product")
    shown, info = page_of(found, wanted)
    rows = [{"product_id": item.offering_id, "title": item.title, **item.details} for item in shown]
    return {"products": rows, "page_info": info}


def gmv_max(connection: sa.Connection, call: Call, wanted: GmvMax) -> dict[str, Any]:
    """Return the identities of an ad account; each says whether it can use LIVE GMV Max and, if not, why."""
    same_center(call, wanted.store_authorized_bc_id)
    ad_account(connection, call, wanted.advertiser_id)
    found = linked_accounts(connection, call, wanted.advertiser_id)
    granted = {linked.account.account_id: linked.permissions.granted for linked in found}
    states = gated.gmv_max_of(connection, call.bc_id, granted)
    rows = []
    for linked in found:
        state = states[linked.account.account_id]
        rows.append(
            {
                **row(call, linked),
                "user_name": linked.account.handle,
                "profile_image": picture(call, linked.account),
                "store_id": wanted.store_id,
                "live_gmv_max_available": state.available,
                "unavailable_reason": state.unavailable_reason,
            }
        )
    return {"identity_list": rows}


class Business(Params):
    """/business/get/."""

    business_id: Id
    fields: Annotated[list[Short] | None, FromJson] = None


def business(connection: sa.Connection, call: Call, wanted: Business) -> dict[str, Any]:
    """Return an account's numbers; requires the permission Manage TikTok account in BC."""
    linked = linked_account(connection, call, wanted.business_id)
    numbers = gated.insights(connection, call.actor, call.bc_id, wanted.business_id)
    data = {
        "username": linked.account.handle,
        "display_name": linked.account.display_name,
        "profile_image": picture(call, linked.account),
        "is_verified": linked.account.verified,
        "followers_count": numbers.follower_count,
        "total_likes": numbers.like_count,
        "videos_count": numbers.post_count,
        "video_views": numbers.play_count,
    }
    return data if wanted.fields is None else {name: value for name, value in data.items() if name in wanted.fields}


ENDPOINTS = (
    Endpoint("GET", "/identity/live/get/", ByCursor, lives),
    Endpoint("GET", "/identity/native_series/get/", ByCursor, series),
    Endpoint("GET", "/showcase/identity/get/", OfAdvertiser, showcase_identities),
    Endpoint("GET", "/showcase/region/get/", One, showcase_regions),
    Endpoint("GET", "/showcase/product/get/", Products, products),
    Endpoint("GET", "/gmv_max/identity/get/", GmvMax, gmv_max),
    Endpoint("GET", "/business/get/", Business, business),
)
