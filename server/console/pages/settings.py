"""The settings page: what this Business Center is, and which session looks at it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.console.rendering import render
from server.console.visit import CurrentVisit

router = APIRouter(include_in_schema=False)


@router.get("/bc/{bc_id}/settings")
async def get_settings(request: Request, visit: CurrentVisit) -> Response:
    """Show name, id, limits and the session."""
    return render(request, "settings.html", origin=request.app.state.settings.origin)
