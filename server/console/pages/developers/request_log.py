"""The request log of the Business API: the calls and their answers, the first place to look after a failure."""

import json
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from server.auth.dependencies import Cursor, Db
from server.business_api import calls
from server.console.rendering import render
from server.console.visit import CurrentVisit

router = APIRouter(include_in_schema=False)
_ROWS = 50


@router.get("/bc/{bc_id}/api-calls")
async def get_calls(
    request: Request,
    database: Db,
    visit: CurrentVisit,
    endpoint: Annotated[str, Query(max_length=100)] = "",
    errors: Annotated[str, Query(max_length=10)] = "",
    token: Annotated[str, Query(max_length=20)] = "",
    cursor: Cursor = None,
) -> Response:
    """List calls, newest first: all of the Business Center's for admins, those by their own tokens for others."""
    call_log: calls.CallLog = request.app.state.call_log
    await call_log.flush(database)  # so that a call appears here immediately
    filters = calls.Filters(endpoint.strip(), errors == "on", token or None)
    page = await database.read(calls.list_calls, visit.actor, visit.center.bc_id, filters, cursor=cursor, limit=_ROWS)
    chosen = {"endpoint": filters.endpoint, "errors": "on" if filters.only_errors else "", "token": token}
    return render(
        request,
        "request_log.html",
        page=page,
        cursor=cursor,
        chosen=chosen,
        filtered=urlencode({name: value for name, value in chosen.items() if value}),
        sent={call.call_id: json.dumps(call.parameters, indent=2, ensure_ascii=False) for call in page.items},
        origin=request.app.state.settings.origin,
    )
