"""The ad accounts of a Business Center."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.ad_accounts import service
from server.auth.dependencies import Cursor, Db
from server.console.rendering import render
from server.console.visit import CurrentVisit

router = APIRouter(include_in_schema=False)


@router.get("/bc/{bc_id}/ad-accounts")
async def get_ad_accounts(request: Request, database: Db, visit: CurrentVisit, cursor: Cursor = None) -> Response:
    """List the ad accounts."""
    page = await database.read(service.list_for_business_center, visit.actor, visit.center.bc_id, cursor=cursor)
    return render(request, "ad_accounts.html", page=page, cursor=cursor)
