"""The settings page: facts about this Business Center and the current session."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.console.rendering import render
from server.console.visit import CurrentVisit

router = APIRouter(include_in_schema=False)


@router.get("/bc/{bc_id}/settings")
async def get_settings(request: Request, visit: CurrentVisit) -> Response:
    """Show the name, the id, the limits and the session."""
    return render(request, "settings.html", origin=request.app.state.settings.origin)
