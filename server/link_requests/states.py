"""A link request and its states: only an open request can change; one that is over never changes again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

import sqlalchemy as sa

from server.clock import utc_now
from server.problems import Problem
from shared import wire
from shared.permissions import InvalidPermissions, Level, Permission, check_selection
from shared.problems import ProblemType
from shared.wire import LinkRequestState as State

ON_SCREEN_SECONDS: Final = 600  # ten minutes: ASVS 5.0, 6.5.5
TO_SEND_SECONDS: Final = 86_400
TO_SEND_LIMIT_SECONDS: Final = 7 * 86_400


class LinkRequestExpired(Problem):
    """The request has expired; at the instant of expiry it has."""

    type, status, title = ProblemType.LINK_REQUEST_EXPIRED, 410, "The code has expired"
    detail = "This code has expired and nothing was granted. Ask the business for a new one."


class LinkRequestCancelled(Problem):
    """The business cancelled the request."""

    type, status, title = ProblemType.LINK_REQUEST_CANCELLED, 409, "The request was cancelled"
    detail = "The business cancelled this request and nothing was granted. Ask for a new code if you still want it."


class LinkRequestDeclined(Problem):
    """The request was already declined."""

    type, status, title = ProblemType.LINK_REQUEST_DECLINED, 409, "The request was declined"
    detail = "This request was declined and nothing was granted. Ask for a new code if that was a mistake."


class LinkRequestUsed(Problem):
    """The request was already approved by somebody else, or its authorization has ended since."""

    type, status, title = ProblemType.LINK_REQUEST_USED, 409, "The code was already used"
    detail = "This code was already used, and a code works once. Ask the business for a new one."


class InvalidSelection(Problem):
    """The permissions cannot be asked for or granted together."""

    type, status, title = ProblemType.INVALID_PERMISSIONS, 422, "These permissions do not go together"
    detail = "{why}"


# How each state refuses an operation that needs an open request. The open states do not refuse.
REFUSALS: Final[dict[State, type[Problem] | None]] = {
    State.PENDING: None,
    State.SCANNED: None,
    State.EXPIRED: LinkRequestExpired,
    State.CANCELLED: LinkRequestCancelled,
    State.DECLINED: LinkRequestDeclined,
    State.APPROVED: LinkRequestUsed,
}
OPEN: Final = tuple(state for state, refusal in REFUSALS.items() if refusal is None)
OVER: Final = tuple(refusal for refusal in REFUSALS.values() if refusal is not None)


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A stored link request, with the Business Center that asks."""

    link_request_id: str
    business_center: wire.BusinessCenterCard
    account_count: int  # accounts that the Business Center is linked to
    stored_state: State
    level: Level
    permissions: list[Permission]
    granted: list[Permission] | None
    message: str | None
    for_account_id: str | None
    requested_by: str
    generation: int
    lifetime_seconds: int
    has_typed_code: bool
    scanned_by: str | None
    decided_by: str | None
    authorization_id: str | None
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, row: sa.Row[Any]) -> Self:
        """Create it from a row of `tables.WITH_CENTER`."""
        return cls(
            link_request_id=row.link_request_id,
            business_center=wire.BusinessCenterCard(bc_id=row.bc_id, name=row.bc_name, verified=row.bc_verified),
            account_count=row.account_count,
            stored_state=State(row.state),
            level=Level(row.level),
            permissions=[Permission(value) for value in row.permissions],
            granted=None if row.granted is None else [Permission(value) for value in row.granted],
            message=row.message,
            for_account_id=row.for_account_id,
            requested_by=row.requested_by,
            generation=row.generation,
            lifetime_seconds=row.lifetime_seconds,
            has_typed_code=row.typed_hash is not None,
            scanned_by=row.scanned_by,
            decided_by=row.decided_by,
            authorization_id=row.authorization_id,
            created_at=row.created_at,
            expires_at=row.expires_at,
            decided_at=row.decided_at,
        )

    @property
    def bc_id(self) -> str:
        """The id of the Business Center that asks."""
        return self.business_center.bc_id

    @property
    def state(self) -> State:
        """The current state: an open request counts as expired from the instant of its expiry."""
        overdue = self.stored_state in OPEN and utc_now() >= self.expires_at
        return State.EXPIRED if overdue else self.stored_state


def require_open(request: LinkRequest) -> State:
    """Return the state of an open request.

    Raises:
        LinkRequestExpired, LinkRequestCancelled, LinkRequestDeclined, LinkRequestUsed: it is over.
    """
    state = request.state
    if refusal := REFUSALS[state]:
        raise refusal
    return state


def selection(permissions: list[Permission]) -> list[Permission]:
    """Return the permissions in catalogue order.

    Raises:
        InvalidSelection: they cannot be asked for or granted together.
    """
    try:
        return check_selection(permissions)
    except InvalidPermissions as error:
        raise InvalidSelection(why=error.args[0]) from None
