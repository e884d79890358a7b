"""The admin's side of a link request: make, show, renew and cancel it; also expire it."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from server.actor import SYSTEM, Actor
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.database.columns import new_id
from server.database.pages import newest_first
from server.database.prepared import prepared
from server.events import service as events
from server.link_requests.states import (
    ON_SCREEN_SECONDS,
    OPEN,
    TO_SEND_LIMIT_SECONDS,
    TO_SEND_SECONDS,
    LinkRequest,
    require_open,
    selection,
)
from server.link_requests.tables import IS_OPEN, WITH_CENTER, link_requests
from server.problems import Problem, or_not_found
from server.security import LinkCodes
from server.tiktok_accounts import service as tiktok_accounts
from shared import qr, wire
from shared.events import EventType
from shared.problems import ProblemType
from shared.wire import LinkRequestState as State


class InvalidLifetime(Problem):
    """The code would live too long for one without a named account."""

    type, status, title = ProblemType.INVALID_LIFETIME, 422, "The code would live too long"
    detail = (
        "A code that lives longer than {limit} seconds can be passed on, so it needs the handle of the account it is "
        "meant for (for_handle). Give the handle, or choose a shorter lifetime."
    )


class UnknownHandle(Problem):
    """The account that the code is meant for does not exist."""

    type, status, title = ProblemType.UNKNOWN_HANDLE, 422, "There is no such account"
    detail = "There is no TikTok account with the handle @{handle}. Check the spelling, or leave the handle out."


def create(
    connection: sa.Connection, actor: Actor, codes: LinkCodes, bc_id: str, wanted: wire.CreateLinkRequest
) -> wire.LinkRequest:
    """Make a link request and its code. For admins.

    Raises:
        AdminRoleRequired, NotFound: see `business_centers.require_admin`.
        InvalidSelection, InvalidLifetime, UnknownHandle.
    """
    business_centers.require_admin(connection, actor, bc_id, "make QR codes")
    permissions = selection(wanted.permissions)
    account = _meant_for(connection, wanted.for_handle)
    lifetime = _lifetime(wanted.lifetime_seconds, addressed=account is not None)
    link_request_id = new_id()
    now = utc_now()
    row = {
        "link_request_id": link_request_id,
        "bc_id": bc_id,
        "state": State.PENDING.value,
        "level": wanted.level.value,
        "permissions": [permission.value for permission in permissions],
        "message": wanted.message or None,
        "for_account_id": account and account.account_id,
        "requested_by_user_id": actor.subject_id,
        "requested_by": actor.name,
        "generation": 1,
        "lifetime_seconds": lifetime,
        "created_at": now,
        "expires_at": now + timedelta(seconds=lifetime),
        **_hashes(codes, link_request_id, 1, lifetime),
    }
    connection.execute(sa.insert(link_requests), row)
    data = {"link_request_id": link_request_id, "permissions": row["permissions"]}
    events.record(connection, actor, EventType.LINK_REQUEST_CREATED, bc_id=bc_id, data=data)
    return get(connection, actor, codes, bc_id, link_request_id)


def _meant_for(connection: sa.Connection, handle: str | None) -> wire.Account | None:
    if handle is None or not tiktok_accounts.tidy_handle(handle):
        return None
    account = tiktok_accounts.find_by_handle(connection, handle)
    if account is None:
        raise UnknownHandle(handle=tiktok_accounts.tidy_handle(handle))
    return account


def _lifetime(seconds: int | None, *, addressed: bool) -> int:
    if addressed:
        return min(seconds or TO_SEND_SECONDS, TO_SEND_LIMIT_SECONDS)
    if (seconds or 0) > ON_SCREEN_SECONDS:
        raise InvalidLifetime(limit=ON_SCREEN_SECONDS)
    return seconds or ON_SCREEN_SECONDS


def _hashes(codes: LinkCodes, link_request_id: str, generation: int, lifetime: int) -> dict[str, bytes | None]:
    # A typed code is weaker than a scanned one, so only requests for the screen have one.
    typed = codes.typed_hash(codes.typed(link_request_id, generation)) if lifetime <= ON_SCREEN_SECONDS else None
    return {"code_hash": codes.code_hash(codes.code(link_request_id, generation)), "typed_hash": typed}


def get(
    connection: sa.Connection, actor: Actor, codes: LinkCodes, bc_id: str, link_request_id: str
) -> wire.LinkRequest:
    """Return one link request with its code. For admins.

    Raises:
        AdminRoleRequired, NotFound.
    """
    business_centers.require_admin(connection, actor, bc_id, "see QR codes")
    request = _find(connection, bc_id, link_request_id)
    return _view(request, codes, _cards(connection, [request]))


_OF_CENTER = WITH_CENTER.where(
    link_requests.c.bc_id == sa.bindparam("of_bc"), link_requests.c.link_request_id == sa.bindparam("of_request")
)
_ONE = prepared(_OF_CENTER)
_ONE_LOCKED = prepared(_OF_CENTER.with_for_update(of=link_requests))


def _find(connection: sa.Connection, bc_id: str, link_request_id: str, *, lock: bool = False) -> LinkRequest:
    query = _ONE_LOCKED if lock else _ONE
    row = or_not_found(query.one_or_none(connection, of_bc=bc_id, of_request=link_request_id), thing="link request")
    return LinkRequest.of(row)


def _cards(connection: sa.Connection, requests: list[LinkRequest]) -> dict[str, wire.Account]:
    named = {name for one in requests for name in (one.for_account_id, one.scanned_by, one.decided_by) if name}
    return tiktok_accounts.list_cards(connection, named)


def _view(request: LinkRequest, codes: LinkCodes, cards: dict[str, wire.Account]) -> wire.LinkRequest:
    state = request.state
    is_open = state in OPEN
    typed = codes.typed(request.link_request_id, request.generation) if is_open and request.has_typed_code else None
    return wire.LinkRequest(
        link_request_id=request.link_request_id,
        bc_id=request.bc_id,
        state=state,
        level=request.level,
        permissions=request.permissions,
        granted=request.granted,
        message=request.message,
        for_handle=cards[request.for_account_id].handle if request.for_account_id else None,
        requested_by=request.requested_by,
        scanned_by=cards.get(request.scanned_by or ""),
        decided_by=cards.get(request.decided_by or ""),
        authorization_id=request.authorization_id,
        generation=request.generation,
        url=codes.url(request.link_request_id, request.generation) if is_open else None,
        typed_code=qr.format_typed(typed) if typed else None,
        lifetime_seconds=request.lifetime_seconds,
        created_at=request.created_at,
        expires_at=request.expires_at,
        decided_at=request.decided_at,
    )


def list_for_business_center(
    connection: sa.Connection,
    actor: Actor,
    codes: LinkCodes,
    bc_id: str,
    *,
    only_open: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> wire.Page[wire.LinkRequest]:
    """Return the link requests of a Business Center, newest first: all, or only the open ones. For admins."""
    business_centers.require_admin(connection, actor, bc_id, "see QR codes")
    query = WITH_CENTER.where(link_requests.c.bc_id == bc_id)
    if only_open:
        query = query.where(IS_OPEN, link_requests.c.expires_at > utc_now())
    rows, following = newest_first(connection, query, link_requests.c.link_request_id, cursor, limit)
    found = [LinkRequest.of(row) for row in rows]
    cards = _cards(connection, found)
    items = [_view(request, codes, cards) for request in found]
    return wire.Page[wire.LinkRequest](items=items, next_cursor=following)


def open_code_text(connection: sa.Connection, actor: Actor, codes: LinkCodes, bc_id: str, link_request_id: str) -> str:
    """Return the text to draw as a QR code. For admins.

    Raises:
        AdminRoleRequired, NotFound.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    business_centers.require_admin(connection, actor, bc_id, "see QR codes")
    request = _find(connection, bc_id, link_request_id)
    require_open(request)
    return codes.url(link_request_id, request.generation)


def cancel(
    connection: sa.Connection, actor: Actor, codes: LinkCodes, bc_id: str, link_request_id: str
) -> wire.LinkRequest:
    """Cancel an open request; cancelling twice succeeds. For admins.

    Raises:
        AdminRoleRequired, NotFound; LinkRequestExpired, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    business_centers.require_admin(connection, actor, bc_id, "cancel QR codes")
    request = _find(connection, bc_id, link_request_id, lock=True)
    if request.stored_state is not State.CANCELLED:
        require_open(request)
        values = {"state": State.CANCELLED.value, "decided_at": utc_now()}
        _change(connection, actor, request, values, EventType.LINK_REQUEST_CANCELLED)
    return get(connection, actor, codes, bc_id, link_request_id)


def new_code(
    connection: sa.Connection,
    actor: Actor,
    codes: LinkCodes,
    bc_id: str,
    link_request_id: str,
    *,
    unscanned_generation: int | None = None,
) -> wire.LinkRequest:
    """Replace an open request's code with a new one, which has a full lifetime; the old one stops working. For admins.

    With `unscanned_generation`, this happens only if that generation is still the newest and nobody has scanned it:
    a page that renews its code must not invalidate a request that an owner is reading.

    Raises:
        AdminRoleRequired, NotFound; LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed.
    """
    business_centers.require_admin(connection, actor, bc_id, "make QR codes")
    request = _find(connection, bc_id, link_request_id, lock=True)
    state = require_open(request)
    if unscanned_generation is not None and (state, request.generation) != (State.PENDING, unscanned_generation):
        return get(connection, actor, codes, bc_id, link_request_id)
    generation = request.generation + 1
    values = {
        "state": State.PENDING.value,
        "scanned_by": None,
        "generation": generation,
        "expires_at": utc_now() + timedelta(seconds=request.lifetime_seconds),
        **_hashes(codes, link_request_id, generation, request.lifetime_seconds),
    }
    _change(connection, actor, request, values, EventType.LINK_REQUEST_RENEWED)
    return get(connection, actor, codes, bc_id, link_request_id)


def expire_due(connection: sa.Connection, limit: int = 200) -> int:
    """Mark overdue open requests as expired and record that in the log; return how many."""
    due = WITH_CENTER.where(_due()).order_by(link_requests.c.bc_id, link_requests.c.link_request_id).limit(limit)
    rows = connection.execute(due.with_for_update(of=link_requests, skip_locked=True)).all()
    for row in rows:
        values = {"state": State.EXPIRED.value}
        _change(connection, SYSTEM, LinkRequest.of(row), values, EventType.LINK_REQUEST_EXPIRED)
    return len(rows)


def any_due(connection: sa.Connection) -> bool:
    """Return whether `expire_due` has anything to do. This is a read, so an idle server writes nothing."""
    return connection.execute(sa.select(link_requests.c.link_request_id).where(_due()).limit(1)).first() is not None


def _due() -> sa.ColumnElement[bool]:
    return IS_OPEN & (link_requests.c.expires_at <= utc_now())


def _change(
    connection: sa.Connection, actor: Actor, request: LinkRequest, values: dict[str, Any], event: EventType
) -> None:
    mine = link_requests.c.link_request_id == request.link_request_id
    connection.execute(sa.update(link_requests).where(mine).values(values))
    data = {"link_request_id": request.link_request_id}
    events.record(connection, actor, event, bc_id=request.bc_id, data=data)
