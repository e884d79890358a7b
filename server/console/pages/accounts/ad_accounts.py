"""The ad accounts of a Business Center: create one, manage the roles on it, and see its TikTok accounts."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from server.ad_accounts import members, service
from server.auth.dependencies import Cursor, Db
from server.authorizations import service as authorizations
from server.business_centers import service as business_centers
from server.console import forms
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Connection
from shared import wire
from shared.languages import Message
from shared.wire import AdRole

router = APIRouter(prefix="/bc/{bc_id}/ad-accounts", include_in_schema=False)
_LIMIT = 100
_NO_NAME = Message("Give the ad account a name of up to 100 characters.")


@router.get("")
async def get_ad_accounts(request: Request, database: Db, visit: CurrentVisit, cursor: Cursor = None) -> Response:
    """List the ad accounts."""
    page = await database.read(service.list_for_business_center, visit.actor, visit.center.bc_id, cursor=cursor)
    return render(request, "ad_accounts.html", page=page, cursor=cursor, name="", error="")


@router.post("")
async def post_ad_account(request: Request, database: Db, visit: CurrentVisit, form: forms.CheckedForm) -> Response:
    """Create an ad account and go to its page. After an error, show the form as it was."""
    actor, bc_id = visit.actor, visit.center.bc_id
    await database.read(business_centers.require_admin, actor, bc_id, "create ad accounts")
    try:
        wanted = wire.CreateAdAccount(name=forms.text(form, "name"))
    except ValidationError:
        page = await database.read(service.list_for_business_center, actor, bc_id)
        name = forms.text(form, "name")
        return render(request, "ad_accounts.html", status=422, page=page, cursor=None, name=name, error=_NO_NAME)
    made = await database.write(members.create, actor, bc_id, wanted.name)
    return to(visit.path(f"ad-accounts/{made.advertiser_id}?done=ad-account-created"))


def _ad_account(connection: Connection, visit: Visit, advertiser_id: str) -> dict[str, Any]:
    actor, bc_id = visit.actor, visit.center.bc_id
    everybody = business_centers.list_members(connection, actor, bc_id, limit=_LIMIT).items
    return {
        "item": service.get(connection, bc_id, advertiser_id),
        "roles": members.list_members(connection, actor, bc_id, advertiser_id).items,
        "own": members.role_of(connection, actor, bc_id, advertiser_id),
        "candidates": [member for member in everybody if member.role is wire.Role.STANDARD],
        "linked": authorizations.list_for_business_center(
            connection, actor, bc_id, advertiser_id=advertiser_id, limit=_LIMIT
        ),
    }


@router.get("/{advertiser_id}")
async def get_ad_account(request: Request, database: Db, visit: CurrentVisit, advertiser_id: str) -> Response:
    """Show one ad account: the roles on it, and the TikTok accounts it is linked to."""
    shown = await database.read(_ad_account, visit, advertiser_id)
    return render(request, "ad_account.html", AD_ROLES=list(AdRole), **shown)


@router.post("/{advertiser_id}/members")
async def post_role(database: Db, visit: CurrentVisit, advertiser_id: str, form: forms.CheckedForm) -> Response:
    """Give a member a role or change it, and show the ad account again."""
    chosen = forms.text(form, "role")
    role = AdRole(chosen) if chosen in set(AdRole) else AdRole.ANALYST
    user_id = forms.text(form, "user_id")
    await database.write(members.set_member, visit.actor, visit.center.bc_id, advertiser_id, user_id, role)
    return to(visit.path(f"ad-accounts/{advertiser_id}?done=ad-role-set"))


@router.post("/{advertiser_id}/members/{user_id}/remove")
async def post_remove_role(
    database: Db, visit: CurrentVisit, advertiser_id: str, user_id: str, _form: forms.CheckedForm
) -> Response:
    """Remove a role and show the ad account again."""
    await database.write(members.remove_member, visit.actor, visit.center.bc_id, advertiser_id, user_id)
    return to(visit.path(f"ad-accounts/{advertiser_id}?done=ad-role-removed"))
