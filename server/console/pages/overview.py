"""The overview: counts, the latest activity, and what to do next."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.ad_accounts import service as ad_accounts
from server.auth.dependencies import Codes, Db
from server.authorizations import service as authorizations
from server.business_centers import service as business_centers
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Connection
from server.link_requests import service as link_requests
from server.security import LinkCodes

router = APIRouter(include_in_schema=False)
_COUNT_LIMIT = 100


def _overview(connection: Connection, visit: Visit, codes: LinkCodes) -> dict[str, Any]:
    of = (connection, visit.actor)
    bc_id = visit.center.bc_id
    accounts = authorizations.list_for_business_center(*of, bc_id, limit=_COUNT_LIMIT)
    shown = {
        "unconnected": [item for item in accounts.items if not item.ad_accounts],
        "ads": ad_accounts.list_for_business_center(*of, bc_id, limit=_COUNT_LIMIT),
        "members": business_centers.list_members(*of, bc_id, limit=_COUNT_LIMIT),
    }
    if not visit.is_admin:
        return shown | {"waiting": None, "latest": None}
    waiting = link_requests.list_for_business_center(*of, codes, bc_id, only_open=True, limit=_COUNT_LIMIT)
    return shown | {"waiting": waiting, "latest": business_centers.list_events(*of, bc_id, limit=6).items}


@router.get("/bc/{bc_id}/overview")
async def get_overview(request: Request, database: Db, codes: Codes, visit: CurrentVisit) -> Response:
    """Show counts and, to admins, waiting codes and the latest activity."""
    return render(request, "overview.html", **await database.read(_overview, visit, codes))
