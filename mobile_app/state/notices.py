"""From a failure to a plain message: what happened, and the one thing to do next."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from mobile_app import routes, texts
from mobile_app.state.client import ApiProblem, ServerUnreachable
from mobile_app.texts.problems import ACTION_SCAN, ACTION_SEE_LINKED, ACTION_TO_PROFILE, ACTION_TO_REQUEST
from shared.languages import gettext
from shared.problems import ProblemType
from shared.qr import ForeignCode

Text = texts.Problems
Again = Callable[[], Awaitable[str]]


@dataclass(frozen=True)
class Notice:
    """A message, marked for translation, with one action: go to `route`, or try `again` and go where that leads."""

    title: str
    detail: str
    action: str = ACTION_TO_PROFILE
    route: str = routes.PROFILE
    again: Again | None = None


_SCAN: Final = (ACTION_SCAN, routes.SCAN)
_PROFILE: Final = (ACTION_TO_PROFILE, routes.PROFILE)
_LINKED: Final = (ACTION_SEE_LINKED, routes.LINKED)
_CONSENT: Final = (ACTION_TO_REQUEST, routes.CONSENT)

_BY_TYPE: Final[dict[ProblemType, tuple[tuple[str, str], tuple[str, str]]]] = {
    ProblemType.CODE_NOT_FOUND: (Text.NOT_FOUND, _SCAN),
    ProblemType.FOREIGN_CODE: (Text.FOREIGN, _SCAN),
    ProblemType.MEANT_FOR_ANOTHER_ACCOUNT: (Text.ANOTHER, _PROFILE),
    ProblemType.LINK_REQUEST_EXPIRED: (Text.EXPIRED, _SCAN),
    ProblemType.LINK_REQUEST_CANCELLED: (Text.CANCELLED, _PROFILE),
    ProblemType.LINK_REQUEST_DECLINED: (Text.DECLINED, _PROFILE),
    ProblemType.LINK_REQUEST_USED: (Text.USED, _LINKED),
    ProblemType.ACCOUNT_LIMIT_REACHED: (Text.ACCOUNT_LIMIT, _LINKED),
    ProblemType.BUSINESS_CENTER_LIMIT_REACHED: (Text.BC_LIMIT, _PROFILE),
    ProblemType.PERMISSION_OCCUPIED: (Text.OCCUPIED, _CONSENT),
    ProblemType.INVALID_PERMISSIONS: (Text.CHANGED_ELSEWHERE, _LINKED),
    ProblemType.NOT_FOUND: (Text.GONE, _PROFILE),
}
_TRY_LATER: Final = {ProblemType.BUSY, ProblemType.DATABASE_UNAVAILABLE}


def of_failure(failure: ApiProblem | ServerUnreachable, again: Again | None = None) -> Notice:
    """Return the message for a failed call; `again` repeats the call where repeating can help."""
    if isinstance(failure, ServerUnreachable):
        return Notice(*Text.UNREACHABLE, action=texts.TRY_AGAIN, again=again)
    if failure.type in _BY_TYPE:
        words, (action, route) = _BY_TYPE[failure.type]
        return Notice(*words, action=action, route=route)
    if failure.type is ProblemType.TOO_MANY_ATTEMPTS:
        return Notice(Text.TOO_MANY[0], waiting(failure), action=texts.TRY_AGAIN, again=again)
    if failure.type in _TRY_LATER:
        return Notice(*Text.BUSY, action=texts.TRY_AGAIN, again=again)
    return Notice(Text.OTHER[0], failure.problem.detail or Text.OTHER[1], action=texts.TRY_AGAIN, again=again)


def waiting(failure: ApiProblem) -> str:
    """Return the words that say how long to wait after too many attempts."""
    seconds = failure.problem.retry_after_seconds
    return Text.wait(seconds) if seconds else gettext(Text.TOO_MANY[1])


def of_foreign_code(code: ForeignCode) -> Notice:
    """Return the message for a code of another system: it names the host, and nothing is opened."""
    try:
        host = urlsplit(code.shown).hostname
    except ValueError:
        host = None
    detail = Text.foreign(host) if host else Text.foreign_text(code.shown)
    return Notice(Text.FOREIGN[0], detail, action=texts.Scan.SCAN_AGAIN, route=routes.SCAN)


NO_CODE: Final = Notice(*Text.NO_CODE, action=texts.TRY_AGAIN, route=routes.SCAN)
UNREADABLE: Final = Notice(*Text.UNREADABLE, action=texts.TRY_AGAIN, route=routes.SCAN)
NO_PROFILE: Final = Notice(*Text.NO_PROFILE, action=ACTION_SCAN, route=routes.SCAN)
UNEXPECTED: Final = Notice(*Text.OTHER)
