"""List authorizations. granting.py creates them, gate.py enforces them, and ending.py ends them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts import service as ad_accounts
from server.authorizations import granting
from server.authorizations.tables import ACTIVE, authorizations
from server.business_centers import service as business_centers
from server.business_centers.tables import business_centers as centers
from server.database.prepared import Prepared, prepared
from server.events import service as events
from server.problems import or_not_found
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.tables import tiktok_accounts as accounts
from shared import wire
from shared.events import EventType
from shared.permissions import LEVELS, Level, Permission, spark_ads_ready

_ACTIVE_PAIR = prepared(
    sa.select(authorizations).where(
        authorizations.c.bc_id == sa.bindparam("of_bc"),
        authorizations.c.account_id == sa.bindparam("of_account"),
        ACTIVE,
    )
)
_VIEW = (
    sa.select(authorizations, centers.c.name.label("bc_name"), centers.c.verified.label("bc_verified"))
    .add_columns(accounts.c.handle, accounts.c.display_name, accounts.c.avatar_hue, accounts.c.verified)
    .join_from(authorizations, centers, authorizations.c.bc_id == centers.c.bc_id)
    .join(accounts, authorizations.c.account_id == accounts.c.account_id)
)
_ONE = prepared(_VIEW.where(authorizations.c.authorization_id == sa.bindparam("of_authorization")))
_NEWEST_FIRST = _VIEW.order_by(authorizations.c.authorization_id.desc()).limit(sa.bindparam("count"))
_OF_ACCOUNT = prepared(_NEWEST_FIRST.where(authorizations.c.account_id == sa.bindparam("of_account"), ACTIVE))
_OF_BUSINESS_CENTER = prepared(_NEWEST_FIRST.where(authorizations.c.bc_id == sa.bindparam("of_bc"), ACTIVE))


def _view(row: sa.Row[Any]) -> wire.Authorization:
    return wire.Authorization(
        authorization_id=row.authorization_id,
        link_request_id=row.link_request_id,
        business_center=wire.BusinessCenterCard(bc_id=row.bc_id, name=row.bc_name, verified=row.bc_verified),
        account=tiktok_accounts.card(row),
        level=Level(row.level),
        permissions=[Permission(value) for value in row.granted],
        requested=[Permission(value) for value in row.requested],
        requested_by=row.requested_by,
        granted_at=row.granted_at,
        updated_at=row.updated_at,
        ended_at=row.ended_at,
    )


def granted_now(connection: sa.Connection, bc_id: str, account_id: str) -> list[Permission] | None:
    """Return what the account grants the Business Center now, or None if they are not linked."""
    row = _ACTIVE_PAIR.one_or_none(connection, of_bc=bc_id, of_account=account_id)
    return None if row is None else [Permission(value) for value in row.granted]


def get(connection: sa.Connection, authorization_id: str) -> wire.Authorization:
    """Return one authorization, active or ended. The caller checks whose it is.

    Raises:
        NotFound: there is no authorization with this id.
    """
    return _view(or_not_found(_ONE.one_or_none(connection, of_authorization=authorization_id), thing="authorization"))


def get_for_owner(connection: sa.Connection, actor: Actor, authorization_id: str) -> wire.Authorization:
    """Return one authorization of the calling owner's account, active or ended.

    Raises:
        NotFound: the caller's account has no authorization with this id.
    """
    account_id = tiktok_accounts.require_owner(actor)
    mine = (authorizations.c.authorization_id == authorization_id) & (authorizations.c.account_id == account_id)
    row = or_not_found(connection.execute(_VIEW.where(mine)).one_or_none(), thing="linked business")
    return _view(row)


def list_for_owner(
    connection: sa.Connection, actor: Actor, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.Authorization]:
    """Return the businesses that the calling owner's account is linked to, newest first."""
    account_id = tiktok_accounts.require_owner(actor)
    rows = _page(connection, _OF_ACCOUNT, [], cursor, limit, of_account=account_id)
    following = rows[limit - 1].authorization_id if len(rows) > limit else None
    return wire.Page[wire.Authorization](items=[_view(row) for row in rows[:limit]], next_cursor=following)


def _page(
    connection: sa.Connection,
    query: Prepared[sa.Select[Any]],
    which: list[sa.ColumnElement[bool]],
    cursor: str | None,
    limit: int,
    **of: str,
) -> Sequence[sa.Row[Any]]:
    if cursor:
        which.append(authorizations.c.authorization_id < cursor)
    if which:
        return connection.execute(query.statement.where(*which), {**of, "count": limit + 1}).all()
    return query.all(connection, **of, count=limit + 1)


def list_for_business_center(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    *,
    search: str = "",
    advertiser_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> wire.Page[wire.LinkedAccount]:
    """Return the TikTok accounts linked to a Business Center, newest first.

    `search` matches the handle and the name. `advertiser_id` limits the result to accounts linked to that ad account.
    """
    business_centers.require_member(connection, actor, bc_id)
    which: list[sa.ColumnElement[bool]] = []
    if advertiser_id is not None:
        which.append(accounts.c.account_id.in_(ad_accounts.accounts_linked_to(bc_id, advertiser_id)))
    if wanted := search.strip().removeprefix("@").lower():
        in_handle = accounts.c.handle.contains(wanted, autoescape=True)
        in_name = sa.func.lower(accounts.c.display_name).contains(wanted, autoescape=True)
        as_written = accounts.c.display_name.contains(search.strip(), autoescape=True)  # SQLite lowers ASCII only
        which.append(in_handle | in_name | as_written)
    rows = _page(connection, _OF_BUSINESS_CENTER, which, cursor, limit, of_bc=bc_id)
    shown = rows[:limit]
    linked = ad_accounts.list_linked(connection, bc_id, [row.account_id for row in shown])
    items = [_linked_account(row, linked.get(row.account_id, [])) for row in shown]
    return wire.Page[wire.LinkedAccount](
        items=items, next_cursor=shown[-1].authorization_id if len(rows) > limit else None
    )


def get_linked_account(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> wire.LinkedAccount:
    """Return one TikTok account linked to a Business Center.

    Raises:
        NotFound: the account is not linked, or this is not the caller's Business Center.
    """
    business_centers.require_member(connection, actor, bc_id)
    mine = (authorizations.c.bc_id == bc_id) & (authorizations.c.account_id == account_id)
    row = or_not_found(connection.execute(_VIEW.where(mine, ACTIVE)).one_or_none(), thing="linked TikTok account")
    return _linked_account(row, ad_accounts.list_linked(connection, bc_id, [account_id]).get(account_id, []))


def _linked_account(row: sa.Row[Any], linked: list[wire.AdAccount]) -> wire.LinkedAccount:
    granted = [Permission(value) for value in row.granted]
    return wire.LinkedAccount(
        authorization_id=row.authorization_id,
        account=tiktok_accounts.card(row),
        level=Level(row.level),
        level_title=LEVELS[Level(row.level)].english_title,
        permissions=wire.PermissionSets(granted=granted, requested=[Permission(value) for value in row.requested]),
        spark_ads_ready=spark_ads_ready(granted),
        ad_accounts=linked,
        added_by=row.requested_by,
        added_at=row.granted_at,
        updated_at=row.updated_at,
    )


def link_ad_account(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, advertiser_id: str) -> None:
    """Link an ad account to a linked TikTok account; linking twice succeeds. For admins."""
    business_centers.require_admin(connection, actor, bc_id, "link ad accounts")
    or_not_found(granting.lock_active(connection, bc_id, account_id), thing="linked TikTok account")
    ad_account = ad_accounts.get(connection, bc_id, advertiser_id)
    if ad_accounts.link(connection, bc_id, account_id, advertiser_id):
        data = {"advertiser_id": advertiser_id, "name": ad_account.name}
        events.record(connection, actor, EventType.AD_ACCOUNT_LINKED, bc_id=bc_id, account_id=account_id, data=data)


def unlink_ad_account(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, advertiser_id: str) -> None:
    """Remove the link between an ad account and a TikTok account; a repetition succeeds. For admins."""
    business_centers.require_admin(connection, actor, bc_id, "unlink ad accounts")
    or_not_found(granted_now(connection, bc_id, account_id), thing="linked TikTok account")
    ad_account = ad_accounts.get(connection, bc_id, advertiser_id)
    if ad_accounts.unlink(connection, bc_id, account_id, advertiser_id):
        data = {"advertiser_id": advertiser_id, "name": ad_account.name}
        events.record(connection, actor, EventType.AD_ACCOUNT_UNLINKED, bc_id=bc_id, account_id=account_id, data=data)
