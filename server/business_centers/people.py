"""Join and leave a Business Center: invitations, roles, and the rule that one admin must stay."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from server import security
from server.actor import SYSTEM, Actor
from server.business_centers import service
from server.business_centers.tables import business_centers, invitations, members, users
from server.clock import utc_now
from server.database.columns import new_id
from server.database.core import insert_if_absent, insert_or_replace
from server.events import service as events
from server.problems import NotFound, Problem, or_not_found
from shared import wire
from shared.events import EventType
from shared.problems import ProblemType

INVITATION_LIFETIME: Final = timedelta(days=7)


class LastAdmin(Problem):
    """The change would leave the Business Center without an admin, and nobody could manage it again."""

    type, status, title = ProblemType.LAST_ADMIN, 409, "The last admin has to stay"
    detail = "This is the only admin of the Business Center. Make another member an admin first. Nothing was changed."


class AlreadyAMember(Problem):
    """The invited person is already a member."""

    type, status, title = ProblemType.ALREADY_A_MEMBER, 409, "Already a member"
    detail = "{email} is a member of this Business Center already. Change the role instead, if that is what you want."


def invite(connection: sa.Connection, actor: Actor, bc_id: str, wanted: wire.Invite, origin: str) -> wire.Invitation:
    """Invite somebody. A second invitation replaces the first. For admins.

    The server sends no mail: only the answer contains the link, and the inviter passes it on.

    Raises:
        AdminRoleRequired, NotFound, AlreadyAMember.
    """
    service.require_admin(connection, actor, bc_id, "invite members")
    email = wanted.email.strip().lower()
    is_member = sa.select(users.c.user_id).join(members, members.c.user_id == users.c.user_id)
    if connection.execute(is_member.where(users.c.email == email, members.c.bc_id == bc_id)).one_or_none():
        raise AlreadyAMember(email=email)
    token = secrets.token_urlsafe(24)
    row = {
        "invitation_id": new_id(),
        "bc_id": bc_id,
        "email": email,
        "role": wanted.role.value,
        "token_hash": security.token_hash(token),
        "invited_by": actor.name,
        "created_at": utc_now(),
        "expires_at": utc_now() + INVITATION_LIFETIME,
    }
    insert_or_replace(connection, invitations, row, key=("bc_id", "email"))
    data = {"email": email, "role": wanted.role.value}
    events.record(connection, actor, EventType.MEMBER_INVITED, bc_id=bc_id, data=data)
    # The token is in the fragment, so it reaches no server log.
    return wire.Invitation(**_shown(row), url=f"{origin}/invite#{token}")


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in wire.Invitation.model_fields if name != "url"}


def list_invitations(connection: sa.Connection, actor: Actor, bc_id: str) -> wire.Page[wire.Invitation]:
    """Return the open invitations, newest first. For admins."""
    service.require_admin(connection, actor, bc_id, "see invitations")
    query = sa.select(invitations).where(invitations.c.bc_id == bc_id, invitations.c.expires_at > utc_now())
    rows = connection.execute(query.order_by(invitations.c.invitation_id.desc()))
    return wire.Page[wire.Invitation](items=[wire.Invitation(**_shown(dict(row._mapping))) for row in rows])


def withdraw(connection: sa.Connection, actor: Actor, bc_id: str, invitation_id: str) -> None:
    """Withdraw an invitation, which invalidates its link; a repetition succeeds. For admins."""
    service.require_admin(connection, actor, bc_id, "withdraw invitations")
    mine = (invitations.c.bc_id == bc_id) & (invitations.c.invitation_id == invitation_id)
    row = connection.execute(sa.delete(invitations).where(mine).returning(invitations.c.email)).one_or_none()
    if row is not None:
        events.record(connection, actor, EventType.INVITATION_WITHDRAWN, bc_id=bc_id, data={"email": row.email})


def find_invitation(connection: sa.Connection, token: str) -> tuple[str, str, bool]:
    """Return the Business Center's name and the e-mail of an open invitation, and whether the person has a login.

    Raises:
        NotFound: there is no such invitation, or it has expired.
    """
    row = _open(connection, token)
    known = sa.select(users.c.user_id).where(users.c.email == row.email)
    return row.name, row.email, connection.execute(known).one_or_none() is not None


def accept(connection: sa.Connection, token: str, name: str, password_hash: str) -> str:
    """Become a member through an invitation, which works once; return the Business Center's id.

    Somebody who has a login keeps their name and password; the link then only adds a membership.

    Raises:
        NotFound: there is no such invitation, or it has expired.
    """
    row = _open(connection, token)
    mine = invitations.c.invitation_id == row.invitation_id
    if not connection.execute(sa.delete(invitations).where(mine)).rowcount:  # withdrawn or used since we read it
        raise NotFound(thing="invitation")
    user_id = service.create_user(connection, row.email, name, password_hash)
    new = {"bc_id": row.bc_id, "user_id": user_id, "role": row.role, "added_at": utc_now()}
    if insert_if_absent(connection, members, new):
        data = {"user_id": user_id, "role": row.role, "email": row.email}
        events.record(connection, SYSTEM, EventType.MEMBER_ADDED, bc_id=row.bc_id, data=data)
    return str(row.bc_id)


def _open(connection: sa.Connection, token: str) -> sa.Row[tuple[object, ...]]:
    query = (
        sa.select(invitations, business_centers.c.name)
        .join(business_centers, business_centers.c.bc_id == invitations.c.bc_id)
        .where(invitations.c.token_hash == security.token_hash(token), invitations.c.expires_at > utc_now())
    )
    return or_not_found(connection.execute(query).one_or_none(), thing="invitation")


def set_role(connection: sa.Connection, actor: Actor, bc_id: str, user_id: str, role: wire.Role) -> None:
    """Change a member's role. For admins.

    Raises:
        AdminRoleRequired, NotFound, LastAdmin.
    """
    service.require_admin(connection, actor, bc_id, "change roles")
    row = _locked(connection, bc_id, user_id)
    if row.role == role.value:
        return
    if row.role == wire.Role.ADMIN:
        _keep_an_admin(connection, bc_id)
    mine = (members.c.bc_id == bc_id) & (members.c.user_id == user_id)
    connection.execute(sa.update(members).where(mine).values(role=role.value))
    data = {"user_id": user_id, "role": role.value}
    events.record(connection, actor, EventType.MEMBER_ROLE_CHANGED, bc_id=bc_id, data=data)


def remove(connection: sa.Connection, actor: Actor, bc_id: str, user_id: str) -> None:
    """End a membership. Each request looks up the role, so this takes effect immediately. For admins.

    The caller also removes the person's roles on ad accounts and TikTok accounts.

    Raises:
        AdminRoleRequired, NotFound, LastAdmin.
    """
    service.require_admin(connection, actor, bc_id, "remove members")
    row = _locked(connection, bc_id, user_id)
    if row.role == wire.Role.ADMIN:
        _keep_an_admin(connection, bc_id)
    mine = (members.c.bc_id == bc_id) & (members.c.user_id == user_id)
    connection.execute(sa.delete(members).where(mine))
    events.record(connection, actor, EventType.MEMBER_REMOVED, bc_id=bc_id, data={"user_id": user_id})


def keep_member(connection: sa.Connection, bc_id: str, user_id: str) -> None:
    """Lock a membership until the commit, so that a simultaneous removal sees the roles given here.

    Raises:
        NotFound: not a member of this Business Center.
    """
    mine = (members.c.bc_id == bc_id) & (members.c.user_id == user_id)
    this = sa.select(members.c.user_id).where(mine).with_for_update(read=True)
    or_not_found(connection.execute(this).one_or_none(), thing="member")


def _locked(connection: sa.Connection, bc_id: str, user_id: str) -> sa.Row[tuple[object, ...]]:
    # Lock all members, always in the same order: two admins who remove each other must not both succeed.
    query = sa.select(members).where(members.c.bc_id == bc_id).order_by(members.c.user_id).with_for_update()
    return or_not_found(
        next((row for row in connection.execute(query).all() if row.user_id == user_id), None), thing="member"
    )


def _keep_an_admin(connection: sa.Connection, bc_id: str) -> None:
    admins = (members.c.bc_id == bc_id) & (members.c.role == wire.Role.ADMIN.value)
    if connection.execute(sa.select(sa.func.count()).where(admins)).scalar_one() == 1:
        raise LastAdmin
