"""Create, list, change and delete Spark Ads as an operator of the ad account. Every operation checks permissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts import members as ad_account_roles
from server.authorizations import granting
from server.authorizations.gate import require_use
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.database.columns import new_id
from server.events import service as events
from server.problems import NotFound, Problem, or_not_found
from server.spark_ads import status
from server.spark_ads.tables import spark_ads
from server.spark_codes import service as spark_codes
from server.spark_codes.service import PostNotUsable
from server.tiktok_accounts import posts as post_service
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.media import Media, MediaLinks
from server.tiktok_accounts.tables import posts
from shared import wire
from shared.events import EventType
from shared.languages import Message
from shared.permissions import NEW_VIDEOS, PERMISSIONS, Permission
from shared.problems import ProblemType
from shared.wire import AdMode, AdRole


class AdsOnlyLocked(Problem):
    """A post was to appear on the profile, but the account grants new videos through ads only."""

    type, status, title = ProblemType.ADS_ONLY_LOCKED, 403, "This account shows new videos through ads only"
    detail = (
        "The account grants new videos as “{title}”, so this one cannot be put on the profile, whatever your role. "
        "Leave it to ads only, or ask the owner for “{other}” with a new QR code."
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which ads to list. None means all."""

    advertiser_id: str | None = None
    account_id: str | None = None
    ad_ids: Sequence[str] | None = None
    adgroup_ids: Sequence[str] | None = None
    status: str | None = None  # "running" or "paused"

    def of(self, bc_id: str) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on the ads of a Business Center. `status` has none, since it is computed per ad."""
        one = ((spark_ads.c.advertiser_id, self.advertiser_id), (spark_ads.c.account_id, self.account_id))
        some = ((spark_ads.c.ad_id, self.ad_ids), (spark_ads.c.adgroup_id, self.adgroup_ids))
        wanted = [column == value for column, value in one if value is not None]
        wanted += [column.in_(values) for column, values in some if values is not None]
        return [spark_ads.c.bc_id == bc_id, *wanted]


@dataclass(frozen=True, slots=True)
class NewAd:
    """An ad to create: from `post_id` (pull), or from new content (push)."""

    advertiser_id: str
    account_id: str
    name: str
    adgroup_id: str | None = None
    post_id: str = ""
    by_spark_code: bool = False
    caption: str = ""
    video_id: str | None = None
    media: Media | None = None
    ads_only: bool = True


def _view(row: sa.Row[Any], links: MediaLinks | None) -> wire.SparkAd:
    paused = status.why_paused(row, utc_now())
    return wire.SparkAd(
        ad_id=row.ad_ad_id,
        bc_id=row.ad_bc_id,
        advertiser_id=row.ad_advertiser_id,
        advertiser_name=row.advertiser_name,
        adgroup_id=row.ad_adgroup_id,
        account=tiktok_accounts.account_of(row),
        post=post_service.view(row, links),
        mode=AdMode(row.ad_mode),
        by_spark_code=row.ad_spark_code_id is not None,
        name=row.ad_name,
        ads_only=row.ads_only,
        state=row.ad_state,
        status="paused" if paused else "running",
        paused=paused,
        created_by=row.ad_created_by,
        created_at=row.ad_created_at,
        updated_at=row.ad_updated_at,
    )


def create_pull(
    connection: sa.Connection, actor: Actor, bc_id: str, wanted: NewAd, links: MediaLinks | None = None
) -> wire.SparkAd:
    """Make an ad from a public post, by authorization or by the Spark code that the ad account has for the post.

    Raises:
        NotFound, PermissionNotGranted, AdAccountNotLinked, AdAccountRoleRequired: see `authorizations.gate`;
            NotFound also if the caller can see no such post.
        SparkCodeNotFound, SparkCodeOver: only with a Spark code.
        PostNotUsable: the post behind the Spark code is private now, or shows through ads only.
    """
    advertiser_id, account_id, code_id = wanted.advertiser_id, wanted.account_id, None
    if wanted.by_spark_code:
        code_id = spark_codes.require_code(connection, actor, bc_id, advertiser_id, wanted.post_id)
    else:
        _require(connection, actor, bc_id, account_id, Permission.EXISTING_POSTS, advertiser_id)
    query = sa.select(posts.c.private, posts.c.ads_only).where(
        posts.c.post_id == wanted.post_id, posts.c.account_id == account_id, post_service.EXISTS
    )
    post = connection.execute(query).one_or_none()
    if post is None or (code_id is None and (post.private or post.ads_only)):
        raise NotFound(thing="post")
    if post.private:
        raise PostNotUsable(why="The creator has made this post private. Ask them to make it public, or for another.")
    if post.ads_only:
        raise PostNotUsable(why="A business has taken this post off the profile for its own ads. Use another post.")
    stored = {"post_id": wanted.post_id, "spark_code_id": code_id, "mode": AdMode.PULL.value, "ads_only": False}
    return _insert(connection, actor, bc_id, wanted, stored, links)


def create_push(
    connection: sa.Connection, actor: Actor, bc_id: str, wanted: NewAd, links: MediaLinks | None = None
) -> wire.SparkAd:
    """Publish new content under the account's identity and make an ad from it.

    Raises:
        NotFound, PermissionNotGranted, AdAccountNotLinked, AdAccountRoleRequired: see `authorizations.gate`.
        AdsOnlyLocked: the post was to appear on the profile, but the account grants new videos through ads only.
    """
    account_id, ads_only = wanted.account_id, wanted.ads_only
    _require_push(connection, actor, bc_id, account_id, wanted.advertiser_id, ads_only)
    post_id = post_service.add_pushed_post(
        connection, account_id, wanted.caption, ads_only, wanted.video_id, wanted.media
    )
    stored = {"post_id": post_id, "spark_code_id": None, "mode": AdMode.PUSH.value, "ads_only": ads_only}
    return _insert(connection, actor, bc_id, wanted, stored, links)


def _require(
    connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, permission: Permission, advertiser_id: str
) -> None:
    # The lock makes a simultaneous revoke wait for this commit, or this transaction sees the revoke.
    business_centers.require_member(connection, actor, bc_id)
    granting.lock_active(connection, bc_id, account_id)
    require_use(connection, actor, bc_id, account_id, permission, advertiser_id=advertiser_id)


def _require_push(
    connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, advertiser_id: str, ads_only: bool
) -> None:
    business_centers.require_member(connection, actor, bc_id)
    authorization = granting.lock_active(connection, bc_id, account_id)
    granted = authorization.granted if authorization else []
    held = next((permission for permission in granted if permission in NEW_VIDEOS), Permission.NEW_VIDEOS_ADS_ONLY)
    require_use(connection, actor, bc_id, account_id, held, advertiser_id=advertiser_id)
    if held is Permission.NEW_VIDEOS_ADS_ONLY and not ads_only:
        raise AdsOnlyLocked(title=PERMISSIONS[held].title, other=PERMISSIONS[Permission.NEW_VIDEOS_ON_PROFILE].title)


def _insert(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    wanted: NewAd,
    stored: dict[str, Any],
    links: MediaLinks | None,
) -> wire.SparkAd:
    ad_id, now = new_id(), utc_now()
    row = {
        "ad_id": ad_id,
        "bc_id": bc_id,
        "advertiser_id": wanted.advertiser_id,
        "adgroup_id": wanted.adgroup_id,
        "account_id": wanted.account_id,
        "name": wanted.name,
        "state": "enabled",
        "created_by": actor.name,
        "created_at": now,
        "updated_at": now,
        **stored,
    }
    connection.execute(sa.insert(spark_ads), row)
    ad = _view(_row(connection, bc_id, ad_id), links)
    _record(connection, actor, EventType.SPARK_AD_CREATED, ad, mode=ad.mode.value, ads_only=ad.ads_only)
    return ad


def _row(connection: sa.Connection, bc_id: str, ad_id: str) -> sa.Row[Any]:
    mine = (spark_ads.c.ad_id == ad_id) & (spark_ads.c.bc_id == bc_id)
    return or_not_found(connection.execute(status.ADS.where(mine)).one_or_none(), thing="Spark Ad")


def _record(connection: sa.Connection, actor: Actor, happened: EventType, ad: wire.SparkAd, **more: bool | str) -> None:
    data = {
        "ad_id": ad.ad_id,
        "name": ad.name,
        "advertiser_id": ad.advertiser_id,
        "post_id": ad.post.post_id,
        "handle": ad.account.handle,
        **more,
    }
    events.record(connection, actor, happened, bc_id=ad.bc_id, account_id=ad.account.account_id, data=data)


def list_ads(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    filters: Filters | None = None,
    *,
    cursor: str | None = None,
    limit: int = 50,
    links: MediaLinks | None = None,
) -> wire.Page[wire.SparkAd]:
    """Return the Spark Ads of a Business Center, newest first, and whether each runs now."""
    business_centers.require_member(connection, actor, bc_id)
    wanted = filters or Filters()
    query = status.ADS.where(*wanted.of(bc_id))
    items: list[wire.SparkAd] = []
    while len(items) <= limit:  # the query cannot filter by status, which is computed per ad
        rows = connection.execute((query.where(spark_ads.c.ad_id < cursor) if cursor else query).limit(limit + 1)).all()
        seen = [_view(row, links) for row in rows]
        items += [ad for ad in seen if wanted.status in {None, ad.status}]
        if len(rows) <= limit:
            break
        cursor = seen[-1].ad_id
    following = items[limit - 1].ad_id if len(items) > limit else None
    return wire.Page[wire.SparkAd](items=items[:limit], next_cursor=following)


def list_from(
    connection: sa.Connection, actor: Actor, bc_id: str, filters: Filters, *, start: int = 0, limit: int
) -> tuple[list[wire.SparkAd], int]:
    """Return ads from position `start` on, newest first and of any status, and the total number of ads."""
    business_centers.require_member(connection, actor, bc_id)
    mine = sa.and_(*filters.of(bc_id), spark_ads.c.state != "deleted")
    total = connection.execute(sa.select(sa.func.count()).select_from(spark_ads).where(mine)).scalar_one()
    if start >= total or not limit:
        return [], total
    return [_view(row, None) for row in connection.execute(status.ADS.where(mine).offset(start).limit(limit))], total


def get(
    connection: sa.Connection, actor: Actor, bc_id: str, ad_id: str, links: MediaLinks | None = None
) -> wire.SparkAd:
    """Return one Spark Ad.

    Raises:
        NotFound: there is no such ad, it was deleted, or this is not the caller's Business Center.
    """
    business_centers.require_member(connection, actor, bc_id)
    return _view(_row(connection, bc_id, ad_id), links)


def _changeable(connection: sa.Connection, actor: Actor, bc_id: str, ad_id: str) -> wire.SparkAd:
    """Return an ad that the caller may change, locked until the commit."""
    business_centers.require_member(connection, actor, bc_id)
    mine = (spark_ads.c.ad_id == ad_id) & (spark_ads.c.bc_id == bc_id) & (spark_ads.c.state != "deleted")
    query = sa.select(spark_ads.c.advertiser_id).where(mine).with_for_update()
    found = or_not_found(connection.execute(query).one_or_none(), thing="Spark Ad")
    ad_account_roles.require_role(connection, actor, bc_id, found.advertiser_id, AdRole.OPERATOR)
    return _view(_row(connection, bc_id, ad_id), None)


def _set(connection: sa.Connection, ad_id: str, **values: Any) -> None:
    mine = (spark_ads.c.ad_id == ad_id) & (spark_ads.c.state != "deleted")
    connection.execute(sa.update(spark_ads).where(mine).values(**values, updated_at=utc_now()))


def pause(connection: sa.Connection, actor: Actor, bc_id: str, ad_id: str) -> wire.SparkAd:
    """Pause an ad, even if its authorization has ended; pausing twice succeeds. For operators of the ad account.

    Raises:
        NotFound, AdAccountRoleRequired.
    """
    ad = _changeable(connection, actor, bc_id, ad_id)
    if ad.state == "enabled":
        _set(connection, ad_id, state="paused")
        _record(connection, actor, EventType.SPARK_AD_PAUSED, ad)
    return get(connection, actor, bc_id, ad_id)


def resume(connection: sa.Connection, actor: Actor, bc_id: str, ad_id: str) -> wire.SparkAd:
    """Let a paused ad run again, if it could be created now.

    Raises:
        NotFound, PermissionNotGranted, AdAccountNotLinked, AdAccountRoleRequired, SparkCodeNotFound, SparkCodeOver,
        AdsOnlyLocked: as in creating the ad.
        PostNotUsable: the post was deleted or is private.
    """
    ad = _changeable(connection, actor, bc_id, ad_id)
    account_id, post_id = ad.account.account_id, ad.post.post_id
    if ad.by_spark_code:
        _require_same_code(connection, actor, ad)
    elif ad.mode is AdMode.PULL:
        _require(connection, actor, bc_id, account_id, Permission.EXISTING_POSTS, ad.advertiser_id)
    else:
        _require_push(connection, actor, bc_id, account_id, ad.advertiser_id, ad.ads_only)
    row = connection.execute(sa.select(posts.c.deleted_at, posts.c.private).where(posts.c.post_id == post_id)).one()
    if row.deleted_at is not None:
        raise PostNotUsable(why="The account owner has deleted this post, so the ad cannot run. Use another post.")
    if row.private and not ad.ads_only:
        raise PostNotUsable(why="The account owner has made this post private, so the ad cannot run. Use another post.")
    if ad.state == "paused":
        _set(connection, ad_id, state="enabled")
        _record(connection, actor, EventType.SPARK_AD_RESUMED, ad)
    return get(connection, actor, bc_id, ad_id)


def _require_same_code(connection: sa.Connection, actor: Actor, ad: wire.SparkAd) -> None:
    # An ad keeps the code it was made with; a newer code allows new ads only.
    newest = spark_codes.require_code(connection, actor, ad.bc_id, ad.advertiser_id, ad.post.post_id)
    query = sa.select(spark_ads.c.spark_code_id).where(spark_ads.c.ad_id == ad.ad_id)
    if connection.execute(query).scalar_one() != newest:
        raise spark_codes.SparkCodeOver(
            how=Message("was replaced by a newer one. Make a new ad with it, or leave this paused")
        )


def set_ads_only(connection: sa.Connection, actor: Actor, bc_id: str, ad_id: str, ads_only: bool) -> wire.SparkAd:
    """Show the post of a pushed ad on the profile, or hide it there. The checks are those of a push with this choice.

    Raises:
        NotFound, PermissionNotGranted, AdAccountNotLinked, AdAccountRoleRequired, AdsOnlyLocked.
        PostNotUsable: the ad's post was not pushed.
    """
    ad = _changeable(connection, actor, bc_id, ad_id)
    if ad.mode is not AdMode.PUSH:
        raise PostNotUsable(why="This post is the creator's own; only they decide who sees it. Push a new one instead.")
    _require_push(connection, actor, bc_id, ad.account.account_id, ad.advertiser_id, ads_only)
    post = post_service.lock(connection, ad.post.post_id, ad.account.account_id)
    if post.ads_only != ads_only:
        post_service.set_ads_only(connection, ad.post.post_id, ads_only)
        _set(connection, ad_id, ads_only=ads_only)
        _record(connection, actor, EventType.SPARK_AD_CHANGED, ad, ads_only=ads_only)
    return get(connection, actor, bc_id, ad_id)


def change(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    ad_id: str,
    wanted: wire.ChangeSparkAd,
    links: MediaLinks | None = None,
) -> wire.SparkAd:
    """Pause or resume an ad and change who sees its pushed post, as wanted: either everything or nothing."""
    if wanted.ads_only is not None:
        set_ads_only(connection, actor, bc_id, ad_id, wanted.ads_only)
    if wanted.state is not None:
        (resume if wanted.state == "enabled" else pause)(connection, actor, bc_id, ad_id)
    return get(connection, actor, bc_id, ad_id, links)


def delete(connection: sa.Connection, actor: Actor, bc_id: str, ad_id: str) -> None:
    """Delete an ad permanently. The row stays, and so does a pushed post with its account.

    Raises:
        NotFound: there is no such ad, or it was already deleted.
        AdAccountRoleRequired.
    """
    ad = _changeable(connection, actor, bc_id, ad_id)
    _set(connection, ad_id, state="deleted")
    _record(connection, actor, EventType.SPARK_AD_DELETED, ad)
