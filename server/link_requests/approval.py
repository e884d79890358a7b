"""The owner's side of a link request: open a code, see who asks for what, approve or decline.

The mitigations follow RFC 10027 (cross-device flows): the approval carries a hash of what the owner was shown, a code
works once, and a code for a named account works for that account only.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.actor import SYSTEM, Actor
from server.authorizations import granting
from server.authorizations import service as authorizations
from server.clock import utc_now
from server.database.prepared import prepared
from server.events import service as events
from server.link_requests import preview
from server.link_requests.states import LinkRequest, LinkRequestUsed, require_open, selection
from server.link_requests.tables import IS_OPEN, WITH_CENTER, link_requests
from server.problems import Problem
from server.security import LinkCodes
from server.tiktok_accounts import service as tiktok_accounts
from shared import qr, wire
from shared.events import EventType
from shared.permissions import PERMISSIONS, Permission
from shared.problems import ProblemType
from shared.wire import LinkRequestState as State


class CodeNotFound(Problem):
    """The code is unknown, malformed or replaced; the three look alike on purpose."""

    type, status, title = ProblemType.CODE_NOT_FOUND, 404, "This code is not known"
    detail = (
        "This server does not know this code, or a newer one has replaced it. Ask for the code that is on screen now."
    )


class ForeignCode(Problem):
    """The code belongs to another system."""

    type, status, title = ProblemType.FOREIGN_CODE, 422, "This is not a code of this system"
    detail = "This code belongs to another system and was not opened. Scan the QR code that the business shows you."


class MeantForAnotherAccount(Problem):
    """The code is for another account. The log keeps a record of the attempt."""

    type, status, title = ProblemType.MEANT_FOR_ANOTHER_ACCOUNT, 403, "This code is for another account"
    detail = "This code was made for a different account, so this one cannot use it. Log in as the account it is for."
    commits = True


class NotAskedFor(Problem):
    """The approval grants a permission that the request does not ask for."""

    type, status, title = ProblemType.INVALID_PERMISSIONS, 422, "These permissions do not go together"
    detail = "“{title}” was not asked for, so it cannot be granted. Remove it from what you grant."


class ConsentChanged(Problem):
    """The request has changed since it was shown to the owner."""

    type, status, title = ProblemType.CONSENT_CHANGED, 409, "Something changed since you looked"
    detail = "What is asked for has changed since it was shown to you. Look at it again, then decide."


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A code as the database can find it: its hash, and which column to search."""

    hashed: bytes
    typed: bool


def read_code(text: str, codes: LinkCodes) -> ReadCode:
    """Return what to look up for a bare code (22 characters), a whole link or a typed code.

    Raises:
        ForeignCode: the text is a link to somewhere else.
        CodeNotFound: the text is none of the three.
    """
    text = text.strip()
    if qr.is_code(text):
        return ReadCode(codes.code_hash(text), typed=False)
    if typed := qr.parse_typed(text):
        return ReadCode(codes.typed_hash(typed.letters), typed=True)
    scanned = qr.parse_scanned(text, codes.origin)
    if isinstance(scanned, qr.LinkCode):
        return ReadCode(codes.code_hash(scanned.code), typed=False)
    raise ForeignCode if ":" in text else CodeNotFound


_BY_CODE = WITH_CENTER.where(link_requests.c.code_hash == sa.bindparam("hashed"))
_BY_TYPED = WITH_CENTER.where(link_requests.c.typed_hash == sa.bindparam("hashed"))
_FIND = {False: prepared(_BY_CODE), True: prepared(_BY_TYPED)}
_FIND_LOCKED = {
    False: prepared(_BY_CODE.with_for_update(of=link_requests)),
    True: prepared(_BY_TYPED.with_for_update(of=link_requests)),
}
_SCANNED = prepared(
    sa.update(link_requests)
    .where(link_requests.c.link_request_id == sa.bindparam("of_request"))
    .values(state=State.SCANNED.value, scanned_by=sa.bindparam("by"))
)
_DECIDE = prepared(
    sa.update(link_requests)
    .where(
        link_requests.c.link_request_id == sa.bindparam("of_request"),
        IS_OPEN,
        link_requests.c.expires_at > sa.bindparam("at"),
    )
    .values(
        state=sa.bindparam("outcome"),
        decided_by=sa.bindparam("by"),
        scanned_by=sa.bindparam("by"),
        decided_at=sa.bindparam("at"),
        granted=sa.bindparam("to_grant"),
        authorization_id=sa.bindparam("authorization"),
    )
)


def open_request(connection: sa.Connection, actor: Actor, read: ReadCode) -> wire.Preview:
    """Show the calling owner the request behind a code. Opening it turns `pending` into `scanned`.

    Raises:
        CodeNotFound, MeantForAnotherAccount, AccountLimitReached, BusinessCenterLimitReached.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    account_id = tiktok_accounts.require_owner(actor)
    request = _find(connection, read)
    _require_decidable(connection, actor, request)
    shown = preview.look(connection, request, account_id)
    if request.stored_state is State.PENDING or request.scanned_by != account_id:
        _SCANNED.run(connection, of_request=request.link_request_id, by=account_id)
        _record(connection, actor, request, EventType.LINK_REQUEST_SCANNED, {"handle": shown.account.handle})
    return preview.view(shown)


def check(connection: sa.Connection, actor: Actor, read: ReadCode, link_request_id: str) -> wire.StillOpen:
    """Confirm that the request on the calling owner's screen is still open, without changing or recording anything.

    Raises:
        CodeNotFound: the code was replaced, or it is for another account.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    account_id = tiktok_accounts.require_owner(actor)
    request = _find(connection, read, link_request_id, lock=False)
    if request.for_account_id not in (None, account_id):
        raise CodeNotFound
    return wire.StillOpen(state=require_open(request), expires_at=request.expires_at)


def approve(
    connection: sa.Connection, actor: Actor, read: ReadCode, link_request_id: str, wanted: wire.Approve
) -> wire.Authorization:
    """Grant what was shown, or less. Exactly one of any number of concurrent approvals wins.

    If the winner repeats the approval, it gets the first result again, because a lost answer must not turn into a
    refusal. Once the authorization has ended, a repeat is refused: nothing is granted any more.

    Raises:
        CodeNotFound, MeantForAnotherAccount, ConsentChanged, InvalidSelection, PermissionOccupied.
        AccountLimitReached, BusinessCenterLimitReached.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    account_id = tiktok_accounts.require_owner(actor)
    request = _find(connection, read, link_request_id)
    if request.stored_state is State.APPROVED and request.decided_by == account_id:
        return _first_result(connection, request)
    _require_decidable(connection, actor, request)
    shown = preview.look(connection, request, account_id)
    consent_hash = preview.consent_hash(shown)
    if consent_hash != wanted.consent_hash:
        raise ConsentChanged
    granted = _granted(request, wanted.permissions)
    grant = granting.Grant(
        business_center=request.business_center,
        account=shown.account,
        link_request_id=request.link_request_id,
        level=request.level,
        granted=granted,
        requested=request.permissions,
        requested_by=request.requested_by,
    )
    authorization = granting.grant(connection, grant, shown.held)
    _decide(connection, request, account_id, State.APPROVED, granted, authorization.authorization_id)
    data = {"granted": granted, "authorization_id": authorization.authorization_id, "handle": shown.account.handle}
    data |= {"consent_hash": consent_hash, "requested": request.permissions}
    _record(connection, actor, request, EventType.LINK_REQUEST_APPROVED, data)
    return authorization


def decline(connection: sa.Connection, actor: Actor, read: ReadCode, link_request_id: str) -> None:
    """Decline the request; declining twice succeeds.

    Raises:
        CodeNotFound, MeantForAnotherAccount.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    account_id = tiktok_accounts.require_owner(actor)
    request = _find(connection, read, link_request_id)
    if request.stored_state is State.DECLINED and request.decided_by == account_id:
        return
    _require_decidable(connection, actor, request)
    _decide(connection, request, account_id, State.DECLINED)
    handle = tiktok_accounts.get_card(connection, account_id)[0].handle
    _record(connection, actor, request, EventType.LINK_REQUEST_DECLINED, {"handle": handle})


def _find(
    connection: sa.Connection, read: ReadCode, link_request_id: str | None = None, *, lock: bool = True
) -> LinkRequest:
    find = _FIND_LOCKED if lock else _FIND
    row = find[read.typed].one_or_none(connection, hashed=read.hashed)
    if row is None or link_request_id not in (None, row.link_request_id):
        raise CodeNotFound
    return LinkRequest.of(row)


def _first_result(connection: sa.Connection, request: LinkRequest) -> wire.Authorization:
    now = authorizations.get(connection, request.authorization_id or "")
    if now.ended_at is not None:
        raise LinkRequestUsed
    as_granted = {
        "link_request_id": request.link_request_id,
        "permissions": request.granted,
        "requested": request.permissions,
        "requested_by": request.requested_by,
    }
    return now.model_copy(update=as_granted)


def _require_decidable(connection: sa.Connection, actor: Actor, request: LinkRequest) -> None:
    require_open(request)
    if request.for_account_id in (None, actor.subject_id):
        return
    refused = EventType.LINK_REQUEST_REFUSED
    _record(connection, actor, request, refused, {"handle": actor.name.removeprefix("@")})
    # Record it also in the addressee's own chain, which their inbox reads, but without saying who tried.
    about = {"link_request_id": request.link_request_id, "bc_id": request.bc_id}
    events.record(connection, SYSTEM, refused, account_id=request.for_account_id, data=about)
    raise MeantForAnotherAccount


def _granted(request: LinkRequest, wanted: list[Permission] | None) -> list[Permission]:
    if wanted is None:
        return request.permissions
    chosen = selection(wanted)
    if more := [permission for permission in chosen if permission not in request.permissions]:
        raise NotAskedFor(title=PERMISSIONS[more[0]].english_title)
    return chosen


def _decide(
    connection: sa.Connection,
    request: LinkRequest,
    account_id: str,
    outcome: State,
    granted: list[Permission] | None = None,
    authorization_id: str | None = None,
) -> None:
    # This conditional update, not the check before it, ensures that exactly one decision succeeds.
    decision = {"of_request": request.link_request_id, "at": utc_now(), "by": account_id, "outcome": outcome.value}
    decision |= {"to_grant": granted, "authorization": authorization_id}
    if _DECIDE.run(connection, **decision) != 1:
        require_open(request)
        raise LinkRequestUsed


def _record(
    connection: sa.Connection, actor: Actor, request: LinkRequest, happened: EventType, data: dict[str, Any]
) -> None:
    all_data = {"link_request_id": request.link_request_id, **data}
    events.record(connection, actor, happened, bc_id=request.bc_id, account_id=actor.subject_id, data=all_data)
