"""The other pages of one TikTok account: its members, its ad accounts and its activity."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.ad_accounts import service as ad_accounts
from server.auth.dependencies import Db
from server.authorizations import members, service
from server.business_centers import service as business_centers
from server.console import forms
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Connection
from shared import wire
from shared.languages import Message
from shared.wire import AccountRole

router = APIRouter(prefix="/bc/{bc_id}/tiktok-accounts", include_in_schema=False)
_SELECT_LIMIT = 100
ROLE_TITLES: Final = {
    AccountRole.POST: Message("Posts and new videos"),
    AccountRole.LIVE: "LIVE",
    AccountRole.DIRECT_MESSAGE: Message("Messages"),
}


def _members(connection: Connection, visit: Visit, account_id: str) -> dict[str, Any]:
    actor, bc_id = visit.actor, visit.center.bc_id
    item = service.get_linked_account(connection, actor, bc_id, account_id)
    assigned = members.list_members(connection, actor, bc_id, account_id).items
    known = {member.user_id for member in assigned}
    everybody = business_centers.list_members(connection, actor, bc_id, limit=_SELECT_LIMIT).items
    standard = [member for member in everybody if member.role is wire.Role.STANDARD]
    return {
        "item": item,
        "assigned": assigned,
        "assignable": [member for member in standard if member.user_id not in known],
        "possible": members.possible_roles(item.permissions.granted),
    }


@router.get("/{account_id}/members")
async def get_members(request: Request, database: Db, visit: CurrentVisit, account_id: str) -> Response:
    """List the members assigned to the account, and let admins assign others."""
    shown = await database.read(_members, visit, account_id)
    return render(request, "account_members.html", ROLE_TITLES=ROLE_TITLES, **shown)


@router.post("/{account_id}/members")
async def post_assign(database: Db, visit: CurrentVisit, account_id: str, form: forms.CheckedForm) -> Response:
    """Assign a member and show the list again."""
    roles = [AccountRole(value) for value in form.getlist("roles") if value in set(AccountRole)]
    here = f"tiktok-accounts/{account_id}/members"
    if not roles:
        return to(visit.path(f"{here}?done=no-role"))
    user_id = forms.text(form, "user_id")
    await database.write(members.assign, visit.actor, visit.center.bc_id, account_id, user_id, roles)
    return to(visit.path(f"{here}?done=assigned"))


@router.post("/{account_id}/members/{user_id}/unassign")
async def post_unassign(
    database: Db, visit: CurrentVisit, account_id: str, user_id: str, _form: forms.CheckedForm
) -> Response:
    """Unassign a member from the account and show the list again."""
    await database.write(members.unassign, visit.actor, visit.center.bc_id, account_id, user_id)
    return to(visit.path(f"tiktok-accounts/{account_id}/members?done=unassigned"))


def _link_accounts(connection: Connection, visit: Visit, account_id: str) -> dict[str, Any]:
    actor, bc_id = visit.actor, visit.center.bc_id
    item = service.get_linked_account(connection, actor, bc_id, account_id)
    linked = {ad_account.advertiser_id for ad_account in item.ad_accounts}
    of_center = ad_accounts.list_for_business_center(connection, actor, bc_id, limit=_SELECT_LIMIT).items
    return {"item": item, "linkable": [one for one in of_center if one.advertiser_id not in linked]}


@router.get("/{account_id}/link-accounts")
async def get_link_accounts(request: Request, database: Db, visit: CurrentVisit, account_id: str) -> Response:
    """List the linked ad accounts, and let admins link others."""
    return render(request, "account_link_accounts.html", **await database.read(_link_accounts, visit, account_id))


def _activity(connection: Connection, visit: Visit, account_id: str) -> dict[str, Any]:
    of = (connection, visit.actor, visit.center.bc_id, account_id)
    return {"item": service.get_linked_account(*of), "events": business_centers.list_events_of_account(*of)}


@router.get("/{account_id}/activity")
async def get_activity(request: Request, database: Db, visit: CurrentVisit, account_id: str) -> Response:
    """List the account's events in this Business Center, newest first. For admins."""
    return render(request, "account_activity.html", **await database.read(_activity, visit, account_id))


@router.post("/{account_id}/ad-accounts")
async def post_link_ad_account(database: Db, visit: CurrentVisit, account_id: str, form: forms.CheckedForm) -> Response:
    """Link an ad account and show the account again."""
    advertiser_id = forms.text(form, "advertiser_id")
    await database.write(service.link_ad_account, visit.actor, visit.center.bc_id, account_id, advertiser_id)
    return to(visit.path(f"tiktok-accounts/{account_id}/link-accounts?done=linked-ad-account"))


@router.post("/{account_id}/ad-accounts/{advertiser_id}/unlink")
async def post_unlink_ad_account(
    database: Db, visit: CurrentVisit, account_id: str, advertiser_id: str, _form: forms.CheckedForm
) -> Response:
    """Unlink an ad account and show the account again."""
    await database.write(service.unlink_ad_account, visit.actor, visit.center.bc_id, account_id, advertiser_id)
    return to(visit.path(f"tiktok-accounts/{account_id}/link-accounts?done=unlinked-ad-account"))
