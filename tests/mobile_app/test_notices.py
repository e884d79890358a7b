"""The plain messages: every failure has one, and no two different failures share one."""

import pytest

from mobile_app import routes
from mobile_app.state import notices
from mobile_app.state.client import ApiProblem, ServerUnreachable
from shared.problems import ProblemType
from shared.qr import ForeignCode
from shared.wire import Problem

OWNERS = [
    ProblemType.CODE_NOT_FOUND,
    ProblemType.FOREIGN_CODE,
    ProblemType.MEANT_FOR_ANOTHER_ACCOUNT,
    ProblemType.LINK_REQUEST_EXPIRED,
    ProblemType.LINK_REQUEST_CANCELLED,
    ProblemType.LINK_REQUEST_DECLINED,
    ProblemType.LINK_REQUEST_USED,
    ProblemType.ACCOUNT_LIMIT_REACHED,
    ProblemType.BUSINESS_CENTER_LIMIT_REACHED,
    ProblemType.PERMISSION_OCCUPIED,
    ProblemType.TOO_MANY_ATTEMPTS,
    ProblemType.BUSY,
]


def failure(kind: str, **more: object) -> ApiProblem:
    """Return what the client raises for a problem."""
    return ApiProblem(Problem(type=kind, title="title", status=409, detail="The server's words.", **more))  # type: ignore[arg-type]


def test_every_failure_has_a_message_of_its_own() -> None:
    """A person can tell them apart by the title alone."""
    titles = [notices.of_failure(failure(kind)).title for kind in OWNERS]
    titles.append(notices.of_failure(ServerUnreachable()).title)
    assert len(set(titles)) == len(titles)


def test_a_failure_from_a_newer_server_shows_its_own_words() -> None:
    """An app that is older than the server still says what happened."""
    assert notices.of_failure(failure("urn:sparklink:problem:not-thought-of-yet")).detail == "The server's words."


@pytest.mark.parametrize(("seconds", "words"), [(42, "42 seconds"), (600, "10 minutes")])
def test_waiting_is_said_in_words(seconds: int, words: str) -> None:
    """Seconds while they are few, minutes after."""
    assert words in notices.of_failure(failure(ProblemType.TOO_MANY_ATTEMPTS, retry_after_seconds=seconds)).detail


@pytest.mark.parametrize("shown", ["https://[bad", "http://", "tel:+1", "https://evil.example/x", ""])
def test_whatever_a_foreign_code_holds_it_becomes_a_message(shown: str) -> None:
    """No text in a code can break the message."""
    notice = notices.of_foreign_code(ForeignCode(shown))
    assert notice.route == routes.SCAN
    assert "opened" in notice.detail
