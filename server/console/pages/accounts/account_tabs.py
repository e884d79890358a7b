"""The other pages of one TikTok account: its members, its ad accounts, and what happened to it."""

from typing import Final

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
from server.database.core import Database
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


@router.get("/{account_id}/members")
async def get_members(request: Request, database: Db, visit: CurrentVisit, account_id: str) -> Response:
    """List who may use the account, and let admins assign others."""
    item = await database.read(service.get_linked_account, visit.actor, visit.center.bc_id, account_id)
    assigned = (await database.read(members.list_members, visit.actor, visit.center.bc_id, account_id)).items
    everybody = await database.read(business_centers.list_members, visit.actor, visit.center.bc_id, limit=_SELECT_LIMIT)
    known = {member.user_id for member in assigned}
    assignable = [
        member for member in everybody.items if member.role is wire.Role.STANDARD and member.user_id not in known
    ]
    return render(
        request,
        "account_members.html",
        item=item,
        assigned=assigned,
        assignable=assignable,
        possible=members.possible_roles(item.permissions.granted),
        ROLE_TITLES=ROLE_TITLES,
    )


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
    """Take a member off the account and show the list again."""
    await database.write(members.unassign, visit.actor, visit.center.bc_id, account_id, user_id)
    return to(visit.path(f"tiktok-accounts/{account_id}/members?done=unassigned"))


@router.get("/{account_id}/link-accounts")
async def get_link_accounts(request: Request, database: Db, visit: CurrentVisit, account_id: str) -> Response:
    """List the linked ad accounts, and let admins link others."""
    item = await database.read(service.get_linked_account, visit.actor, visit.center.bc_id, account_id)
    return render(request, "account_link_accounts.html", item=item, linkable=await _linkable(database, visit, item))


@router.get("/{account_id}/activity")
async def get_activity(request: Request, database: Db, visit: CurrentVisit, account_id: str) -> Response:
    """List what happened to the account in this Business Center, newest first; for admins."""
    item = await database.read(service.get_linked_account, visit.actor, visit.center.bc_id, account_id)
    events = await database.read(business_centers.list_events_of_account, visit.actor, visit.center.bc_id, account_id)
    return render(request, "account_activity.html", item=item, events=events)


async def _linkable(database: Database, visit: Visit, item: wire.LinkedAccount) -> list[wire.AdAccount]:
    all_of_them = await database.read(
        ad_accounts.list_for_business_center, visit.actor, visit.center.bc_id, limit=_SELECT_LIMIT
    )
    linked = {ad_account.advertiser_id for ad_account in item.ad_accounts}
    return [ad_account for ad_account in all_of_them.items if ad_account.advertiser_id not in linked]


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
