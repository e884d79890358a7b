"""Spark Ads from both sides: the operator runs them; the owner sees which ones use the account and its posts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, status

from server.ad_accounts.members import AdAccountRoleRequired
from server.auth.dependencies import CurrentMember, CurrentOwner, Cursor, Db, PageSize
from server.authorizations.gate import AdAccountNotLinked, PermissionNotGranted
from server.business_centers.routes import MEMBER
from server.problems import MalformedRequest, NotFound, responses
from server.spark_ads import owner, service
from server.spark_codes.routes import SparkCodesOf
from server.spark_codes.service import PostNotUsable, SparkCodeNotFound, SparkCodeOver
from server.tiktok_accounts.routes import OWNER, Links
from shared import wire

owner_router = APIRouter(prefix="/me")
member_router = APIRouter(prefix="/business-centers/{bc_id}/spark-ads", tags=["Spark Ads"])
_USE = (
    *MEMBER,
    AdAccountRoleRequired,
    PermissionNotGranted,
    AdAccountNotLinked,
    service.AdsOnlyLocked,
    SparkCodeNotFound,
    SparkCodeOver,
    PostNotUsable,
    MalformedRequest,
)


@owner_router.get("/profile", tags=["Profiles"], summary="My profile", responses=responses(*OWNER))
async def get_own_profile(database: Db, links: Links, actor: CurrentOwner) -> wire.Profile:
    """Return the calling owner's profile with all posts that appear on it."""
    return await database.read(owner.get_profile, actor, links)


@owner_router.get("/posts/{post_id}", tags=["Profiles"], summary="My post", responses=responses(*OWNER, NotFound))
async def get_own_post(
    post_id: str, database: Db, codes: SparkCodesOf, links: Links, actor: CurrentOwner
) -> wire.OwnPost:
    """Return one of the caller's posts, the ads that use it, and its Spark code."""
    return await database.read(owner.get_post, actor, codes, links, post_id)


@owner_router.get(
    "/linked-businesses/{authorization_id}/ads",
    tags=["Linked businesses"],
    summary="List ads of a linked business",
    responses=responses(*OWNER, NotFound),
)
async def list_ads_of_linked_business(
    authorization_id: str,
    database: Db,
    links: Links,
    actor: CurrentOwner,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> wire.Page[wire.AdOfAccount]:
    """Return the ads that use the caller's account through an authorization and would pause if it were revoked."""
    return await database.read(
        owner.list_for_linked_business, actor, authorization_id, links, cursor=cursor, limit=limit
    )


@member_router.post("", status_code=status.HTTP_201_CREATED, summary="Create a Spark Ad", responses=responses(*_USE))
async def create_spark_ad(
    bc_id: str, wanted: wire.CreateSparkAd, database: Db, links: Links, actor: CurrentMember
) -> wire.SparkAd:
    """Make an ad from a post (pull) or from new content (push). For operators and admins of the ad account."""
    create = service.create_pull if wanted.mode is wire.AdMode.PULL else service.create_push
    new = service.NewAd(
        wanted.advertiser_id,
        wanted.account_id,
        wanted.name,
        adgroup_id=wanted.adgroup_id,
        post_id=wanted.post_id or "",
        by_spark_code=wanted.by_spark_code,
        caption=wanted.caption or "",
        video_id=wanted.video_id,
        ads_only=wanted.ads_only is not False,
    )
    return await database.write(create, actor, bc_id, new, links)


@member_router.get("", summary="List Spark Ads", responses=responses(*MEMBER))
async def list_spark_ads(
    bc_id: str,
    database: Db,
    links: Links,
    actor: CurrentMember,
    advertiser_id: Annotated[str | None, Query(max_length=20, description="of one ad account")] = None,
    account_id: Annotated[str | None, Query(max_length=20, description="of one TikTok account")] = None,
    status: Annotated[Literal["running", "paused"] | None, Query(description="as it is now")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> wire.Page[wire.SparkAd]:
    """Return the Spark Ads of a Business Center, newest first: whether each runs now, and if not, why."""
    filters = service.Filters(advertiser_id=advertiser_id, account_id=account_id, status=status)
    return await database.read(service.list_ads, actor, bc_id, filters, cursor=cursor, limit=limit, links=links)


@member_router.get("/{ad_id}", summary="Get a Spark Ad", responses=responses(*MEMBER))
async def get_spark_ad(bc_id: str, ad_id: str, database: Db, links: Links, actor: CurrentMember) -> wire.SparkAd:
    """Return one Spark Ad."""
    return await database.read(service.get, actor, bc_id, ad_id, links)


@member_router.patch("/{ad_id}", summary="Change a Spark Ad", responses=responses(*_USE))
async def change_spark_ad(
    bc_id: str, ad_id: str, wanted: wire.ChangeSparkAd, database: Db, links: Links, actor: CurrentMember
) -> wire.SparkAd:
    """Pause or resume an ad, or change who sees a pushed post. For operators and admins of the ad account."""
    return await database.write(service.change, actor, bc_id, ad_id, wanted, links)


@member_router.delete(
    "/{ad_id}", status_code=204, summary="Delete a Spark Ad", responses=responses(*MEMBER, AdAccountRoleRequired)
)
async def delete_spark_ad(bc_id: str, ad_id: str, database: Db, actor: CurrentMember) -> None:
    """Delete an ad permanently; a pushed post stays with its account. For operators and admins of the ad account."""
    await database.write(service.delete, actor, bc_id, ad_id)
