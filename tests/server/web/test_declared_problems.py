"""Every refusal that a route can answer is in the API's description, and nothing else is."""

import re
from typing import Final

from fastapi.routing import APIRoute

from server.ad_accounts.members import AdAccountRoleRequired
from server.auth.dependencies import WrongKindOfSession
from server.authorizations.gate import AdAccountNotLinked, MemberNotAssigned
from server.problems import NotFound, Problem
from shared.problems import ProblemType
from tests.support.call_graph import CallGraph, api_routes

# What the code of a route leads to and the route never answers: where, what, and why not.
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
    """What a route, its dependencies and its services raise is named in `responses(...)` of the route."""
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
    """What a route declares is raised somewhere; so the test above sees everything that there is to see."""
    graph = CallGraph()
    for name, route in api_routes():
        raised = {problem.type for problem in graph.problems(route.endpoint)}
        assert _declared(route) - raised <= set(ELSEWHERE), name
