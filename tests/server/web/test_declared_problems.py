"""The API's description contains every refusal that a route can answer, and no other."""

import re
from typing import Final

from fastapi.routing import APIRoute

from server.ad_accounts.members import AdAccountRoleRequired
from server.auth.dependencies import WrongKindOfSession
from server.authorizations.gate import AdAccountNotLinked, MemberNotAssigned
from server.problems import NotFound, Problem
from shared.problems import ProblemType
from tests.support.call_graph import CallGraph, api_routes

# Problems that a route's code can reach but the route never answers: where, which, and why not.
NEVER: Final[list[tuple[str, tuple[type[Problem], ...], str]]] = [
    (
        r" (/sessions|/me|/me/profile|/link-requests/(open|[^/]+/(approve|decline)))$|^POST /me/posts$",
        (NotFound,),
        "it looks up the account of the caller, which exists",
    ),
    (r"/sessions/current$", (WrongKindOfSession,), "it takes sessions of both kinds"),
    (r"/spark-ads", (MemberNotAssigned,), "with an ad account, the role on that decides"),
    (
        r"/(lives|series|showcase|insights|messages)$",
        (AdAccountNotLinked, AdAccountRoleRequired),
        "it asks the gate without an ad account",
    ),
]
# Declared by routes and raised before their code runs.
ELSEWHERE: Final = {
    ProblemType.MALFORMED_REQUEST: "FastAPI finds it",
    ProblemType.TOO_LARGE: "the limit of the body finds it",
}


def _declared(route: APIRoute) -> set[str]:
    contents = [media for answer in route.responses.values() for media in answer.get("content", {}).values()]
    return {f"urn:sparklink:problem:{name}" for media in contents for name in media.get("examples", {})}


def test_routes_declare_the_problems_of_their_services() -> None:
    """A route's `responses(...)` names everything that the route, its dependencies and its services raise."""
    graph, missing, unused = CallGraph(), [], list(NEVER)
    assert len(api_routes()) > 70
    for name, route in api_routes():
        for problem in graph.problems(route.endpoint):
            if problem.type in _declared(route):
                continue
            reasons = [row for row in NEVER if re.search(row[0], name) and problem in row[1]]
            unused = [row for row in unused if row not in reasons]
            if not reasons:
                missing.append(f"{name} can raise {problem.__name__}; name it in responses(...)")
    assert missing == []
    assert unused == [], "these are declared, or raised no more"


def test_routes_declare_nothing_else() -> None:
    """Everything that a route declares is raised somewhere, so the test above misses nothing."""
    graph = CallGraph()
    for name, route in api_routes():
        raised = {problem.type for problem in graph.problems(route.endpoint)}
        assert _declared(route) - raised <= set(ELSEWHERE), name
