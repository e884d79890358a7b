"""Who belongs to which Business Center, and the membership check that keeps Business Centers apart."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.actor import SYSTEM, Actor
from server.business_centers.tables import ACCOUNT_LIMIT, business_centers, members, users
from server.clock import utc_now
from server.database.columns import new_id
from server.database.prepared import prepared
from server.events import service as events
from server.problems import NotFound, Problem
from shared import wire
from shared.events import EventType
from shared.problems import ProblemType


class AdminRoleRequired(Problem):
    """A standard member tried something that only an admin may do."""

    type, status, title = ProblemType.ADMIN_ROLE_REQUIRED, 403, "Only an admin can do this"
    detail = (
        "You are a standard member of {name}. Only members with the Admin role can {what}. "
        "Ask one of your admins to do it, or to change your role."
    )


class WrongKindOfSession(Problem):
    """An owner called an operation for members, or the other way round."""

    type, status, title = ProblemType.WRONG_KIND_OF_SESSION, 403, "This session cannot do that"
    detail = "You are signed in as {is_a}, and this is for {needs}. Sign in with the other kind of login."


class BusinessCenterLimitReached(Problem):
    """The Business Center has 800 accounts already."""

    type, status, title = ProblemType.BUSINESS_CENTER_LIMIT_REACHED, 409, "The Business Center is full"
    detail = (
        "This Business Center already has {limit} TikTok accounts, the most it can have. "
        "It has to unlink one before it can add another. Nothing was granted."
    )


class WhichAdmin(Problem):
    """A shell command cannot tell which admin to act as."""

    type, status, title = ProblemType.NOT_FOUND, 404, "Which admin?"
    detail = "{why}"


@dataclass(frozen=True, slots=True)
class NewAdmin:
    """Somebody to make an admin. `center` is the name of a Business Center, which is created if it is new."""

    email: str
    name: str
    center: str
    password_hash: str


_MEMBERSHIP = (
    sa.select(business_centers.c.bc_id, business_centers.c.name, members.c.role)
    .join_from(members, business_centers, members.c.bc_id == business_centers.c.bc_id)
    .where(members.c.user_id == sa.bindparam("of_user"))
)
_ONE_MEMBERSHIP = prepared(_MEMBERSHIP.where(members.c.bc_id == sa.bindparam("of_bc")))
_COUNT_UP = prepared(
    sa.update(business_centers)
    .where(business_centers.c.bc_id == sa.bindparam("of_bc"), business_centers.c.account_count < ACCOUNT_LIMIT)
    .values(account_count=business_centers.c.account_count + 1)
)


def require_member(connection: sa.Connection, actor: Actor, bc_id: str) -> wire.Membership:
    """Return the caller's membership; every operation on a Business Center starts here.

    Raises:
        NotFound: there is no such Business Center, or the caller is not a member; the two look alike.
        WrongKindOfSession: the caller is an account owner.
    """
    if actor.kind != "member":
        raise WrongKindOfSession(is_a="an account owner", needs="members of a Business Center")
    row = _ONE_MEMBERSHIP.one_or_none(connection, of_user=actor.subject_id, of_bc=bc_id)
    if row is None:
        raise NotFound(thing="Business Center")
    return wire.Membership(bc_id=row.bc_id, name=row.name, role=wire.Role(row.role))


def require_admin(connection: sa.Connection, actor: Actor, bc_id: str, what: str) -> wire.Membership:
    """Return the caller's membership if it has the Admin role; `what` completes "can ...".

    Raises:
        NotFound, WrongKindOfSession: see `require_member`.
        AdminRoleRequired: the caller is a standard member.
    """
    membership = require_member(connection, actor, bc_id)
    if membership.role is not wire.Role.ADMIN:
        raise AdminRoleRequired(name=membership.name, what=what)
    return membership


def list_memberships(connection: sa.Connection, user_id: str) -> list[wire.Membership]:
    """Return one person's memberships, by name of the Business Center."""
    rows = connection.execute(_MEMBERSHIP.order_by(business_centers.c.name), {"of_user": user_id})
    return [wire.Membership(bc_id=row.bc_id, name=row.name, role=wire.Role(row.role)) for row in rows]


_CENTERS_OF = (
    sa.select(business_centers, members.c.role)
    .join_from(members, business_centers, members.c.bc_id == business_centers.c.bc_id)
    .where(members.c.user_id == sa.bindparam("of_user"))
)


def _center(row: sa.Row[tuple[object, ...]]) -> wire.BusinessCenter:
    return wire.BusinessCenter(**row._mapping, account_limit=ACCOUNT_LIMIT)


def list_for(connection: sa.Connection, actor: Actor) -> wire.Page[wire.BusinessCenter]:
    """Return the caller's Business Centers, by name, on one page: nobody has very many."""
    if actor.kind != "member":
        raise WrongKindOfSession(is_a="an account owner", needs="members of a Business Center")
    rows = connection.execute(_CENTERS_OF.order_by(business_centers.c.name), {"of_user": actor.subject_id})
    return wire.Page[wire.BusinessCenter](items=[_center(row) for row in rows])


def get(connection: sa.Connection, actor: Actor, bc_id: str) -> wire.BusinessCenter:
    """Return one Business Center."""
    require_member(connection, actor, bc_id)
    query = _CENTERS_OF.where(business_centers.c.bc_id == bc_id)
    return _center(connection.execute(query, {"of_user": actor.subject_id}).one())


def list_members(
    connection: sa.Connection, actor: Actor, bc_id: str, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.Member]:
    """Return the members of a Business Center, by name. The cursor is the previous member's "name|user_id"."""
    require_member(connection, actor, bc_id)
    query = (
        sa.select(users.c.user_id, users.c.name, users.c.email, members.c.role)
        .join_from(members, users, members.c.user_id == users.c.user_id)
        .where(members.c.bc_id == bc_id)
        .order_by(users.c.name, users.c.user_id)
    )
    if cursor:
        name, _, user_id = cursor.rpartition("|")
        query = query.where(sa.tuple_(users.c.name, users.c.user_id) > (name, user_id))
    rows = connection.execute(query.limit(limit + 1)).all()
    following = f"{rows[limit - 1].name}|{rows[limit - 1].user_id}" if len(rows) > limit else None
    return wire.Page[wire.Member](items=[wire.Member(**row._mapping) for row in rows[:limit]], next_cursor=following)


def list_events(
    connection: sa.Connection, actor: Actor, bc_id: str, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.EventRow]:
    """Return the audit log of a Business Center, newest first. For admins."""
    require_admin(connection, actor, bc_id, "read the activity log")
    return events.list_for_business_center(connection, bc_id, cursor=cursor, limit=limit)


def list_events_of_account(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> list[wire.EventRow]:
    """Return the newest events of one TikTok account in a Business Center. For admins."""
    require_admin(connection, actor, bc_id, "read the activity log")
    return [event for event in events.list_for_account(connection, account_id) if event.bc_id == bc_id]


def count_account_up(connection: sa.Connection, bc_id: str) -> None:
    """Take one of the 800 places; the limit is exact under concurrency. Call it last but one in a transaction.

    Raises:
        BusinessCenterLimitReached: no place is left.
    """
    if _COUNT_UP.run(connection, of_bc=bc_id) != 1:
        raise BusinessCenterLimitReached(limit=ACCOUNT_LIMIT)


def count_account_down(connection: sa.Connection, bc_id: str) -> None:
    """Give one place back."""
    down = business_centers.c.account_count - 1
    connection.execute(sa.update(business_centers).where(business_centers.c.bc_id == bc_id).values(account_count=down))


def create(connection: sa.Connection, name: str, *, verified: bool = False) -> str:
    """Create a Business Center and return its id."""
    bc_id = new_id()
    row = {"bc_id": bc_id, "name": name, "verified": verified, "account_count": 0, "created_at": utc_now()}
    connection.execute(sa.insert(business_centers), row)
    events.record(connection, SYSTEM, EventType.BUSINESS_CENTER_CREATED, bc_id=bc_id, data={"name": name})
    return bc_id


def create_user(connection: sa.Connection, email: str, name: str, password_hash: str) -> str:
    """Create a person who can sign in, or find the one who has this e-mail; return the id."""
    email = email.strip().lower()
    found = connection.execute(sa.select(users.c.user_id).where(users.c.email == email)).scalar_one_or_none()
    if found is not None:
        return str(found)
    row = {"user_id": new_id(), "email": email, "name": name, "password_hash": password_hash, "created_at": utc_now()}
    connection.execute(sa.insert(users), row)
    return str(row["user_id"])


def add_member(connection: sa.Connection, bc_id: str, user_id: str, role: wire.Role) -> None:
    """Make a person a member."""
    row = {"bc_id": bc_id, "user_id": user_id, "role": role.value, "added_at": utc_now()}
    connection.execute(sa.insert(members), row)
    data = {"user_id": user_id, "role": role.value}
    events.record(connection, SYSTEM, EventType.MEMBER_ADDED, bc_id=bc_id, data=data)


def create_admin(connection: sa.Connection, wanted: NewAdmin) -> str:
    """Create an admin, and the Business Center if none has that name; return the center's id.

    An existing member becomes an admin and keeps the old password.
    """
    found = connection.execute(sa.select(business_centers.c.bc_id).where(business_centers.c.name == wanted.center))
    bc_id = found.scalar_one_or_none() or create(connection, wanted.center)
    user_id = create_user(connection, wanted.email, wanted.name, wanted.password_hash)
    mine = (members.c.bc_id == bc_id) & (members.c.user_id == user_id)
    if connection.execute(sa.update(members).where(mine).values(role=wire.Role.ADMIN.value)).rowcount == 0:
        add_member(connection, bc_id, user_id, wire.Role.ADMIN)
    return bc_id


def find_admin(connection: sa.Connection, bc_id: str | None, email: str | None) -> tuple[str, str, str]:
    """Return (user id, name, bc_id) of the admin that a shell command acts as; `bc_id` may be a name, too.

    Raises:
        WhichAdmin: no admin matches, or there are several Business Centers to choose from.
    """
    query = (
        sa.select(users.c.user_id, users.c.name, members.c.bc_id, business_centers.c.name.label("center"))
        .join_from(members, users, members.c.user_id == users.c.user_id)
        .join(business_centers, members.c.bc_id == business_centers.c.bc_id)
        .where(members.c.role == wire.Role.ADMIN.value)
        .order_by(members.c.added_at, users.c.user_id)
    )
    if bc_id is not None:
        query = query.where((members.c.bc_id == bc_id) | (business_centers.c.name == bc_id))
    if email is not None:
        query = query.where(users.c.email == email.strip().lower())
    rows = connection.execute(query).all()
    if not rows:
        raise WhichAdmin(
            why="No member with the Admin role matches. Choose another one, or create one: sparklink create-admin"
        )
    if len(centers := {row.bc_id: row.center for row in rows}) > 1:
        choices = ", ".join(f"--bc {found} ({name})" for found, name in centers.items())
        raise WhichAdmin(why=f"There are several Business Centers. Choose one: {choices}")
    return rows[0].user_id, rows[0].name, rows[0].bc_id
