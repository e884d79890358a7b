"""Make, show and revoke Spark codes as the owner; use them in an ad account as its operator."""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts import members as ad_account_roles
from server.clock import utc_now
from server.database.columns import new_id
from server.database.core import insert_if_absent
from server.database.pages import newest_first
from server.events import service as events
from server.problems import NotFound, Problem, or_not_found
from server.spark_codes.codes import SparkCodes, code_hash
from server.spark_codes.tables import spark_code_uses, spark_codes
from server.tiktok_accounts import posts as post_service
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.media import MediaLinks
from server.tiktok_accounts.tables import posts
from server.tiktok_accounts.tables import tiktok_accounts as accounts
from shared import wire
from shared.events import EventType
from shared.languages import Message
from shared.problems import ProblemType
from shared.wire import AdRole
from shared.wire import SparkCodeState as State


class PostNotUsable(Problem):
    """Ads cannot use the post."""

    type, status, title = ProblemType.POST_NOT_USABLE, 409, "Ads cannot use this post"
    detail = "{why}"


class SparkCodeNotFound(Problem):
    """There is no such Spark code."""

    type, status, title = ProblemType.SPARK_CODE_NOT_FOUND, 404, "This Spark code is not known"
    detail = (
        "This server does not know this Spark code. Copy the whole code, from # to =, or ask the creator for a new one."
    )


class SparkCodeOver(Problem):
    """The Spark code has ended."""

    type, status, title = ProblemType.SPARK_CODE_OVER, 410, "This Spark code has ended"
    detail = "This Spark code {how}. Ask the creator for a new one."


def _state(row: sa.Row[Any], now: datetime) -> State:
    if row.revoked_at is not None:
        return State.REVOKED
    return State.ACTIVE if row.expires_at > now else State.EXPIRED


def _require_active(row: sa.Row[Any]) -> None:
    if (state := _state(row, utc_now())) is not State.ACTIVE:
        raise SparkCodeOver(how=Message("was revoked") if state is State.REVOKED else Message("has expired"))


def _own_view(row: sa.Row[Any], codes: SparkCodes) -> wire.SparkCode:
    return wire.SparkCode(
        post_id=row.post_id,
        code=codes.code(row.spark_code_id),
        state=_state(row, utc_now()),
        days=row.days,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


_LIVE: Final = sa.select(spark_codes).where(
    spark_codes.c.post_id == sa.bindparam("of_post"), spark_codes.c.revoked_at.is_(None)
)


def create(connection: sa.Connection, actor: Actor, codes: SparkCodes, post_id: str, days: int) -> wire.SparkCode:
    """Make a code for a post of the calling owner. An earlier code ends, and its ads pause.

    Raises:
        NotFound: the caller's account has no such post.
        PostNotUsable: the post is private, or shows through ads only.
    """
    account_id = tiktok_accounts.require_owner(actor)
    post = post_service.lock(connection, post_id, account_id)
    if post.private:
        raise PostNotUsable(why="This post is private, and ads show posts to everybody. Make it public first.")
    if post.ads_only:
        raise PostNotUsable(why="A business pushed this post for its own ads. Choose a post of your profile.")
    now = utc_now()
    _revoke(connection, post_id, now)
    spark_code_id = new_id()
    row = {
        "spark_code_id": spark_code_id,
        "post_id": post_id,
        "account_id": account_id,
        "code_hash": code_hash(codes.code(spark_code_id)),
        "days": days,
        "created_at": now,
        "expires_at": now + timedelta(days=days),
        "revoked_at": None,
    }
    connection.execute(sa.insert(spark_codes), row)
    data = {"post_id": post_id, "spark_code_id": spark_code_id, "days": days}
    events.record(connection, actor, EventType.SPARK_CODE_CREATED, account_id=account_id, data=data)
    return _own_view(connection.execute(_LIVE, {"of_post": post_id}).one(), codes)


def _revoke(connection: sa.Connection, post_id: str, now: datetime) -> int:
    live = (spark_codes.c.post_id == post_id) & spark_codes.c.revoked_at.is_(None)
    return connection.execute(sa.update(spark_codes).where(live).values(revoked_at=now)).rowcount


def get(connection: sa.Connection, actor: Actor, codes: SparkCodes, post_id: str) -> wire.SparkCode:
    """Return the code of a post of the calling owner, even if expired, but not if revoked.

    Raises:
        NotFound: the post has no code, or the caller's account has no such post.
    """
    account_id = tiktok_accounts.require_owner(actor)
    row = connection.execute(_LIVE, {"of_post": post_id}).one_or_none()
    if row is None or row.account_id != account_id:
        raise NotFound(thing="Spark code")
    return _own_view(row, codes)


def find(connection: sa.Connection, codes: SparkCodes, post_id: str) -> wire.SparkCode | None:
    """Return the code of a post, or None. The caller checks whose post it is."""
    row = connection.execute(_LIVE, {"of_post": post_id}).one_or_none()
    return None if row is None else _own_view(row, codes)


def revoke(connection: sa.Connection, actor: Actor, post_id: str) -> None:
    """End the code of a post of the calling owner; ads that use it pause. Revoking twice succeeds.

    Raises:
        NotFound: the caller's account has no such post.
    """
    account_id = tiktok_accounts.require_owner(actor)
    post_service.lock(connection, post_id, account_id)
    if _revoke(connection, post_id, utc_now()):
        events.record(connection, actor, EventType.SPARK_CODE_REVOKED, account_id=account_id, data={"post_id": post_id})


_USED: Final = (
    sa.select(spark_code_uses, spark_codes.c.expires_at, spark_codes.c.revoked_at)
    .add_columns(*post_service.COLUMNS, *tiktok_accounts.ACCOUNT)
    .select_from(
        spark_code_uses.join(spark_codes, spark_codes.c.spark_code_id == spark_code_uses.c.spark_code_id)
        .join(post_service.WITH_MEDIA, posts.c.post_id == spark_codes.c.post_id)
        .join(accounts, accounts.c.account_id == spark_codes.c.account_id)
    )
    .order_by(spark_codes.c.spark_code_id.desc())
)


def _used_view(row: sa.Row[Any], links: MediaLinks | None) -> wire.SparkPost:
    return wire.SparkPost(
        spark_code_id=row.spark_code_id,
        advertiser_id=row.advertiser_id,
        account=tiktok_accounts.account_of(row),
        post=post_service.view(row, links),
        state=_state(row, utc_now()),
        expires_at=row.expires_at,
        authorized_by=row.authorized_by,
        authorized_at=row.authorized_at,
    )


def authorize(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    advertiser_id: str,
    auth_code: str,
    links: MediaLinks | None = None,
) -> wire.SparkPost:
    """Let an ad account use the post behind a code; a repetition succeeds. `guesses.counted` limits guesses.

    Raises:
        NotFound, AdAccountRoleRequired: see `ad_accounts.members.require_role`; for operators and admins.
        SparkCodeNotFound, SparkCodeOver, PostNotUsable.
    """
    ad_account = ad_account_roles.require_role(connection, actor, bc_id, advertiser_id, AdRole.OPERATOR)
    row = _by_code(connection, auth_code)
    use = {
        "advertiser_id": advertiser_id,
        "spark_code_id": row.spark_code_id,
        "bc_id": bc_id,
        "authorized_by": actor.name,
        "authorized_at": utc_now(),
    }
    if insert_if_absent(connection, spark_code_uses, use):
        data = {"post_id": row.post_id, "advertiser_id": advertiser_id, "name": ad_account.name}
        events.record(connection, actor, EventType.SPARK_CODE_USED, bc_id=bc_id, account_id=row.account_id, data=data)
    this = spark_code_uses.c.spark_code_id == row.spark_code_id
    return _used_view(_one_use(connection, advertiser_id, this), links)


def _by_code(connection: sa.Connection, auth_code: str) -> sa.Row[Any]:
    """Return an active code, locked against revoking until the commit."""
    query = (
        sa.select(spark_codes, posts.c.private, posts.c.deleted_at)
        .join(posts, posts.c.post_id == spark_codes.c.post_id)
        .where(spark_codes.c.code_hash == code_hash(auth_code))
        .with_for_update(of=spark_codes)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise SparkCodeNotFound
    _require_active(row)
    if row.private or row.deleted_at is not None:
        raise PostNotUsable(why="The creator has made this post private or deleted it. Ask for another post.")
    return row


def _one_use(connection: sa.Connection, advertiser_id: str, which: sa.ColumnElement[bool]) -> sa.Row[Any]:
    query = _USED.where(spark_code_uses.c.advertiser_id == advertiser_id, which).limit(1)
    return or_not_found(connection.execute(query).one_or_none(), thing="post by Spark code")


def list_for_advertiser(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    advertiser_id: str,
    *,
    cursor: str | None = None,
    limit: int = 50,
    links: MediaLinks | None = None,
) -> wire.Page[wire.SparkPost]:
    """Return the posts that an ad account uses by Spark code, newest code first, including ended codes.

    Raises:
        NotFound, AdAccountRoleRequired: any role on the ad account is enough.
    """
    ad_account_roles.require_role(connection, actor, bc_id, advertiser_id, AdRole.ANALYST)
    query = _USED.where(spark_code_uses.c.advertiser_id == advertiser_id)
    rows, following = newest_first(connection, query, spark_codes.c.spark_code_id, cursor, limit)
    return wire.Page[wire.SparkPost](items=[_used_view(row, links) for row in rows], next_cursor=following)


def list_from(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    advertiser_id: str,
    *,
    start: int,
    limit: int,
    links: MediaLinks | None = None,
) -> tuple[list[wire.SparkPost], int]:
    """Return the posts of `list_for_advertiser` from position `start` on, and their total number."""
    ad_account_roles.require_role(connection, actor, bc_id, advertiser_id, AdRole.ANALYST)
    mine = spark_code_uses.c.advertiser_id == advertiser_id
    total = connection.execute(sa.select(sa.func.count()).select_from(spark_code_uses).where(mine)).scalar_one()
    if start >= total:
        return [], total
    rows = connection.execute(_USED.where(mine).offset(start).limit(limit))
    return [_used_view(row, links) for row in rows], total


def list_accounts(
    connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str, *, start: int, limit: int
) -> tuple[list[wire.Account], int]:
    """Return the accounts, from position `start`, whose posts an ad account may now use by Spark code; and the total.

    Raises:
        NotFound, AdAccountRoleRequired: any role on the ad account is enough.
    """
    ad_account_roles.require_role(connection, actor, bc_id, advertiser_id, AdRole.ANALYST)
    active = spark_codes.c.revoked_at.is_(None) & (spark_codes.c.expires_at > utc_now())
    used = spark_code_uses.join(spark_codes, spark_codes.c.spark_code_id == spark_code_uses.c.spark_code_id)
    mine = (spark_code_uses.c.advertiser_id == advertiser_id) & active
    count = sa.select(sa.func.count(sa.distinct(spark_codes.c.account_id))).select_from(used).where(mine)
    total = connection.execute(count).scalar_one()
    if start >= total or not limit:
        return [], total
    newest = sa.func.max(spark_codes.c.spark_code_id).desc()
    query = sa.select(*tiktok_accounts.CARD).select_from(
        used.join(accounts, accounts.c.account_id == spark_codes.c.account_id)
    )
    rows = connection.execute(
        query.where(mine).group_by(accounts.c.account_id).order_by(newest).offset(start).limit(limit)
    )
    return [tiktok_accounts.card(row) for row in rows], total


def get_by_code(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    advertiser_id: str,
    auth_code: str,
    links: MediaLinks | None = None,
) -> wire.SparkPost:
    """Return the post behind a code that the ad account uses, even if the code has ended.

    Raises:
        NotFound, AdAccountRoleRequired: any role on the ad account is enough.
        SparkCodeNotFound: there is no such code, or the ad account does not use it.
    """
    ad_account_roles.require_role(connection, actor, bc_id, advertiser_id, AdRole.ANALYST)
    try:
        return _used_view(_one_use(connection, advertiser_id, spark_codes.c.code_hash == code_hash(auth_code)), links)
    except NotFound:
        raise SparkCodeNotFound from None


def unbind(connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str, post_id: str) -> None:
    """Stop an ad account from using a post by Spark code: its ads pause. A repetition succeeds.

    Raises:
        NotFound, AdAccountRoleRequired: see `ad_accounts.members.require_role`; for operators and admins.
    """
    ad_account = ad_account_roles.require_role(connection, actor, bc_id, advertiser_id, AdRole.OPERATOR)
    of_post = sa.select(spark_codes.c.spark_code_id).where(spark_codes.c.post_id == post_id)
    mine = (spark_code_uses.c.advertiser_id == advertiser_id) & spark_code_uses.c.spark_code_id.in_(of_post)
    if connection.execute(sa.delete(spark_code_uses).where(mine)).rowcount:
        data = {"post_id": post_id, "advertiser_id": advertiser_id, "name": ad_account.name}
        events.record(connection, actor, EventType.SPARK_CODE_UNBOUND, bc_id=bc_id, data=data)


def require_code(connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str, post_id: str) -> str:
    """Return the id of the Spark code by which an ad may use a post, locked against revoking until the commit.

    Raises:
        NotFound, AdAccountRoleRequired: see `ad_accounts.members.require_role`; for operators and admins.
        SparkCodeNotFound: the ad account has no code for the post.
        SparkCodeOver: the code has ended.
    """
    ad_account_roles.require_role(connection, actor, bc_id, advertiser_id, AdRole.OPERATOR)
    query = (
        sa.select(spark_codes)
        .join(spark_code_uses, spark_code_uses.c.spark_code_id == spark_codes.c.spark_code_id)
        .where(spark_code_uses.c.advertiser_id == advertiser_id, spark_codes.c.post_id == post_id)
        .order_by(spark_codes.c.spark_code_id.desc())
        .limit(1)
        .with_for_update(of=spark_codes)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise SparkCodeNotFound
    _require_active(row)
    return str(row.spark_code_id)
