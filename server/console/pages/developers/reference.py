"""The API reference and the list of problems: public pages, generated from the OpenAPI description and the code."""

from collections import deque
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.console.pages.developers import description
from server.console.rendering import render
from server.problems import Problem

router = APIRouter(include_in_schema=False)
_CACHE = {"Cache-Control": "no-cache"}


@router.get("/docs")
async def get_reference(request: Request) -> Response:
    """Show every operation, every object and how to start."""
    page = render(
        request,
        "reference.html",
        reference=description.read(request.app.openapi()),
        origin=request.app.state.settings.origin,
    )
    page.headers.update(_CACHE)
    return page


@router.get("/problems")
async def get_problems(request: Request) -> Response:
    """Explain every problem type; the anchor is the last part of its `type`."""
    page = render(request, "problems.html", problems=_problem_classes())
    page.headers.update(_CACHE)
    return page


@cache
def _problem_classes() -> list[type[Problem]]:
    """Return one class per problem type, by status and then by title."""
    found: dict[str, type[Problem]] = {}
    waiting = deque(Problem.__subclasses__())
    while waiting:
        problem = waiting.popleft()
        waiting.extend(problem.__subclasses__())
        # The command line has its own refusals of the same types, which never reach the API.
        if hasattr(problem, "type") and not problem.__module__.startswith("server.commands"):
            found.setdefault(problem.type, problem)
    return sorted(found.values(), key=lambda problem: (problem.status, problem.title))
