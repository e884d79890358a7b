"""/ad/*: Spark Ads by pull (an existing post) and by push (new content). Each call checks the permissions."""

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field

from server.business_api.answers import ad_account, at
from server.business_api.endpoints import Call, Endpoint
from server.business_api.envelope import Code, Refused
from server.business_api.parameters import FromJson, Id, PageNumber, Params, Short, SizeTo100, Text, page_info, start_of
from server.business_api.resources.identity import One, find
from server.problems import NotFound
from server.spark_ads import service as spark_ads
from shared import wire
from shared.wire import AdMode, AdRole

CREATIVES_LIMIT = 20


class Creative(Params):
    """One ad: of an existing post if `tiktok_item_id` is given, otherwise of new content."""

    ad_name: Annotated[str, Field(max_length=100)] | None = None
    ad_text: Text = ""
    identity_type: Literal["BC_AUTH_TT", "AUTH_CODE", "TT_USER", "CUSTOMIZED_USER"]
    identity_id: Id
    identity_authorized_bc_id: Id | None = None
    tiktok_item_id: Id | None = None
    video_id: Short | None = None
    image_ids: list[Short] | None = None
    dark_post_status: Literal["ON", "OFF"] | None = None


class Create(Params):
    """/ad/create/."""

    advertiser_id: Id
    adgroup_id: Id
    creatives: list[Creative] = Field(min_length=1)


class Filtering(Params):
    """Which ads to list."""

    ad_ids: list[Id] | None = Field(None, max_length=100)
    adgroup_ids: list[Id] | None = Field(None, max_length=100)


class Get(Params):
    """/ad/get/."""

    advertiser_id: Id
    filtering: Annotated[Filtering | None, FromJson] = None
    page: PageNumber = 1
    page_size: SizeTo100 = 10


class SetStatus(Params):
    """/ad/status/update/."""

    advertiser_id: Id
    ad_ids: list[Id] = Field(min_length=1)
    operation_status: Literal["ENABLE", "DISABLE", "DELETE"]


def create(connection: sa.Connection, call: Call, wanted: Create) -> dict[str, Any]:
    """Make all of the ads or, if one is refused, none."""
    ad_account(connection, call, wanted.advertiser_id, AdRole.OPERATOR)
    if len(wanted.creatives) > CREATIVES_LIMIT:
        raise Refused(Code.TOO_MANY_IDS, f"creatives: {CREATIVES_LIMIT} is the most.")
    ads = [_create(connection, call, wanted, creative) for creative in wanted.creatives]
    return {"ad_ids": [ad.ad_id for ad in ads], "creatives": [_shown(ad) for ad in ads], "need_audit": False}


def _create(connection: sa.Connection, call: Call, wanted: Create, creative: Creative) -> wire.SparkAd:
    by_code = creative.identity_type == "AUTH_CODE"
    if not by_code:
        find(connection, call, One(advertiser_id=wanted.advertiser_id, **creative.model_dump(include=_IDENTITY)))
    new = spark_ads.NewAd(
        wanted.advertiser_id,
        creative.identity_id,
        creative.ad_name or creative.ad_text[:100] or "Spark Ad",
        adgroup_id=wanted.adgroup_id,
        post_id=creative.tiktok_item_id or "",
        by_spark_code=by_code,
        caption=creative.ad_text,
        video_id=creative.video_id,
        ads_only=creative.dark_post_status != "OFF",
    )
    if creative.tiktok_item_id is not None:
        if creative.dark_post_status is not None:
            raise Refused(Code.PARAMETER, "dark_post_status: is for new content only, and this ad pulls a post.")
        return spark_ads.create_pull(connection, call.actor, call.bc_id, new)
    if by_code:
        raise Refused(Code.PARAMETER, "tiktok_item_id: is required for AUTH_CODE; a Spark code is for one post.")
    if creative.video_id is None and not creative.image_ids:
        raise Refused(Code.PARAMETER, "tiktok_item_id, video_id or image_ids: one of them is required.")
    return spark_ads.create_push(connection, call.actor, call.bc_id, new)


_IDENTITY = {"identity_id", "identity_type", "identity_authorized_bc_id"}


def _shown(ad: wire.SparkAd) -> dict[str, Any]:
    running = ad.status == "running"
    return {
        "ad_id": ad.ad_id,
        "advertiser_id": ad.advertiser_id,
        "adgroup_id": ad.adgroup_id,
        "ad_name": ad.name,
        "ad_text": ad.post.caption,
        "ad_format": "SINGLE_VIDEO",
        "identity_id": ad.account.account_id,
        "identity_type": "AUTH_CODE" if ad.by_spark_code else "BC_AUTH_TT",
        "identity_authorized_bc_id": None if ad.by_spark_code else ad.bc_id,
        "tiktok_item_id": ad.post.post_id,
        "dark_post_status": ("ON" if ad.ads_only else "OFF") if ad.mode is AdMode.PUSH else None,
        "operation_status": "ENABLE" if ad.state == "enabled" else "DISABLE",
        "secondary_status": "AD_STATUS_DELIVERY_OK" if running else "AD_STATUS_DISABLE",
        "status_reason": None if ad.paused is None else f"{ad.paused.text} {ad.paused.next_step}",
        "create_time": at(ad.created_at),
        "modify_time": at(ad.updated_at),
    }


def get(connection: sa.Connection, call: Call, wanted: Get) -> dict[str, Any]:
    """Return the Spark Ads of an ad account, newest first; each says whether it runs now and, if not, why."""
    ad_account(connection, call, wanted.advertiser_id)
    chosen = wanted.filtering or Filtering()
    filters = spark_ads.Filters(
        advertiser_id=wanted.advertiser_id, ad_ids=chosen.ad_ids, adgroup_ids=chosen.adgroup_ids
    )
    start, count = start_of(wanted), wanted.page_size
    ads, total = spark_ads.list_from(connection, call.actor, call.bc_id, filters, start=start, limit=count)
    return {"list": [_shown(ad) for ad in ads], "page_info": page_info(total, wanted)}


def set_status(connection: sa.Connection, call: Call, wanted: SetStatus) -> dict[str, Any]:
    """Resume, pause or delete all of the ads or, if one is refused, none."""
    ad_account(connection, call, wanted.advertiser_id, AdRole.OPERATOR)
    if len(wanted.ad_ids) > CREATIVES_LIMIT:
        raise Refused(Code.TOO_MANY_IDS, f"ad_ids: {CREATIVES_LIMIT} is the most.")
    operation = {"ENABLE": spark_ads.resume, "DISABLE": spark_ads.pause, "DELETE": spark_ads.delete}
    ids = sorted(set(wanted.ad_ids))  # so that all calls lock ads in the same order
    filters = spark_ads.Filters(advertiser_id=wanted.advertiser_id, ad_ids=ids)
    _, known = spark_ads.list_from(connection, call.actor, call.bc_id, filters, limit=0)
    if known < len(ids):
        raise NotFound(thing="Spark Ad")
    for ad_id in ids:
        operation[wanted.operation_status](connection, call.actor, call.bc_id, ad_id)
    return {"ad_ids": wanted.ad_ids, "status": wanted.operation_status}


ENDPOINTS = (
    Endpoint("POST", "/ad/create/", Create, create, writes=True),
    Endpoint("GET", "/ad/get/", Get, get),
    Endpoint("POST", "/ad/status/update/", SetStatus, set_status, writes=True),
)
