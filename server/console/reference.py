"""The API reference and the list of problems: public pages, drawn from the program's own description."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.console import description
from server.console.rendering import render

router = APIRouter(include_in_schema=False)
_CACHE = {"Cache-Control": "no-cache"}


@router.get("/docs")
async def get_reference(request: Request) -> Response:
    """Show every operation, every object and how to begin."""
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
    page = render(request, "problems.html", problems=description.problem_classes())
    page.headers.update(_CACHE)
    return page
