"""Ads as an account's owner sees them: those that use the account, and those that use one post."""

from typing import Any

import sqlalchemy as sa

from server.actor import Actor
from server.authorizations import service as authorizations
from server.clock import utc_now
from server.database.pages import newest_first
from server.spark_ads import status
from server.spark_ads.tables import spark_ads
from server.spark_codes import service as spark_codes
from server.spark_codes.codes import SparkCodes
from server.tiktok_accounts import posts as post_service
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.media import MediaLinks
from server.tiktok_accounts.tables import posts
from shared import wire
from shared.permissions import in_order
from shared.wire import AdMode


def _view(row: sa.Row[Any], links: MediaLinks | None) -> wire.AdOfAccount:
    paused = status.why_paused(row, utc_now())
    by_spark_code = row.ad_spark_code_id is not None
    needs = [] if by_spark_code else in_order(status.needed(row.ad_mode, row.ads_only))
    return wire.AdOfAccount(
        ad_id=row.ad_ad_id,
        name=row.ad_name,
        business_center=wire.BusinessCenterCard(bc_id=row.ad_bc_id, name=row.bc_name, verified=row.bc_verified),
        advertiser_name=row.advertiser_name,
        post=post_service.view(row, links, in_ads=True),
        mode=AdMode(row.ad_mode),
        by_spark_code=by_spark_code,
        needs=needs,
        status="paused" if paused else "running",
        paused=paused,
        created_at=row.ad_created_at,
    )


def list_for_linked_business(
    connection: sa.Connection,
    actor: Actor,
    authorization_id: str,
    links: MediaLinks,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> wire.Page[wire.AdOfAccount]:
    """Return the ads that use the calling owner's account through one of its authorizations, newest first.

    Ads by Spark code are not included, because they do not end with the authorization.

    Raises:
        NotFound: the caller's account has no authorization with this id.
    """
    authorization = authorizations.get_for_owner(connection, actor, authorization_id)
    mine = (
        (spark_ads.c.bc_id == authorization.business_center.bc_id)
        & (spark_ads.c.account_id == authorization.account.account_id)
        & spark_ads.c.spark_code_id.is_(None)
    )
    rows, following = newest_first(connection, status.ADS.where(mine), status.AD_ID, cursor, limit)
    return wire.Page[wire.AdOfAccount](items=[_view(row, links) for row in rows], next_cursor=following)


def get_post(
    connection: sa.Connection, actor: Actor, codes: SparkCodes, links: MediaLinks, post_id: str
) -> wire.OwnPost:
    """Return a post of the calling owner with the ads that use it and its Spark code.

    Raises:
        NotFound: the caller's account has no such post.
    """
    account_id = tiktok_accounts.require_owner(actor)
    mine = (posts.c.post_id == post_id) & (posts.c.account_id == account_id) & post_service.EXISTS
    row = post_service.find_row(connection, mine)
    using = connection.execute(status.ADS.where(spark_ads.c.post_id == post_id).limit(100))
    used_by = [_view(ad, links) for ad in using]
    return wire.OwnPost(
        post=post_service.view(row, links, in_ads=bool(used_by)),
        used_by=used_by,
        spark_code=spark_codes.find(connection, codes, post_id),
    )


def get_profile(connection: sa.Connection, actor: Actor, links: MediaLinks) -> wire.Profile:
    """Return the calling owner's profile, with a mark on every post that an ad uses, running or not."""
    profile = post_service.get_profile(connection, actor, links)
    shown = [post.post_id for post in profile.posts]
    query = sa.select(spark_ads.c.post_id).where(spark_ads.c.post_id.in_(shown), spark_ads.c.state != "deleted")
    used = set(connection.execute(query).scalars())
    marked = [post.model_copy(update={"in_ads": post.post_id in used}) for post in profile.posts]
    return profile.model_copy(update={"posts": marked})
