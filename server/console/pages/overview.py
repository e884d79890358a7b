"""The overview: how things stand, what happened last, and what to do next."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.ad_accounts import service as ad_accounts
from server.auth.dependencies import Codes, Db
from server.authorizations import service as authorizations
from server.business_centers import service as business_centers
from server.console.rendering import render
from server.console.visit import CurrentVisit
from server.link_requests import service as link_requests

router = APIRouter(include_in_schema=False)
_COUNT_LIMIT = 100


@router.get("/bc/{bc_id}/overview")
async def get_overview(request: Request, database: Db, codes: Codes, visit: CurrentVisit) -> Response:
    """Show counts, waiting codes and the latest activity; the last two only to admins."""
    bc_id, actor = visit.center.bc_id, visit.actor
    accounts = await database.read(authorizations.list_for_business_center, actor, bc_id, limit=_COUNT_LIMIT)
    ads = await database.read(ad_accounts.list_for_business_center, actor, bc_id, limit=_COUNT_LIMIT)
    members = await database.read(business_centers.list_members, actor, bc_id, limit=_COUNT_LIMIT)
    waiting, latest = None, None
    if visit.is_admin:
        waiting = await database.read(
            link_requests.list_for_business_center, actor, codes, bc_id, only_open=True, limit=_COUNT_LIMIT
        )
        latest = (await database.read(business_centers.list_events, actor, bc_id, limit=6)).items
    return render(
        request,
        "overview.html",
        unconnected=[item for item in accounts.items if not item.ad_accounts],
        waiting=waiting,
        ads=ads,
        members=members,
        latest=latest,
    )
