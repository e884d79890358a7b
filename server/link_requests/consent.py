"""The owner's side of a link request: open a code, see who asks for what, approve or decline.

The mitigations are those of RFC 10027 (cross-device flows): what was shown is hashed and the hash goes
with the approval, a code works once, and a code with a name on it works for that account only.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.actor import SYSTEM, Actor
from server.authorizations import service as authorizations
from server.business_centers.tables import business_centers as centers
from server.clock import utc_now
from server.database.prepared import prepared
from server.events import service as events
from server.link_requests import shown
from server.link_requests.service import (
    REFUSALS,
    CodeNotFound,
    LinkRequestUsed,
    effective_state,
    selection,
)
from server.link_requests.tables import OPEN, link_requests
from server.problems import Problem
from server.security import LinkCodes
from server.tiktok_accounts import service as tiktok_accounts
from shared import qr, wire
from shared.events import EventType
from shared.permissions import CATALOGUE, Level, Permission
from shared.problems import ProblemType
from shared.wire import LinkRequestState as State


class ForeignCode(Problem):
    """A code of somebody else's system."""

    type, status, title = ProblemType.FOREIGN_CODE, 422, "This is not a code of this system"
    detail = "This code belongs to another system and was not opened. Scan the QR code that the business shows you."


class MeantForAnotherAccount(Problem):
    """A code that carries another account's name; the attempt itself is kept in the log."""

    type, status, title = ProblemType.MEANT_FOR_ANOTHER_ACCOUNT, 403, "This code is for another account"
    detail = "This code was made for a different account, so this one cannot use it. Log in as the account it is for."
    commits = True


class NotAskedFor(Problem):
    """A permission is granted that the request does not ask for."""

    type, status, title = ProblemType.INVALID_PERMISSIONS, 422, "These permissions do not go together"
    detail = "“{title}” was not asked for, so it cannot be granted. Take it out of what you grant."


class ConsentChanged(Problem):
    """What was shown is not what stands now."""

    type, status, title = ProblemType.CONSENT_CHANGED, 409, "Something changed since you looked"
    detail = "What is asked for has changed since it was shown to you. Look at it again, then decide."


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A code as the database knows it: the hash, and which column it stands in."""

    hashed: bytes
    typed: bool


def read_code(text: str, codes: LinkCodes) -> ReadCode:
    """Return what to look up for 22 characters, a whole link, or a typed code.

    Raises:
        ForeignCode: a link to anywhere else.
        CodeNotFound: nothing of the three.
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


_WITH_CENTER = (
    sa.select(link_requests)
    .add_columns(centers.c.name.label("bc_name"), centers.c.verified.label("bc_verified"), centers.c.account_count)
    .join_from(link_requests, centers, link_requests.c.bc_id == centers.c.bc_id)
    .with_for_update(of=link_requests)
)
_BY_CODE = prepared(_WITH_CENTER.where(link_requests.c.code_hash == sa.bindparam("hashed")))
_BY_TYPED = prepared(_WITH_CENTER.where(link_requests.c.typed_hash == sa.bindparam("hashed")))
_STATE = sa.select(*(link_requests.c[name] for name in ("link_request_id", "state", "expires_at", "for_account_id")))
_STATE_BY_CODE = prepared(_STATE.where(link_requests.c.code_hash == sa.bindparam("hashed")))
_STATE_BY_TYPED = prepared(_STATE.where(link_requests.c.typed_hash == sa.bindparam("hashed")))
_SCANNED = prepared(
    sa.update(link_requests)
    .where(link_requests.c.link_request_id == sa.bindparam("of_request"))
    .values(state=State.SCANNED.value, scanned_by=sa.bindparam("by"))
)
_DECIDE = prepared(
    sa.update(link_requests)
    .where(
        link_requests.c.link_request_id == sa.bindparam("of_request"),
        link_requests.c.state.in_([sa.literal_column(repr(state.value)) for state in OPEN]),
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


def _find(connection: sa.Connection, read: ReadCode) -> sa.Row[Any]:
    row = (_BY_TYPED if read.typed else _BY_CODE).one_or_none(connection, hashed=read.hashed)
    if row is None:
        raise CodeNotFound
    return row


def open_request(connection: sa.Connection, actor: Actor, read: ReadCode) -> wire.Preview:
    """Show the calling owner what a code stands for; the first look turns `pending` into `scanned`.

    Raises:
        CodeNotFound, MeantForAnotherAccount, AccountLimitReached, BusinessCenterLimitReached.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    account_id = tiktok_accounts.require_owner(actor)
    row = _find(connection, read)
    if (state := effective_state(row)) not in OPEN:
        raise REFUSALS[state]
    _check_addressee(connection, actor, row)
    facts = shown.look(connection, row, account_id)
    if row.state == State.PENDING or row.scanned_by != account_id:
        _SCANNED.run(connection, of_request=row.link_request_id, by=account_id)
        _record(connection, actor, row, EventType.LINK_REQUEST_SCANNED, {"handle": facts.account.handle})
    return shown.preview(facts)


def check(connection: sa.Connection, actor: Actor, read: ReadCode, link_request_id: str) -> wire.StillOpen:
    """Say that a request which the calling owner reads is still open; changes nothing and records nothing.

    Raises:
        CodeNotFound: no such code any more, or it is for another account.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    account_id = tiktok_accounts.require_owner(actor)
    row = (_STATE_BY_TYPED if read.typed else _STATE_BY_CODE).one_or_none(connection, hashed=read.hashed)
    if row is None or row.link_request_id != link_request_id or row.for_account_id not in (None, account_id):
        raise CodeNotFound
    if (state := effective_state(row)) not in OPEN:
        raise REFUSALS[state]
    return wire.StillOpen(state=state, expires_at=row.expires_at)


def approve(
    connection: sa.Connection, actor: Actor, read: ReadCode, link_request_id: str, wanted: wire.Approve
) -> wire.Authorization:
    """Grant what was shown, or less. Of any number of concurrent approvals exactly one wins.

    The winner's own repeat gets the first result again (a lost answer must not become a refusal), as long as the
    authorization holds: a yes after it has ended would say that something is granted which is not.

    Raises:
        CodeNotFound, MeantForAnotherAccount, ConsentChanged, InvalidSelection, PermissionOccupied.
        AccountLimitReached, BusinessCenterLimitReached.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    account_id = tiktok_accounts.require_owner(actor)
    row = _find_this(connection, read, link_request_id)
    if row.state == State.APPROVED and row.decided_by == account_id:
        return _first_result(connection, row)
    if (state := effective_state(row)) not in OPEN:
        raise REFUSALS[state]
    _check_addressee(connection, actor, row)
    facts = shown.look(connection, row, account_id)
    consent_hash = shown.consent_hash(facts)
    if consent_hash != wanted.consent_hash:
        raise ConsentChanged
    granted = _granted(row, wanted.permissions)
    authorization = authorizations.grant(connection, _grant(row, facts.account, granted), facts.held)
    outcome = {
        "granted": [permission.value for permission in granted],
        "authorization_id": authorization.authorization_id,
    }
    _decide(connection, row, account_id, State.APPROVED, outcome)
    about = {"handle": facts.account.handle, "consent_hash": consent_hash, "requested": row.permissions}
    _record(connection, actor, row, EventType.LINK_REQUEST_APPROVED, {**outcome, **about})
    return authorization


def decline(connection: sa.Connection, actor: Actor, read: ReadCode, link_request_id: str) -> None:
    """Turn the request down; declining twice is a success.

    Raises:
        CodeNotFound, MeantForAnotherAccount.
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    account_id = tiktok_accounts.require_owner(actor)
    row = _find_this(connection, read, link_request_id)
    if row.state == State.DECLINED and row.decided_by == account_id:
        return
    if (state := effective_state(row)) not in OPEN:
        raise REFUSALS[state]
    _check_addressee(connection, actor, row)
    _decide(connection, row, account_id, State.DECLINED, {})
    handle = tiktok_accounts.get_card(connection, account_id)[0].handle
    _record(connection, actor, row, EventType.LINK_REQUEST_DECLINED, {"handle": handle})


def _find_this(connection: sa.Connection, read: ReadCode, link_request_id: str) -> sa.Row[Any]:
    row = _find(connection, read)
    if row.link_request_id != link_request_id:
        raise CodeNotFound
    return row


def _check_addressee(connection: sa.Connection, actor: Actor, row: sa.Row[Any]) -> None:
    if row.for_account_id is None or row.for_account_id == actor.subject_id:
        return
    refused = EventType.LINK_REQUEST_REFUSED
    _record(connection, actor, row, refused, {"handle": actor.name.removeprefix("@")})
    # Once more in the addressee's own chain, where their inbox finds it; it does not say who tried.
    about = {"link_request_id": row.link_request_id, "bc_id": row.bc_id}
    events.record(connection, SYSTEM, refused, account_id=row.for_account_id, data=about)
    raise MeantForAnotherAccount


def _granted(row: sa.Row[Any], wanted: list[Permission] | None) -> list[Permission]:
    asked = [Permission(value) for value in row.permissions]
    if wanted is None:
        return asked
    chosen = selection(wanted)
    if more := [permission for permission in chosen if permission not in asked]:
        raise NotAskedFor(title=CATALOGUE[more[0]].english_title)
    return chosen


def _grant(row: sa.Row[Any], account: wire.Account, granted: list[Permission]) -> authorizations.Grant:
    return authorizations.Grant(
        business_center=shown.business_center(row),
        account=account,
        link_request_id=row.link_request_id,
        level=Level(row.level),
        granted=granted,
        requested=[Permission(value) for value in row.permissions],
        requested_by=row.requested_by,
    )


def _decide(connection: sa.Connection, row: sa.Row[Any], account_id: str, state: State, values: dict[str, Any]) -> None:
    # This conditional update, not the look before it, is what lets exactly one decision through.
    now = utc_now()
    decision = {"of_request": row.link_request_id, "at": now, "by": account_id, "outcome": state.value}
    decision |= {"to_grant": values.get("granted"), "authorization": values.get("authorization_id")}
    if _DECIDE.run(connection, **decision) != 1:
        raise REFUSALS.get(effective_state(row), LinkRequestUsed)


def _first_result(connection: sa.Connection, row: sa.Row[Any]) -> wire.Authorization:
    now = authorizations.get(connection, row.authorization_id)
    if now.ended_at is not None:
        raise LinkRequestUsed
    as_granted = {
        "link_request_id": row.link_request_id,
        "permissions": [Permission(value) for value in row.granted],
        "requested": [Permission(value) for value in row.permissions],
        "requested_by": row.requested_by,
    }
    return now.model_copy(update=as_granted)


def _record(
    connection: sa.Connection, actor: Actor, row: sa.Row[Any], happened: EventType, data: dict[str, Any]
) -> None:
    all_data = {"link_request_id": row.link_request_id, **data}
    events.record(connection, actor, happened, bc_id=row.bc_id, account_id=actor.subject_id, data=all_data)
