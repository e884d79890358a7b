"""How an authorization ends, whole or in part: its owner revokes or narrows it, or the Business Center unlinks it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts import service as ad_accounts
from server.authorizations import service
from server.authorizations.tables import account_members, authorizations
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.events import service as events
from server.problems import NotFound, Problem
from server.tiktok_accounts import service as tiktok_accounts
from shared import wire
from shared.events import EventType
from shared.permissions import PERMISSIONS, Permission, in_order
from shared.problems import ProblemType


class NotGrantedNow(Problem):
    """Permissions that are to stay on, but are not on."""

    type, status, title = ProblemType.INVALID_PERMISSIONS, 422, "Turning on needs a new code"
    detail = (
        "“{title}” is not granted now, and permissions can only be turned off here. "
        "To turn it on, ask the business for a new QR code. Nothing was changed."
    )


def revoke(connection: sa.Connection, actor: Actor, authorization_id: str) -> None:
    """End an authorization as the account's owner, at once and without a reason; twice is a success.

    Raises:
        NotFound: there is none with this id for the caller's account.
    """
    row = _mine_locked(connection, actor, authorization_id)
    if row.ended_at is None:
        _end(connection, actor, row, "owner")


def narrow(
    connection: sa.Connection, actor: Actor, authorization_id: str, wanted: Sequence[Permission]
) -> wire.Authorization:
    """Keep only the wanted permissions, as the account's owner, at once; keeping all of them changes nothing.

    Raises:
        NotFound: there is none with this id for the caller's account, or it has ended.
        NotGrantedNow: a wanted permission is not granted now.
    """
    row = _mine_locked(connection, actor, authorization_id)
    if row.ended_at is not None:
        raise NotFound(thing="linked business")
    kept = [permission.value for permission in in_order(wanted)]
    if more := [value for value in kept if value not in row.granted]:
        raise NotGrantedNow(title=PERMISSIONS[Permission(more[0])].english_title)
    if removed := [value for value in row.granted if value not in kept]:
        values = {"granted": kept, "holds_gmv_max": Permission.LIVE_GMV_MAX.value in kept, "updated_at": utc_now()}
        mine = authorizations.c.authorization_id == authorization_id
        connection.execute(sa.update(authorizations).where(mine).values(values))
        data = {"authorization_id": authorization_id, "permissions": kept, "removed": removed}
        data["handle"] = _handle(connection, row)
        happened = EventType.AUTHORIZATION_NARROWED
        events.record(connection, actor, happened, bc_id=row.bc_id, account_id=row.account_id, data=data)
    return service.get(connection, authorization_id)


def _mine_locked(connection: sa.Connection, actor: Actor, authorization_id: str) -> sa.Row[Any]:
    account_id = tiktok_accounts.require_owner(actor)
    mine = (authorizations.c.authorization_id == authorization_id) & (authorizations.c.account_id == account_id)
    row = connection.execute(sa.select(authorizations).where(mine).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(thing="linked business")
    return row


def unlink(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> None:
    """End an authorization as an admin of the Business Center.

    Raises:
        AdminRoleRequired, NotFound: see `business_centers.require_admin`; or the account is not linked.
    """
    business_centers.require_admin(connection, actor, bc_id, "unlink TikTok accounts")
    row = service.lock_active(connection, bc_id, account_id)
    if row is None:
        raise NotFound(thing="linked TikTok account")
    _end(connection, actor, row, "business_center")


def _end(connection: sa.Connection, actor: Actor, row: sa.Row[Any], ended_by: str) -> None:
    mine = authorizations.c.authorization_id == row.authorization_id
    ended = {"ended_at": utc_now(), "ended_by": ended_by}
    connection.execute(sa.update(authorizations).where(mine).values(ended))
    ad_accounts.unlink(connection, row.bc_id, row.account_id)
    of_pair = (account_members.c.bc_id == row.bc_id) & (account_members.c.account_id == row.account_id)
    connection.execute(sa.delete(account_members).where(of_pair))
    tiktok_accounts.count_business_center_down(connection, row.account_id)
    business_centers.count_account_down(connection, row.bc_id)
    happened = EventType.AUTHORIZATION_REVOKED if ended_by == "owner" else EventType.AUTHORIZATION_UNLINKED
    data = {"authorization_id": row.authorization_id, "permissions": row.granted, "handle": _handle(connection, row)}
    events.record(connection, actor, happened, bc_id=row.bc_id, account_id=row.account_id, data=data)


def _handle(connection: sa.Connection, row: sa.Row[Any]) -> str:
    return tiktok_accounts.get_card(connection, row.account_id)[0].handle
