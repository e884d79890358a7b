"""The TikTok accounts tab, one account in detail, and what an admin may do with it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from server.ad_accounts import service as ad_accounts
from server.auth.dependencies import Codes, Cursor, Db
from server.authorizations import service
from server.console import forms
from server.console.rendering import render
from server.console.sign_in import to
from server.console.visit import CurrentVisit, Visit
from server.db import Database
from server.link_requests import service as link_requests
from shared import wire

router = APIRouter(prefix="/bc/{bc_id}/tiktok-accounts", include_in_schema=False)
_ROWS = 25
_WAITING_LIMIT = 50
_SELECT_LIMIT = 100


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
    return render(request, "tiktok_accounts.html", page=page, q=q.strip(), cursor=cursor, waiting=waiting)


@router.get("/{account_id}")
async def get_tiktok_account(
    request: Request, database: Db, visit: CurrentVisit, account_id: str, confirm: str = ""
) -> Response:
    """Show one account: its permissions, its ad accounts, and the way to unlink it."""
    item = await database.read(service.get_linked_account, visit.actor, visit.center.bc_id, account_id)
    return render(
        request,
        "tiktok_account.html",
        item=item,
        linkable=await _linkable(database, visit, item),
        confirming=confirm == "unlink" and visit.is_admin,
    )


async def _linkable(database: Database, visit: Visit, item: wire.LinkedAccount) -> list[wire.AdAccount]:
    all_of_them = await database.read(
        ad_accounts.list_for_business_center, visit.actor, visit.center.bc_id, limit=_SELECT_LIMIT
    )
    linked = {ad_account.advertiser_id for ad_account in item.ad_accounts}
    return [ad_account for ad_account in all_of_them.items if ad_account.advertiser_id not in linked]


@router.post("/{account_id}/unlink")
async def post_unlink(database: Db, visit: CurrentVisit, account_id: str, _form: forms.CheckedForm) -> Response:
    """End the authorization and go back to the list."""
    await database.write(service.unlink, visit.actor, visit.center.bc_id, account_id)
    return to(visit.path("tiktok-accounts?done=unlinked"))


@router.post("/{account_id}/ad-accounts")
async def post_link_ad_account(database: Db, visit: CurrentVisit, account_id: str, form: forms.CheckedForm) -> Response:
    """Link an ad account and show the account again."""
    advertiser_id = forms.text(form, "advertiser_id")
    await database.write(service.link_ad_account, visit.actor, visit.center.bc_id, account_id, advertiser_id)
    return to(visit.path(f"tiktok-accounts/{account_id}?done=linked-ad-account"))


@router.post("/{account_id}/ad-accounts/{advertiser_id}/unlink")
async def post_unlink_ad_account(
    database: Db, visit: CurrentVisit, account_id: str, advertiser_id: str, _form: forms.CheckedForm
) -> Response:
    """Unlink an ad account and show the account again."""
    await database.write(service.unlink_ad_account, visit.actor, visit.center.bc_id, account_id, advertiser_id)
    return to(visit.path(f"tiktok-accounts/{account_id}?done=unlinked-ad-account"))
