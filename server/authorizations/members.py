"""The second layer: which members may use a linked TikTok account, and for what."""

from typing import Final

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts import members as ad_account_roles
from server.authorizations.gate import ROLE_FOR, PermissionNotGranted, require_linked
from server.authorizations.tables import account_members
from server.business_centers import people
from server.business_centers import service as business_centers
from server.business_centers.tables import users
from server.clock import utc_now
from server.database.core import insert_or_replace
from server.events import service as events
from shared import wire
from shared.events import EventType
from shared.permissions import PERMISSIONS, Permission
from shared.wire import AccountRole

# A role needs one of these permissions to take effect; refusals name the first.
_NEEDS: Final = {
    role: tuple(permission for permission, needed in ROLE_FOR.items() if needed is role) for role in AccountRole
}


def possible_roles(granted: list[Permission]) -> list[AccountRole]:
    """Return the roles that the granted permissions allow, POST first."""
    return [role for role, needs in _NEEDS.items() if set(needs) & set(granted)]


def assign(
    connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, user_id: str, roles: list[AccountRole]
) -> None:
    """Let a member use an account in these roles, which replace earlier ones. For admins.

    Raises:
        AdminRoleRequired, NotFound.
        PermissionNotGranted: a role needs a permission that the account does not grant.
    """
    granted = _check(connection, actor, bc_id, account_id, user_id)
    possible = possible_roles(granted)
    for role in roles:
        if role not in possible:
            raise PermissionNotGranted(title=PERMISSIONS[_NEEDS[role][0]].english_title)
    kept = [role.value for role in _NEEDS if role in roles]
    key = {"bc_id": bc_id, "account_id": account_id, "user_id": user_id}
    insert_or_replace(connection, account_members, {**key, "roles": kept, "assigned_at": utc_now()})
    data = {"user_id": user_id, "name": _name(connection, user_id), "account_roles": kept}
    happened = EventType.ACCOUNT_MEMBER_ASSIGNED
    events.record(connection, actor, happened, bc_id=bc_id, account_id=account_id, data=data)


def unassign(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, user_id: str) -> None:
    """Unassign a member from an account; a repetition succeeds. For admins."""
    _check(connection, actor, bc_id, account_id, user_id)
    if _delete(connection, bc_id, account_id, user_id):
        data = {"user_id": user_id, "name": _name(connection, user_id)}
        happened = EventType.ACCOUNT_MEMBER_UNASSIGNED
        events.record(connection, actor, happened, bc_id=bc_id, account_id=account_id, data=data)


def _check(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, user_id: str) -> list[Permission]:
    business_centers.require_admin(connection, actor, bc_id, "assign members to TikTok accounts")
    granted = require_linked(connection, bc_id, account_id)
    people.keep_member(connection, bc_id, user_id)
    return granted


def _delete(connection: sa.Connection, bc_id: str, account_id: str, user_id: str) -> bool:
    assigned = account_members.c
    mine = (assigned.bc_id == bc_id) & (assigned.account_id == account_id) & (assigned.user_id == user_id)
    return connection.execute(sa.delete(account_members).where(mine)).rowcount == 1


def _name(connection: sa.Connection, user_id: str) -> str:
    return str(connection.execute(sa.select(users.c.name).where(users.c.user_id == user_id)).scalar_one())


def list_members(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> wire.Page[wire.AccountMember]:
    """Return the members assigned to an account, by name. Admins of the Business Center need no assignment."""
    business_centers.require_member(connection, actor, bc_id)
    possible = possible_roles(require_linked(connection, bc_id, account_id))
    query = (
        sa.select(account_members, users.c.name, users.c.email)
        .join_from(account_members, users, account_members.c.user_id == users.c.user_id)
        .where(account_members.c.bc_id == bc_id, account_members.c.account_id == account_id)
        .order_by(users.c.name, users.c.user_id)
    )
    items = [
        wire.AccountMember(
            user_id=row.user_id,
            name=row.name,
            email=row.email,
            roles=[role for role in map(AccountRole, row.roles) if role in possible],
            assigned_at=row.assigned_at,
        )
        for row in connection.execute(query)
    ]
    return wire.Page[wire.AccountMember](items=items)


def roles_of(connection: sa.Connection, bc_id: str, account_id: str, user_id: str) -> list[AccountRole]:
    """Return a member's assigned roles, as far as the account still grants permissions for them."""
    assigned = account_members.c
    mine = (assigned.bc_id == bc_id) & (assigned.account_id == account_id) & (assigned.user_id == user_id)
    roles = connection.execute(sa.select(assigned.roles).where(mine)).scalar_one_or_none() or []
    possible = possible_roles(require_linked(connection, bc_id, account_id))
    return [role for role in map(AccountRole, roles) if role in possible]


def forget(connection: sa.Connection, bc_id: str, user_id: str) -> None:
    """Unassign somebody who leaves the Business Center from all its accounts."""
    theirs = (account_members.c.bc_id == bc_id) & (account_members.c.user_id == user_id)
    connection.execute(sa.delete(account_members).where(theirs))


def remove_from_center(connection: sa.Connection, actor: Actor, bc_id: str, user_id: str) -> None:
    """End a membership and all of the person's roles; see `people.remove` for refusals."""
    people.remove(connection, actor, bc_id, user_id)
    ad_account_roles.forget(connection, bc_id, user_id)
    forget(connection, bc_id, user_id)
