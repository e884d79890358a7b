"""The admin's side of a link request: make it, show it, give it a new code, cancel it; and let it expire."""

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from server.actor import SYSTEM, Actor
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.database.columns import new_id
from server.database.prepared import prepared
from server.events import service as events
from server.link_requests.tables import OPEN, link_requests
from server.problems import NotFound, Problem
from server.security import LinkCodes
from server.tiktok_accounts import service as tiktok_accounts
from shared import qr, wire
from shared.events import EventType
from shared.permissions import InvalidPermissions, Level, Permission, check_selection
from shared.problems import ProblemType
from shared.wire import LinkRequestState as State

ON_SCREEN_SECONDS: Final = 600  # ten minutes: ASVS 5.0, 6.5.5
TO_SEND_SECONDS: Final = 86_400
TO_SEND_LIMIT_SECONDS: Final = 7 * 86_400


class InvalidSelection(Problem):
    """A set of permissions that nobody can ask for or grant."""

    type, status, title = ProblemType.INVALID_PERMISSIONS, 422, "These permissions do not go together"
    detail = "{why}"


class InvalidLifetime(Problem):
    """A code without a name on it that would live too long."""

    type, status, title = ProblemType.INVALID_LIFETIME, 422, "The code would live too long"
    detail = (
        "A code that lives longer than {limit} seconds can be sent around, so it needs the handle of the account "
        "it is meant for (for_handle). Give the handle, or a shorter lifetime."
    )


class UnknownHandle(Problem):
    """The account a code is meant for does not exist."""

    type, status, title = ProblemType.UNKNOWN_HANDLE, 422, "There is no such account"
    detail = "There is no TikTok account with the handle @{handle}. Check the spelling, or leave the handle out."


class CodeNotFound(Problem):
    """Unknown, malformed or replaced: they look alike on purpose."""

    type, status, title = ProblemType.CODE_NOT_FOUND, 404, "This code is not known"
    detail = "This code is not known here, or a newer one has replaced it. Ask for the code that is on screen now."


class LinkRequestExpired(Problem):
    """Too late; the instant of expiry counts as expired."""

    type, status, title = ProblemType.LINK_REQUEST_EXPIRED, 410, "The code has expired"
    detail = "This code has expired and nothing was granted. Ask the business for a new one."


class LinkRequestCancelled(Problem):
    """Withdrawn by the business."""

    type, status, title = ProblemType.LINK_REQUEST_CANCELLED, 409, "The request was cancelled"
    detail = "The business cancelled this request and nothing was granted. Ask for a new code if you still want it."


class LinkRequestDeclined(Problem):
    """Declined before."""

    type, status, title = ProblemType.LINK_REQUEST_DECLINED, 409, "The request was declined"
    detail = "This request was declined and nothing was granted. Ask for a new code if that was a mistake."


class LinkRequestUsed(Problem):
    """Approved before, by somebody else or for good."""

    type, status, title = ProblemType.LINK_REQUEST_USED, 409, "The code was already used"
    detail = "This code was already used, and a code works once. Ask the business for a new one."


REFUSALS: Final[dict[State, type[Problem]]] = {
    State.EXPIRED: LinkRequestExpired,
    State.CANCELLED: LinkRequestCancelled,
    State.DECLINED: LinkRequestDeclined,
    State.APPROVED: LinkRequestUsed,
}


def selection(permissions: list[Permission]) -> list[Permission]:
    """Return the permissions in catalogue order.

    Raises:
        InvalidSelection: they cannot be asked for or granted together.
    """
    try:
        return check_selection(permissions)
    except InvalidPermissions as error:
        raise InvalidSelection(why=error.args[0]) from None


def effective_state(row: sa.Row[Any]) -> State:
    """Return the state as of now: an open request whose time has come counts as expired at once."""
    state = State(row.state)
    return State.EXPIRED if state in OPEN and utc_now() >= row.expires_at else state


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
    # A typed code is weaker than a scanned one: it exists only for requests that are shown on screen.
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
    row = _row(connection, bc_id, link_request_id)
    return _view(row, codes, _cards(connection, [row]))


_OF_CENTER = sa.select(link_requests).where(
    link_requests.c.bc_id == sa.bindparam("of_bc"), link_requests.c.link_request_id == sa.bindparam("of_request")
)
_ONE = prepared(_OF_CENTER)
_ONE_LOCKED = prepared(_OF_CENTER.with_for_update())


def _row(connection: sa.Connection, bc_id: str, link_request_id: str, *, lock: bool = False) -> sa.Row[Any]:
    row = (_ONE_LOCKED if lock else _ONE).one_or_none(connection, of_bc=bc_id, of_request=link_request_id)
    if row is None:
        raise NotFound(thing="link request")
    return row


def _cards(connection: sa.Connection, rows: list[sa.Row[Any]]) -> dict[str, wire.Account]:
    named = {name for row in rows for name in (row.for_account_id, row.scanned_by, row.decided_by) if name}
    return tiktok_accounts.list_cards(connection, named)


def _view(row: sa.Row[Any], codes: LinkCodes, cards: dict[str, wire.Account]) -> wire.LinkRequest:
    state = effective_state(row)
    is_open = state in OPEN
    typed = is_open and row.typed_hash is not None
    return wire.LinkRequest(
        link_request_id=row.link_request_id,
        bc_id=row.bc_id,
        state=state,
        level=Level(row.level),
        permissions=row.permissions,
        granted=row.granted,
        message=row.message,
        for_handle=cards[row.for_account_id].handle if row.for_account_id else None,
        requested_by=row.requested_by,
        scanned_by=cards.get(row.scanned_by),
        decided_by=cards.get(row.decided_by),
        authorization_id=row.authorization_id,
        generation=row.generation,
        url=codes.url(row.link_request_id, row.generation) if is_open else None,
        typed_code=qr.format_typed(codes.typed(row.link_request_id, row.generation)) if typed else None,
        lifetime_seconds=row.lifetime_seconds,
        created_at=row.created_at,
        expires_at=row.expires_at,
        decided_at=row.decided_at,
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
    """Return the link requests of a Business Center, newest first; all, or those that wait. For admins."""
    business_centers.require_admin(connection, actor, bc_id, "see QR codes")
    query = sa.select(link_requests).where(link_requests.c.bc_id == bc_id)
    if only_open:
        query = query.where(_is_open(), link_requests.c.expires_at > utc_now())
    if cursor:
        query = query.where(link_requests.c.link_request_id < cursor)
    rows = list(connection.execute(query.order_by(link_requests.c.link_request_id.desc()).limit(limit + 1)))
    cards = _cards(connection, rows[:limit])
    items = [_view(row, codes, cards) for row in rows[:limit]]
    following = items[-1].link_request_id if len(rows) > limit else None
    return wire.Page[wire.LinkRequest](items=items, next_cursor=following)


def open_code_text(connection: sa.Connection, actor: Actor, codes: LinkCodes, bc_id: str, link_request_id: str) -> str:
    """Return the text to draw as a QR code. For admins.

    Raises:
        AdminRoleRequired, NotFound.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    view = get(connection, actor, codes, bc_id, link_request_id)
    if view.url is None:
        raise REFUSALS[view.state]
    return view.url


def cancel(
    connection: sa.Connection, actor: Actor, codes: LinkCodes, bc_id: str, link_request_id: str
) -> wire.LinkRequest:
    """Cancel an open request; cancelling twice is a success. For admins.

    Raises:
        AdminRoleRequired, NotFound; LinkRequestExpired, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    business_centers.require_admin(connection, actor, bc_id, "cancel QR codes")
    row = _row(connection, bc_id, link_request_id, lock=True)
    state = effective_state(row)
    if state in OPEN:
        values = {"state": State.CANCELLED.value, "decided_at": utc_now()}
        _change(connection, actor, row, values, EventType.LINK_REQUEST_CANCELLED)
    elif state is not State.CANCELLED:
        raise REFUSALS[state]
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
    """Replace the code of an open request by a new one with a full lifetime; the old one is dead. For admins.

    With `unscanned_generation` only if that generation is still the newest and nobody has scanned it:
    a page that renews the code it shows must not take it from under an owner who reads the request.

    Raises:
        AdminRoleRequired, NotFound; LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed.
    """
    business_centers.require_admin(connection, actor, bc_id, "make QR codes")
    row = _row(connection, bc_id, link_request_id, lock=True)
    if (state := effective_state(row)) not in OPEN:
        raise REFUSALS[state]
    if unscanned_generation is not None and (state, row.generation) != (State.PENDING, unscanned_generation):
        return get(connection, actor, codes, bc_id, link_request_id)
    generation = row.generation + 1
    values = {
        "state": State.PENDING.value,
        "scanned_by": None,
        "generation": generation,
        "expires_at": utc_now() + timedelta(seconds=row.lifetime_seconds),
        **_hashes(codes, link_request_id, generation, row.lifetime_seconds),
    }
    _change(connection, actor, row, values, EventType.LINK_REQUEST_RENEWED)
    return get(connection, actor, codes, bc_id, link_request_id)


def expire_due(connection: sa.Connection, limit: int = 200) -> int:
    """Mark open requests whose time has come as expired, and say so in the log; return how many."""
    due = _due().limit(limit).with_for_update(skip_locked=True)
    rows = connection.execute(due).all()
    for row in rows:
        _change(connection, SYSTEM, row, {"state": State.EXPIRED.value}, EventType.LINK_REQUEST_EXPIRED)
    return len(rows)


def any_due(connection: sa.Connection) -> bool:
    """Say whether there is anything for `expire_due`; a read, so that an idle server writes nothing."""
    return connection.execute(_due().limit(1)).first() is not None


def _due() -> sa.Select[Any]:
    query = sa.select(link_requests).where(_is_open(), link_requests.c.expires_at <= utc_now())
    return query.order_by(link_requests.c.bc_id, link_requests.c.link_request_id)


def _is_open() -> sa.ColumnElement[bool]:
    return link_requests.c.state.in_([sa.literal_column(repr(state.value)) for state in OPEN])


def _change(
    connection: sa.Connection, actor: Actor, row: sa.Row[Any], values: dict[str, Any], event: EventType
) -> None:
    mine = link_requests.c.link_request_id == row.link_request_id
    connection.execute(sa.update(link_requests).where(mine).values(values))
    data = {"link_request_id": row.link_request_id}
    events.record(connection, actor, event, bc_id=row.bc_id, data=data)
