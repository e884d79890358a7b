"""Start, use and end sessions."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa

from server import security
from server.actor import Actor
from server.auth.tables import sessions
from server.business_centers import service as business_centers
from server.business_centers.tables import users
from server.clock import utc_now
from server.database.prepared import prepared
from server.events import service as events
from server.problems import Problem
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.tables import tiktok_accounts as accounts
from shared import wire
from shared.events import EventType
from shared.problems import ProblemType

LIFETIME: Final = {"member": timedelta(hours=12), "owner": timedelta(days=14)}
IDLE: Final = timedelta(minutes=30)
NOTED_EVERY: Final = timedelta(minutes=1)  # how often use is recorded; a session may end that much too early


class NotSignedIn(Problem):
    """The request has no token."""

    type, status, title = ProblemType.NOT_SIGNED_IN, 401, "Sign in first"
    detail = "This needs a signed-in caller. Sign in, and send the token as “Authorization: Bearer TOKEN”."


class SessionOver(Problem):
    """The token is unknown or expired, or its session was ended."""

    type, status, title = ProblemType.SESSION_OVER, 401, "Your session is over"
    detail = "You were signed out, or your session has expired. Sign in again to go on."


class SessionIdle(SessionOver):
    """The console session was not used for 30 minutes."""

    title = "You were signed out"
    detail = "You were signed out because the console was not used for 30 minutes. Sign in again to go on."


class WrongCredentials(Problem):
    """Unknown name or wrong password; the two look alike on purpose."""

    type, status, title = ProblemType.WRONG_CREDENTIALS, 401, "That did not match"
    detail = "The name and the password do not match. Check both and try again."


@dataclass(frozen=True, slots=True)
class Login:
    """The stored login of somebody who may sign in."""

    kind: Literal["owner", "member"]
    subject_id: str
    name: str
    password_hash: str


def find_login(connection: sa.Connection, email: str | None, handle: str | None) -> Login | None:
    """Return the stored login of an e-mail address or a handle, or None."""
    if email is not None:
        query = sa.select(users).where(users.c.email == email.strip().lower())
        row = connection.execute(query).one_or_none()
        return None if row is None else Login("member", row.user_id, row.name, row.password_hash)
    query = sa.select(accounts).where(accounts.c.handle == tiktok_accounts.tidy_handle(handle or ""))
    row = connection.execute(query).one_or_none()
    return None if row is None else Login("owner", row.account_id, f"@{row.handle}", row.password_hash)


def start_session(
    connection: sa.Connection, login: Login, instead_of: bytes | None = None, *, ends_idle: bool = False
) -> wire.Session:
    """Start a session and return its token, which is stored only as a hash.

    `instead_of` is the token hash of the caller's old session, which ends in the same commit. With `ends_idle`, the
    new session also ends after 30 minutes without use.
    """
    if instead_of is not None:
        with suppress(SessionOver):
            end_session(connection, authenticate(connection, instead_of)[0])
    token = security.new_token()
    expires_at = utc_now() + LIFETIME[login.kind]
    row = {
        "token_hash": security.token_hash(token),
        "kind": login.kind,
        "subject_id": login.subject_id,
        "name": login.name,
        "created_at": utc_now(),
        "expires_at": expires_at,
        "last_used_at": utc_now() if ends_idle else None,
    }
    connection.execute(sa.insert(sessions), row)
    actor = Actor(login.kind, login.subject_id, login.name)
    events.record(connection, actor, EventType.SESSION_STARTED, account_id=_own_account(actor))
    return wire.Session(token=token, expires_at=expires_at, actor=describe(connection, actor))


_BY_HASH = prepared(sa.select(sessions).where(sessions.c.token_hash == sa.bindparam("of_token")))


def authenticate(connection: sa.Connection, hashed: bytes) -> tuple[Actor, datetime]:
    """Return the actor whose token has this hash, and when the session ends.

    Raises:
        SessionOver: there is no such session, or it has ended; at the instant of expiry it has.
        SessionIdle: the session was not used for too long.
    """
    row = _live_session(connection, hashed)
    return Actor(row.kind, row.subject_id, row.name, hashed), row.expires_at


def _live_session(connection: sa.Connection, hashed: bytes) -> sa.Row[Any]:
    row = _BY_HASH.one_or_none(connection, of_token=hashed)
    now = utc_now()
    if row is None or now >= row.expires_at:
        raise SessionOver
    if row.last_used_at is not None and now >= row.last_used_at + IDLE:
        raise SessionIdle
    return row


def recognise(connection: sa.Connection, hashed: bytes) -> tuple[Actor, datetime, bool]:
    """Return what `authenticate` returns, and whether it is time to record a use of the session.

    Raises:
        SessionOver, SessionIdle: see `authenticate`.
    """
    row = _live_session(connection, hashed)
    due = row.last_used_at is not None and utc_now() >= row.last_used_at + NOTED_EVERY
    return Actor(row.kind, row.subject_id, row.name, hashed), row.expires_at, due


def note_use(connection: sa.Connection, hashed: bytes) -> None:
    """Record that a session is being used; one that has idled out stays ended."""
    still_alive = sessions.c.last_used_at > utc_now() - IDLE
    used = sa.update(sessions).where(sessions.c.token_hash == hashed, still_alive)
    connection.execute(used.values(last_used_at=utc_now()))


def end_session(connection: sa.Connection, actor: Actor) -> None:
    """Sign out; signing out twice succeeds."""
    ended = connection.execute(sa.delete(sessions).where(sessions.c.token_hash == actor.session_hash))
    if ended.rowcount:
        events.record(connection, actor, EventType.SESSION_ENDED, account_id=_own_account(actor))


def delete_expired_sessions(connection: sa.Connection) -> int:
    """Delete expired sessions; return how many."""
    return connection.execute(sa.delete(sessions).where(sessions.c.expires_at <= utc_now())).rowcount


def describe(connection: sa.Connection, actor: Actor) -> wire.OwnerActor | wire.MemberActor:
    """Return the caller's own description of themselves."""
    if actor.kind == "owner":
        return wire.OwnerActor(account=tiktok_accounts.get_card(connection, actor.subject_id)[0])
    row = connection.execute(sa.select(users).where(users.c.user_id == actor.subject_id)).one()
    memberships = business_centers.list_memberships(connection, actor.subject_id)
    return wire.MemberActor(user_id=row.user_id, name=row.name, email=row.email, business_centers=memberships)


def me(connection: sa.Connection, actor: Actor, expires_at: datetime) -> wire.Me:
    """Return who is calling and when the session ends."""
    return wire.Me(actor=describe(connection, actor), expires_at=expires_at)


def _own_account(actor: Actor) -> str | None:
    return actor.subject_id if actor.kind == "owner" else None
