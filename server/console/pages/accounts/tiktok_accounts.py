"""The TikTok accounts tab, one account in detail, and unlinking it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from server.auth.dependencies import Codes, Cursor, Db
from server.authorizations import ending, layers, service
from server.console import choices, forms, words
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Connection
from server.link_requests import service as link_requests
from server.security import LinkCodes
from shared import wire

router = APIRouter(prefix="/bc/{bc_id}/tiktok-accounts", include_in_schema=False)
_ROWS = 25
_WAITING_LIMIT = 50


def _accounts(connection: Connection, visit: Visit, codes: LinkCodes, q: str, cursor: str | None) -> dict[str, Any]:
    actor, bc_id = visit.actor, visit.center.bc_id
    page = service.list_for_business_center(connection, actor, bc_id, search=q, cursor=cursor, limit=_ROWS)
    waiting: list[wire.LinkRequest] = []
    if visit.is_admin and not q and not cursor:
        waiting = link_requests.list_for_business_center(
            connection, actor, codes, bc_id, only_open=True, limit=_WAITING_LIMIT
        ).items
    granted = {item.account.account_id: item.permissions.granted for item in page.items}
    return {"page": page, "waiting": waiting, "layers": layers.layers_of_many(connection, bc_id, granted)}


@router.get("")
async def get_tiktok_accounts(
    request: Request,
    database: Db,
    codes: Codes,
    visit: CurrentVisit,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Cursor = None,
) -> Response:
    """List the linked accounts and, above them, the codes that are waiting for an owner."""
    shown = await database.read(_accounts, visit, codes, q, cursor)
    missing = words.LAYERS_MISSING
    return render(request, "tiktok_accounts.html", q=q.strip(), cursor=cursor, LAYERS_MISSING=missing, **shown)


def _account(connection: Connection, visit: Visit, account_id: str) -> tuple[wire.LinkedAccount, wire.Layers]:
    of = (connection, visit.actor, visit.center.bc_id, account_id)
    return service.get_linked_account(*of), layers.layers(*of)


@router.get("/{account_id}")
async def get_tiktok_account(
    request: Request, database: Db, visit: CurrentVisit, account_id: str, confirm: str = ""
) -> Response:
    """Show one account: its permissions, what it still needs for Spark Ads, and a button to unlink it."""
    item, found = await database.read(_account, visit, account_id)
    missing = [permission for layer in found.layers for permission in layer.missing]
    return render(
        request,
        "tiktok_account.html",
        item=item,
        layers=found,
        ask=choices.ask_again(item, missing).query("permissions"),
        confirming=confirm == "unlink" and visit.is_admin,
    )


@router.post("/{account_id}/unlink")
async def post_unlink(database: Db, visit: CurrentVisit, account_id: str, _form: forms.CheckedForm) -> Response:
    """End the authorization and go back to the list."""
    await database.write(ending.unlink, visit.actor, visit.center.bc_id, account_id)
    return to(visit.path("tiktok-accounts?done=unlinked"))
