"""The plain messages: every failure has one, and no two different failures share one."""

from typing import Final, get_type_hints

import pytest

from mobile_app import routes
from mobile_app.state import notices
from mobile_app.state.client import ApiProblem, ServerUnreachable
from server import problems
from server.auth.dependencies import CurrentMember
from shared.problems import ProblemType
from shared.qr import ForeignCode
from shared.wire import Problem
from tests.support.call_graph import CallGraph, api_routes, is_problem

# Refusals that an account owner does not see as a notice, and what the app shows instead.
OTHERWISE: Final = {
    ProblemType.NOT_SIGNED_IN: "the app asks to log in",
    ProblemType.SESSION_OVER: "the app asks to log in",
    ProblemType.WRONG_CREDENTIALS: "the log-in shows it at its fields",
    ProblemType.WRONG_KIND_OF_SESSION: "the app logs in owners only",
    ProblemType.CONSENT_CHANGED: "the app shows the current consent again",
    ProblemType.POST_NOT_USABLE: "the server's words, beside the form",
    ProblemType.POST_LIMIT_REACHED: "the server's words, beside the form",
    ProblemType.UNREADABLE_MEDIA: "the server's words, beside the form",
    ProblemType.TOO_LARGE: "the new post's form has its own words",
    ProblemType.RANGE_NOT_SATISFIABLE: "only the video player causes it",
    ProblemType.MALFORMED_REQUEST: "a defect of the app: the server's words",
    ProblemType.METHOD_NOT_ALLOWED: "a defect of the app: the server's words",
    ProblemType.INTERNAL_ERROR: "a defect of the server: its own words",
    ProblemType.OUTCOME_UNKNOWN: "the server's words say what to look at first",
}
SAME: Final = {ProblemType.DATABASE_UNAVAILABLE: ProblemType.BUSY}  # the same to an owner


def owners() -> set[ProblemType]:
    """Return the refusals that an account owner can get, from any route or from those that are not for members."""
    graph, found = CallGraph(), {problem.type for problem in vars(problems).values() if is_problem(problem)}
    for _, route in api_routes():
        if CurrentMember not in get_type_hints(route.endpoint, include_extras=True).values():
            found |= {problem.type for problem in graph.problems(route.endpoint)}
    return found


def failure(kind: str, **more: object) -> ApiProblem:
    """Return the error that the client raises for a problem."""
    return ApiProblem(Problem(type=kind, title="title", status=409, detail="The server's words.", **more))  # type: ignore[arg-type]


def test_every_failure_has_its_own_message() -> None:
    """The title alone distinguishes failures, and none but those above has the general message."""
    kinds = owners() - OTHERWISE.keys() - SAME.keys()
    titles = {kind: notices.of_failure(failure(kind)).title for kind in kinds}
    assert [kind for kind, title in titles.items() if title == notices.UNEXPECTED.title] == [], "give these a notice"
    assert len({*titles.values(), notices.of_failure(ServerUnreachable()).title}) == len(titles) + 1, titles
    assert len(kinds) > 10
    assert owners() >= OTHERWISE.keys() | SAME.keys()


def test_a_failure_from_a_newer_server_shows_its_own_words() -> None:
    """An app that is older than the server shows the server's words."""
    assert notices.of_failure(failure("urn:sparklink:problem:not-thought-of-yet")).detail == "The server's words."


@pytest.mark.parametrize(("seconds", "words"), [(42, "42 seconds"), (600, "10 minutes")])
def test_waits_are_given_in_words(seconds: int, words: str) -> None:
    """A short wait is given in seconds, a long one in minutes."""
    assert words in notices.of_failure(failure(ProblemType.TOO_MANY_ATTEMPTS, retry_after_seconds=seconds)).detail


@pytest.mark.parametrize("shown", ["https://[bad", "http://", "tel:+1", "https://evil.example/x", ""])
def test_every_foreign_code_becomes_a_message(shown: str) -> None:
    """No text in a foreign code can break the message."""
    notice = notices.of_foreign_code(ForeignCode(shown))
    assert notice.route == routes.SCAN
    assert "opened" in notice.detail
