"""Ads Manager: list a Business Center's Spark Ads, show why each runs or does not, and change them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from server.ad_accounts import members
from server.ad_accounts import service as ad_accounts
from server.auth.dependencies import Cursor, Db
from server.authorizations import service as authorizations
from server.console import forms
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Connection
from server.spark_ads import service
from server.tiktok_accounts.media import MediaLinks
from server.tiktok_accounts.routes import Links
from shared.permissions import Permission
from shared.wire import AdRole

router = APIRouter(prefix="/bc/{bc_id}/ads", include_in_schema=False)
_ROWS = 25
_SELECT_LIMIT = 100
_STATUSES = {"running", "paused"}


async def _chosen(
    status: Annotated[str, Query(max_length=20)] = "",
    advertiser: Annotated[str, Query(max_length=20)] = "",
    account: Annotated[str, Query(max_length=20)] = "",
) -> dict[str, str]:
    return {"status": status if status in _STATUSES else "", "advertiser": advertiser, "account": account}


def _ads(
    connection: Connection, visit: Visit, links: MediaLinks, chosen: dict[str, str], cursor: str | None
) -> dict[str, Any]:
    of = (connection, visit.actor, visit.center.bc_id)
    filters = service.Filters(
        advertiser_id=chosen["advertiser"] or None,
        account_id=chosen["account"] or None,
        status=chosen["status"] or None,
    )
    linked = authorizations.list_for_business_center(*of, limit=_SELECT_LIMIT).items
    return {
        "page": service.list_ads(*of, filters, cursor=cursor, limit=_ROWS, links=links),
        "advertisers": ad_accounts.list_for_business_center(*of, limit=_SELECT_LIMIT).items,
        "accounts": [item.account for item in linked],
        "operated": _operated(connection, visit),
    }


@router.get("")
async def get_ads(
    request: Request,
    database: Db,
    links: Links,
    visit: CurrentVisit,
    chosen: Annotated[dict[str, str], Depends(_chosen)],
    cursor: Cursor = None,
) -> Response:
    """List the ads, newest first, and show whether each runs now."""
    shown = await database.read(_ads, visit, links, chosen, cursor)
    return render(request, "ads.html", cursor=cursor, chosen=chosen, **shown)


def _operated(connection: Connection, visit: Visit) -> set[str]:
    """Return the ids of the ad accounts on which the visitor may run ads."""
    found = members.list_for_actor(connection, visit.actor, visit.center.bc_id)
    return {ad_account.advertiser_id for ad_account, role in found if role is not AdRole.ANALYST}


def _ad(connection: Connection, visit: Visit, links: MediaLinks, ad_id: str) -> dict[str, Any]:
    ad = service.get(connection, visit.actor, visit.center.bc_id, ad_id, links)
    granted = authorizations.granted_now(connection, visit.center.bc_id, ad.account.account_id)
    return {
        "ad": ad,
        "may": ad.advertiser_id in _operated(connection, visit),
        "linked": granted is not None,
        "locked": Permission.NEW_VIDEOS_ON_PROFILE not in (granted or []),
    }


@router.get("/{ad_id}")
async def get_ad(
    request: Request, database: Db, links: Links, visit: CurrentVisit, ad_id: str, confirm: str = ""
) -> Response:
    """Show one ad: its post, its status with the reason, and what the visitor may change."""
    shown = await database.read(_ad, visit, links, ad_id)
    return render(request, "ad.html", confirming=confirm == "delete" and shown["may"], **shown)


@router.post("/{ad_id}/pause")
async def post_pause(database: Db, visit: CurrentVisit, ad_id: str, form: forms.CheckedForm) -> Response:
    """Pause the ad."""
    await database.write(service.pause, visit.actor, visit.center.bc_id, ad_id)
    return _back(visit, form, ad_id, "ad-paused")


@router.post("/{ad_id}/resume")
async def post_resume(database: Db, visit: CurrentVisit, ad_id: str, form: forms.CheckedForm) -> Response:
    """Let the ad run again, if it could be created now."""
    await database.write(service.resume, visit.actor, visit.center.bc_id, ad_id)
    return _back(visit, form, ad_id, "ad-resumed")


def _back(visit: Visit, form: FormData, ad_id: str, done: str) -> Response:
    """Go back to the page with the button: the list or the ad."""
    place = "ads" if forms.text(form, "from") == "list" else f"ads/{ad_id}"
    return to(visit.path(f"{place}?done={done}"))


@router.post("/{ad_id}/ads-only")
async def post_ads_only(database: Db, visit: CurrentVisit, ad_id: str, form: forms.CheckedForm) -> Response:
    """Show a pushed post on the profile, or hide it there."""
    ads_only = forms.text(form, "ads_only") == "on"
    await database.write(service.set_ads_only, visit.actor, visit.center.bc_id, ad_id, ads_only)
    return to(visit.path(f"ads/{ad_id}?done={'ads-only-on' if ads_only else 'ads-only-off'}"))


@router.post("/{ad_id}/delete")
async def post_delete(database: Db, visit: CurrentVisit, ad_id: str, _form: forms.CheckedForm) -> Response:
    """Delete the ad permanently and go back to the list."""
    await database.write(service.delete, visit.actor, visit.center.bc_id, ad_id)
    return to(visit.path("ads?done=ad-deleted"))
