"""Developer apps. A member authorizes an app, and the app exchanges the auth code for a token."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from server import security
from server.actor import Actor
from server.business_api import tokens
from server.business_api.envelope import Code, Refused
from server.business_api.tables import access_tokens, api_apps, auth_codes
from server.business_centers import service as business_centers
from server.business_centers.tables import members, users
from server.clock import utc_now
from server.database.columns import new_id
from server.database.pages import newest_first
from server.events import service as events
from server.problems import NotFound, or_not_found
from shared import wire
from shared.events import EventType

AUTH_CODE_LIFETIME: Final = timedelta(hours=1)


def _view(row: sa.Row[Any]) -> wire.ApiApp:
    return wire.ApiApp(**{name: getattr(row, name) for name in wire.ApiApp.model_fields})


def create(connection: sa.Connection, actor: Actor, bc_id: str, wanted: wire.CreateApiApp) -> wire.NewApiApp:
    """Make a developer app. Only this answer contains its secret. For admins.

    Raises:
        AdminRoleRequired, NotFound: see `business_centers.require_admin`.
    """
    business_centers.require_admin(connection, actor, bc_id, "make developer apps")
    secret = secrets.token_hex(20)
    row = {
        "app_id": new_id(),
        "bc_id": bc_id,
        "name": wanted.name,
        "secret_hash": security.token_hash(secret),
        "created_by": actor.name,
        "created_at": utc_now(),
    }
    connection.execute(sa.insert(api_apps), row)
    made = _view(_row(connection, bc_id, str(row["app_id"])))
    data = {"app_id": made.app_id, "name": made.name}
    events.record(connection, actor, EventType.API_APP_CREATED, bc_id=bc_id, data=data)
    return wire.NewApiApp(**made.model_dump(), secret=secret)


def list_apps(
    connection: sa.Connection, actor: Actor, bc_id: str, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.ApiApp]:
    """Return the developer apps of a Business Center, newest first, revoked ones included. For admins."""
    business_centers.require_admin(connection, actor, bc_id, "see developer apps")
    query = sa.select(api_apps).where(api_apps.c.bc_id == bc_id)
    rows, following = newest_first(connection, query, api_apps.c.app_id, cursor, limit)
    return wire.Page[wire.ApiApp](items=[_view(row) for row in rows], next_cursor=following)


def _row(connection: sa.Connection, bc_id: str, app_id: str, *, lock: bool = False) -> sa.Row[Any]:
    query = sa.select(api_apps).where((api_apps.c.bc_id == bc_id) & (api_apps.c.app_id == app_id))
    return or_not_found(
        connection.execute(query.with_for_update() if lock else query).one_or_none(), thing="developer app"
    )


def revoke(connection: sa.Connection, actor: Actor, bc_id: str, app_id: str) -> None:
    """Revoke a developer app and all its tokens immediately. Repeating this succeeds. For admins."""
    business_centers.require_admin(connection, actor, bc_id, "revoke developer apps")
    row = _row(connection, bc_id, app_id, lock=True)
    if row.revoked_at is not None:
        return
    now = utc_now()
    connection.execute(sa.update(api_apps).where(api_apps.c.app_id == app_id).values(revoked_at=now))
    held = (access_tokens.c.app_id == app_id) & access_tokens.c.revoked_at.is_(None)
    ended = connection.execute(sa.update(access_tokens).where(held).values(revoked_at=now)).rowcount
    data = {"app_id": app_id, "name": row.name, "tokens": ended}
    events.record(connection, actor, EventType.API_APP_REVOKED, bc_id=bc_id, data=data)


def authorize(connection: sa.Connection, actor: Actor, bc_id: str, app_id: str) -> wire.AuthCode:
    """Let a developer app act in the caller's name. Return the code it exchanges for a token. For every member.

    Raises:
        NotFound: the app does not exist here, or it was revoked.
    """
    business_centers.require_member(connection, actor, bc_id)
    app = _row(connection, bc_id, app_id)
    if app.revoked_at is not None:
        raise NotFound(thing="developer app")
    code, now = secrets.token_hex(20), utc_now()
    row = {
        "code_hash": security.token_hash(code),
        "app_id": app_id,
        "user_id": actor.subject_id,
        "created_at": now,
        "expires_at": now + AUTH_CODE_LIFETIME,
    }
    connection.execute(sa.insert(auth_codes), row)
    data = {"app_id": app_id, "name": app.name}
    events.record(connection, actor, EventType.API_APP_AUTHORIZED, bc_id=bc_id, data=data)
    return wire.AuthCode(auth_code=code, app_id=app_id, expires_at=now + AUTH_CODE_LIFETIME)


def require_app(connection: sa.Connection, app_id: str, secret: str, *, lock: bool = False) -> sa.Row[Any]:
    """Return the row of a developer app if its secret is right. With `lock`, nobody can revoke it before the commit.

    Raises:
        Refused: 40002; an unknown app, a revoked one and a wrong secret look alike.
    """
    this = (api_apps.c.app_id == app_id) & (api_apps.c.secret_hash == security.token_hash(secret))
    query = sa.select(api_apps).where(this, api_apps.c.revoked_at.is_(None))
    row = connection.execute(query.with_for_update(read=True) if lock else query).one_or_none()
    if row is None:
        raise Refused(Code.PARAMETER, "app_id and secret do not match, or the app was revoked.")
    return row


def exchange(connection: sa.Connection, app_id: str, secret: str, auth_code: str) -> tuple[Actor, str, str]:
    """Exchange an auth code for a token; only one attempt succeeds. Return the member, `bc_id` and the token.

    Raises:
        Refused: 40002 wrong app or secret; 40110 the code is unknown, used or expired, or its member has left.
    """
    # Because of the lock, a simultaneous revocation either ends the new token, too, or makes this call fail.
    app = require_app(connection, app_id, secret, lock=True)
    this = (auth_codes.c.code_hash == security.token_hash(auth_code)) & (auth_codes.c.app_id == app_id)
    unused = this & auth_codes.c.used_at.is_(None) & (auth_codes.c.expires_at > utc_now())
    code = auth_codes.c
    claim = sa.update(auth_codes).where(unused).values(used_at=utc_now()).returning(code.user_id, code.created_at)
    claimed = connection.execute(claim).one_or_none()
    member = None if claimed is None else _member_since(connection, app.bc_id, claimed.user_id, claimed.created_at)
    if member is None:
        raise Refused(
            Code.AUTH_CODE_OVER,
            "auth_code is not valid: it is unknown, expired after an hour, or was used before. Ask for a new one.",
        )
    actor = Actor("member", member.user_id, member.name)
    made = tokens.issue(connection, actor, app.bc_id, app.name, app_id=app_id)
    return actor, app.bc_id, made.token


def _member_since(connection: sa.Connection, bc_id: str, user_id: str, since: datetime) -> sa.Row[Any] | None:
    # A member who was removed and invited back since then has to authorize the app again.
    query: sa.Select[Any] = sa.select(users.c.user_id, users.c.name).join(members, members.c.user_id == users.c.user_id)
    membership = (members.c.bc_id == bc_id) & (members.c.user_id == user_id) & (members.c.added_at <= since)
    return connection.execute(query.where(membership)).one_or_none()


def revoke_token(connection: sa.Connection, app_id: str, secret: str, token: str) -> None:
    """Revoke a token for the developer app that it was issued to. Repeating this succeeds.

    Raises:
        Refused: 40002 wrong app or secret; 40105 the token was not issued to this app.
    """
    require_app(connection, app_id, secret)
    this = (access_tokens.c.token_hash == security.token_hash(token)) & (access_tokens.c.app_id == app_id)
    query = sa.select(access_tokens, users.c.name.label("user_name")).join(
        users, users.c.user_id == access_tokens.c.user_id
    )
    row = connection.execute(query.where(this)).one_or_none()
    if row is None:
        raise Refused(Code.TOKEN_BAD, "This access token is not one of this app.")
    tokens.end(connection, Actor("member", row.user_id, row.user_name), row)


def forget_codes(connection: sa.Connection) -> int:
    """Delete expired auth codes; return how many."""
    return connection.execute(sa.delete(auth_codes).where(auth_codes.c.expires_at <= utc_now())).rowcount
