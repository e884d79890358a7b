"""The activity log: everything that happened in a Business Center, newest first."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.auth.dependencies import Cursor, Db
from server.business_centers import service
from server.console.rendering import render
from server.console.visit import CurrentVisit

router = APIRouter(include_in_schema=False)


@router.get("/bc/{bc_id}/activity")
async def get_activity(request: Request, database: Db, visit: CurrentVisit, cursor: Cursor = None) -> Response:
    """List the events. For admins."""
    page = await database.read(service.list_events, visit.actor, visit.center.bc_id, cursor=cursor, limit=30)
    return render(request, "activity.html", page=page, cursor=cursor)
