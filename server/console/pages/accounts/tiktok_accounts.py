"""The TikTok accounts tab, one account in detail, and what an admin may do with it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from server.auth.dependencies import Codes, Cursor, Db
from server.authorizations import ending, layers, service
from server.console import choices, forms, words
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit
from server.link_requests import service as link_requests
from shared import wire

router = APIRouter(prefix="/bc/{bc_id}/tiktok-accounts", include_in_schema=False)
_ROWS = 25
_WAITING_LIMIT = 50


@router.get("")
async def get_tiktok_accounts(
    request: Request,
    database: Db,
    codes: Codes,
    visit: CurrentVisit,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Cursor = None,
) -> Response:
    """List the linked accounts, and above them the codes that wait for an owner."""
    page = await database.read(
        service.list_for_business_center, visit.actor, visit.center.bc_id, search=q, cursor=cursor, limit=_ROWS
    )
    waiting: list[wire.LinkRequest] = []
    if visit.is_admin and not q and not cursor:
        listed = await database.read(
            link_requests.list_for_business_center,
            visit.actor,
            codes,
            visit.center.bc_id,
            only_open=True,
            limit=_WAITING_LIMIT,
        )
        waiting = listed.items
    granted = {item.account.account_id: item.permissions.granted for item in page.items}
    return render(
        request,
        "tiktok_accounts.html",
        page=page,
        q=q.strip(),
        cursor=cursor,
        waiting=waiting,
        layers=await database.read(layers.layers_of_many, visit.center.bc_id, granted),
        LAYERS_MISSING=words.LAYERS_MISSING,
    )


@router.get("/{account_id}")
async def get_tiktok_account(
    request: Request, database: Db, visit: CurrentVisit, account_id: str, confirm: str = ""
) -> Response:
    """Show one account: its permissions, what is missing for Spark Ads, and the way to unlink it."""
    item = await database.read(service.get_linked_account, visit.actor, visit.center.bc_id, account_id)
    found = await database.read(layers.layers, visit.actor, visit.center.bc_id, account_id)
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
