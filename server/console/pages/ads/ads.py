"""Ads Manager: the Spark Ads of a Business Center, whether each runs and why not, and what can be changed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from server.ad_accounts import members
from server.ad_accounts import service as ad_accounts
from server.auth.dependencies import Cursor, Db
from server.authorizations import service as authorizations
from server.authorizations.gate import require_linked
from server.console import forms
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Database
from server.problems import NotFound
from server.spark_ads import service
from server.tiktok_accounts.routes import Links
from shared import wire
from shared.permissions import Permission
from shared.wire import AdRole

router = APIRouter(prefix="/bc/{bc_id}/ads", include_in_schema=False)
_ROWS = 25
_SELECT_LIMIT = 100
_STATUSES = {"running", "paused"}


@router.get("")
async def get_ads(
    request: Request,
    database: Db,
    links: Links,
    visit: CurrentVisit,
    status: Annotated[str, Query(max_length=20)] = "",
    advertiser: Annotated[str, Query(max_length=20)] = "",
    account: Annotated[str, Query(max_length=20)] = "",
    cursor: Cursor = None,
) -> Response:
    """List the ads, newest first, with whether each runs now."""
    actor, bc_id = visit.actor, visit.center.bc_id
    wanted = status if status in _STATUSES else ""
    filters = service.Filters(advertiser_id=advertiser or None, account_id=account or None, status=wanted or None)
    page = await database.read(service.list_ads, actor, bc_id, filters, cursor=cursor, limit=_ROWS, links=links)
    of_center = await database.read(ad_accounts.list_for_business_center, actor, bc_id, limit=_SELECT_LIMIT)
    linked = await database.read(authorizations.list_for_business_center, actor, bc_id, limit=_SELECT_LIMIT)
    return render(
        request,
        "ads.html",
        page=page,
        cursor=cursor,
        chosen={"status": wanted, "advertiser": advertiser, "account": account},
        advertisers=of_center.items,
        accounts=[item.account for item in linked.items],
        operated=await _operated(database, visit),
    )


async def _operated(database: Database, visit: Visit) -> set[str]:
    """Return the ids of the ad accounts on which the visitor may run ads."""
    found = await database.read(members.list_for_actor, visit.actor, visit.center.bc_id)
    return {ad_account.advertiser_id for ad_account, role in found if role is not AdRole.ANALYST}


@router.get("/{ad_id}")
async def get_ad(
    request: Request, database: Db, links: Links, visit: CurrentVisit, ad_id: str, confirm: str = ""
) -> Response:
    """Show one ad: its post, its status with the reason, and what the visitor may change."""
    ad = await database.read(service.get, visit.actor, visit.center.bc_id, ad_id, links)
    granted = await _granted(database, visit, ad)
    may = ad.advertiser_id in await _operated(database, visit)
    return render(
        request,
        "ad.html",
        ad=ad,
        may=may,
        confirming=confirm == "delete" and may,
        linked=granted is not None,
        locked=Permission.NEW_VIDEOS_ON_PROFILE not in (granted or []),
    )


async def _granted(database: Database, visit: Visit, ad: wire.SparkAd) -> list[Permission] | None:
    """Return what the account of an ad grants now, None if it is not linked."""
    try:
        return await database.read(require_linked, visit.center.bc_id, ad.account.account_id)
    except NotFound:
        return None


@router.post("/{ad_id}/pause")
async def post_pause(database: Db, visit: CurrentVisit, ad_id: str, form: forms.CheckedForm) -> Response:
    """Pause the ad."""
    await database.write(service.pause, visit.actor, visit.center.bc_id, ad_id)
    return _back(visit, form, ad_id, "ad-paused")


@router.post("/{ad_id}/resume")
async def post_resume(database: Db, visit: CurrentVisit, ad_id: str, form: forms.CheckedForm) -> Response:
    """Let the ad run again, if everything it needs is in place."""
    await database.write(service.resume, visit.actor, visit.center.bc_id, ad_id)
    return _back(visit, form, ad_id, "ad-resumed")


def _back(visit: Visit, form: FormData, ad_id: str, done: str) -> Response:
    """Go back to where the button was."""
    place = "ads" if forms.text(form, "from") == "list" else f"ads/{ad_id}"
    return to(visit.path(f"{place}?done={done}"))


@router.post("/{ad_id}/ads-only")
async def post_ads_only(database: Db, visit: CurrentVisit, ad_id: str, form: forms.CheckedForm) -> Response:
    """Put a pushed post on the profile, or take it off."""
    ads_only = forms.text(form, "ads_only") == "on"
    await database.write(service.set_ads_only, visit.actor, visit.center.bc_id, ad_id, ads_only)
    return to(visit.path(f"ads/{ad_id}?done={'ads-only-on' if ads_only else 'ads-only-off'}"))


@router.post("/{ad_id}/delete")
async def post_delete(database: Db, visit: CurrentVisit, ad_id: str, _form: forms.CheckedForm) -> Response:
    """Delete the ad for good and go back to the list."""
    await database.write(service.delete, visit.actor, visit.center.bc_id, ad_id)
    return to(visit.path("ads?done=ad-deleted"))
