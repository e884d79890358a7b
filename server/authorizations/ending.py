"""End an authorization fully or partly: the owner revokes or narrows it, or the Business Center unlinks the account."""

from collections.abc import Sequence

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts import service as ad_accounts
from server.authorizations import granting, service
from server.authorizations.granting import Held
from server.authorizations.tables import account_members, authorizations
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.events import service as events
from server.problems import NotFound, Problem, or_not_found
from server.tiktok_accounts import service as tiktok_accounts
from shared import wire
from shared.events import EventType
from shared.permissions import PERMISSIONS, Permission, in_order
from shared.problems import ProblemType


class NotGrantedNow(Problem):
    """The owner wants to keep a permission that is not granted now."""

    type, status, title = ProblemType.INVALID_PERMISSIONS, 422, "Turning on needs a new code"
    detail = (
        "“{title}” is not granted now, and permissions can only be turned off here. "
        "To turn it on, ask the business for a new QR code. Nothing was changed."
    )


def revoke(connection: sa.Connection, actor: Actor, authorization_id: str) -> None:
    """End an authorization as the account's owner, immediately and without giving a reason; revoking twice succeeds.

    Raises:
        NotFound: the caller's account has no authorization with this id.
    """
    held = _lock_mine(connection, actor, authorization_id)
    if held.ended_at is None:
        _end(connection, actor, held, "owner")


def narrow(
    connection: sa.Connection, actor: Actor, authorization_id: str, wanted: Sequence[Permission]
) -> wire.Authorization:
    """Keep only the wanted permissions, as the account's owner. Keeping all of them changes nothing.

    Raises:
        NotFound: the caller's account has no authorization with this id, or it has ended.
        NotGrantedNow: a wanted permission is not granted now.
    """
    held = _lock_mine(connection, actor, authorization_id)
    if held.ended_at is not None:
        raise NotFound(thing="linked business")
    kept = in_order(wanted)
    if more := [permission for permission in kept if permission not in held.granted]:
        raise NotGrantedNow(title=PERMISSIONS[more[0]].english_title)
    if removed := [permission for permission in held.granted if permission not in kept]:
        values = {"granted": kept, "holds_gmv_max": Permission.LIVE_GMV_MAX in kept, "updated_at": utc_now()}
        mine = authorizations.c.authorization_id == authorization_id
        connection.execute(sa.update(authorizations).where(mine).values(values))
        _record(connection, actor, EventType.AUTHORIZATION_NARROWED, held, {"permissions": kept, "removed": removed})
    return service.get(connection, authorization_id)


def _lock_mine(connection: sa.Connection, actor: Actor, authorization_id: str) -> Held:
    account_id = tiktok_accounts.require_owner(actor)
    mine = (authorizations.c.authorization_id == authorization_id) & (authorizations.c.account_id == account_id)
    row = connection.execute(sa.select(authorizations).where(mine).with_for_update()).one_or_none()
    return Held.of(or_not_found(row, thing="linked business"))


def unlink(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> None:
    """End an authorization as an admin of the Business Center.

    Raises:
        AdminRoleRequired, NotFound: see `business_centers.require_admin`; NotFound also if the account is not linked.
    """
    business_centers.require_admin(connection, actor, bc_id, "unlink TikTok accounts")
    held = or_not_found(granting.lock_active(connection, bc_id, account_id), thing="linked TikTok account")
    _end(connection, actor, held, "business_center")


def _end(connection: sa.Connection, actor: Actor, held: Held, ended_by: str) -> None:
    mine = authorizations.c.authorization_id == held.authorization_id
    ended = {"ended_at": utc_now(), "ended_by": ended_by}
    connection.execute(sa.update(authorizations).where(mine).values(ended))
    ad_accounts.unlink(connection, held.bc_id, held.account_id)
    of_pair = (account_members.c.bc_id == held.bc_id) & (account_members.c.account_id == held.account_id)
    connection.execute(sa.delete(account_members).where(of_pair))
    tiktok_accounts.count_business_center_down(connection, held.account_id)
    business_centers.count_account_down(connection, held.bc_id)
    happened = EventType.AUTHORIZATION_REVOKED if ended_by == "owner" else EventType.AUTHORIZATION_UNLINKED
    _record(connection, actor, happened, held, {"permissions": held.granted})


def _record(
    connection: sa.Connection, actor: Actor, happened: EventType, held: Held, what: dict[str, list[Permission]]
) -> None:
    handle = tiktok_accounts.get_card(connection, held.account_id)[0].handle
    data = {"authorization_id": held.authorization_id, "handle": handle, **what}
    events.record(connection, actor, happened, bc_id=held.bc_id, account_id=held.account_id, data=data)
