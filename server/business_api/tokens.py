"""Access tokens of the Business API: each acts in the name of one member, in one Business Center.

A token has no rights of its own. It can do what its member can do at the moment of the call.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from server import security
from server.actor import Actor
from server.business_api.envelope import Code, Refused
from server.business_api.tables import access_tokens
from server.business_centers import service as business_centers
from server.business_centers.tables import members, users
from server.clock import utc_now
from server.database.columns import new_id
from server.database.pages import newest_first
from server.database.prepared import prepared
from server.events import service as events
from server.problems import or_not_found
from shared import wire
from shared.events import EventType
from shared.wire import TokenState as State

EMPTY = "Access token is null, you should set it in http header with key Access-Token."


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller, according to the token."""

    actor: Actor
    bc_id: str
    token_id: str


def _has_left(row: sa.Row[Any]) -> bool:
    # Leaving ends a member's tokens for good. A member who is invited back needs new ones.
    return row.joined_at is None or row.created_at < row.joined_at


def _state(row: sa.Row[Any], now: datetime) -> State:
    if row.revoked_at is not None or _has_left(row):
        return State.REVOKED
    return State.EXPIRED if row.expires_at is not None and row.expires_at <= now else State.ACTIVE


def _view(row: sa.Row[Any]) -> wire.AccessToken:
    names = (name for name in wire.AccessToken.model_fields if name != "state")
    return wire.AccessToken(**{name: getattr(row, name) for name in names}, state=_state(row, utc_now()))


_MEMBERSHIP = (members.c.user_id == access_tokens.c.user_id) & (members.c.bc_id == access_tokens.c.bc_id)
_JOINED_AT = members.c.added_at.label("joined_at")
_VIEW = (
    sa.select(access_tokens, users.c.name.label("user_name"), _JOINED_AT)
    .join_from(access_tokens, users, users.c.user_id == access_tokens.c.user_id)
    .outerjoin(members, _MEMBERSHIP)
)


def create(connection: sa.Connection, actor: Actor, bc_id: str, wanted: wire.CreateAccessToken) -> wire.NewAccessToken:
    """Make a token in the caller's own name. For every member: a token can do no more than its maker.

    Raises:
        NotFound, WrongKindOfSession: see `business_centers.require_member`.
    """
    business_centers.require_member(connection, actor, bc_id)
    days = wanted.lifetime_days
    return issue(connection, actor, bc_id, wanted.name, None if days is None else timedelta(days=days))


def issue(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    name: str,
    lifetime: timedelta | None = None,
    app_id: str | None = None,
) -> wire.NewAccessToken:
    """Make a token for a member, or for a developer app in the member's name. Callers check permissions first."""
    token, now = security.new_token(), utc_now()
    row = {
        "token_id": new_id(),
        "bc_id": bc_id,
        "user_id": actor.subject_id,
        "app_id": app_id,
        "name": name,
        "token_hash": security.token_hash(token),
        "hint": token[-4:],
        "created_at": now,
        "expires_at": None if lifetime is None else now + lifetime,
    }
    connection.execute(sa.insert(access_tokens), row)
    made = connection.execute(_VIEW.where(access_tokens.c.token_id == row["token_id"])).one()
    data = {"token_id": row["token_id"], "name": name, "hint": row["hint"]} | ({"app_id": app_id} if app_id else {})
    events.record(connection, actor, EventType.ACCESS_TOKEN_CREATED, bc_id=bc_id, data=data)
    return wire.NewAccessToken(**_view(made).model_dump(), token=token)


def list_tokens(
    connection: sa.Connection, actor: Actor, bc_id: str, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.AccessToken]:
    """Return tokens, newest first, ended ones included. Admins see all in the Business Center, others their own."""
    query = _VIEW.where(_seen_by(connection, actor, bc_id))
    rows, following = newest_first(connection, query, access_tokens.c.token_id, cursor, limit)
    return wire.Page[wire.AccessToken](items=[_view(row) for row in rows], next_cursor=following)


def _seen_by(connection: sa.Connection, actor: Actor, bc_id: str) -> sa.ColumnElement[bool]:
    membership = business_centers.require_member(connection, actor, bc_id)
    of_center = access_tokens.c.bc_id == bc_id
    return (
        of_center if membership.role is wire.Role.ADMIN else of_center & (access_tokens.c.user_id == actor.subject_id)
    )


def revoke(connection: sa.Connection, actor: Actor, bc_id: str, token_id: str) -> None:
    """Revoke a token immediately; repeating this succeeds. Admins can revoke any in the center, others only their own.

    Raises:
        NotFound: the token does not exist, or the caller may not revoke it.
    """
    this = _seen_by(connection, actor, bc_id) & (access_tokens.c.token_id == token_id)
    row = or_not_found(connection.execute(sa.select(access_tokens).where(this)).one_or_none(), thing="access token")
    end(connection, actor, row)


def end(connection: sa.Connection, actor: Actor, row: sa.Row[Any]) -> None:
    """Revoke the token of a row. Callers check permissions first."""
    this = (access_tokens.c.token_id == row.token_id) & access_tokens.c.revoked_at.is_(None)
    if connection.execute(sa.update(access_tokens).where(this).values(revoked_at=utc_now())).rowcount:
        data = {"token_id": row.token_id, "name": row.name, "hint": row.hint}
        events.record(connection, actor, EventType.ACCESS_TOKEN_REVOKED, bc_id=row.bc_id, data=data)


_BY_HASH = prepared(
    sa.select(
        access_tokens.c.token_id,
        access_tokens.c.bc_id,
        access_tokens.c.user_id,
        access_tokens.c.app_id,
        access_tokens.c.created_at,
        access_tokens.c.expires_at,
        access_tokens.c.revoked_at,
        users.c.name.label("user_name"),
        _JOINED_AT,
    )
    .join_from(access_tokens, users, users.c.user_id == access_tokens.c.user_id)
    .outerjoin(members, _MEMBERSHIP)
    .where(access_tokens.c.token_hash == sa.bindparam("of_token"))
)


def find(connection: sa.Connection, token: str) -> sa.Row[Any] | None:
    """Return the row of a token, valid or not, or None if the token is unknown."""
    return _BY_HASH.one_or_none(connection, of_token=security.token_hash(token))


def authenticate(row: sa.Row[Any] | None) -> Caller:
    """Return the caller for the row of a token, as `find` returns it.

    Raises:
        Refused: 40105 the token is unknown or revoked, or its member has left; 40102 it has expired.
    """
    if row is None:
        raise Refused(Code.TOKEN_BAD, "The access token is not known here. Copy it again, or make a new one.")
    if row.revoked_at is None and row.joined_at is None:
        raise Refused(Code.TOKEN_BAD, f"{row.user_name} is no longer a member, so this access token is not accepted.")
    if row.revoked_at is None and _has_left(row):
        raise Refused(Code.TOKEN_BAD, f"The access token ended when {row.user_name} left. Make a new one.")
    if (state := _state(row, utc_now())) is State.REVOKED:
        raise Refused(Code.TOKEN_BAD, "The access token was revoked. Make a new one.")
    if state is State.EXPIRED:
        raise Refused(Code.TOKEN_EXPIRED, "The access token has expired. Make a new one.")
    return Caller(Actor("member", row.user_id, row.user_name), row.bc_id, row.token_id)
