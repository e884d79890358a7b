"""The members of a Business Center and their roles."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.auth.dependencies import Cursor, Db
from server.business_centers import service
from server.console.rendering import render
from server.console.visit import CurrentVisit

router = APIRouter(include_in_schema=False)


@router.get("/bc/{bc_id}/members")
async def get_members(request: Request, database: Db, visit: CurrentVisit, cursor: Cursor = None) -> Response:
    """List the members."""
    page = await database.read(service.list_members, visit.actor, visit.center.bc_id, cursor=cursor)
    return render(request, "members.html", page=page, cursor=cursor)
