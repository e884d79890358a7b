"""`/business-centers/{bc_id}/ad-accounts`: ad accounts and the roles on them."""

from fastapi import APIRouter

from server.ad_accounts import members, service
from server.auth.dependencies import CurrentMember, Cursor, Db, PageSize
from server.business_centers.routes import ADMIN, MEMBER
from server.problems import MalformedRequest, responses
from shared import wire

router = APIRouter(prefix="/business-centers/{bc_id}/ad-accounts", tags=["Ad accounts"])


@router.get("", summary="List ad accounts", responses=responses(*MEMBER))
async def list_ad_accounts(
    bc_id: str, database: Db, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.AdAccount]:
    """Return the ad accounts of a Business Center, oldest first."""
    return await database.read(service.list_for_business_center, actor, bc_id, cursor=cursor, limit=limit)


@router.post("", status_code=201, summary="Create an ad account", responses=responses(*ADMIN, MalformedRequest))
async def create_ad_account(
    bc_id: str, wanted: wire.CreateAdAccount, database: Db, actor: CurrentMember
) -> wire.AdAccount:
    """Create an ad account. For admins."""
    return await database.write(members.create, actor, bc_id, wanted.name)


@router.get("/{advertiser_id}/members", summary="List roles on an ad account", responses=responses(*MEMBER))
async def list_ad_account_members(
    bc_id: str, advertiser_id: str, database: Db, actor: CurrentMember
) -> wire.Page[wire.AdAccountMember]:
    """Return the members with a role on an ad account, by name. Admins of the Business Center need no role."""
    return await database.read(members.list_members, actor, bc_id, advertiser_id)


@router.put(
    "/{advertiser_id}/members/{user_id}",
    status_code=204,
    summary="Give a role on an ad account",
    responses=responses(*ADMIN, MalformedRequest),
)
async def set_ad_account_member(
    bc_id: str, advertiser_id: str, user_id: str, wanted: wire.SetAdRole, database: Db, actor: CurrentMember
) -> None:
    """Give a member a role on an ad account, or change it. For admins."""
    await database.write(members.set_member, actor, bc_id, advertiser_id, user_id, wanted.role)


@router.delete(
    "/{advertiser_id}/members/{user_id}",
    status_code=204,
    summary="Remove a role on an ad account",
    responses=responses(*ADMIN),
)
async def remove_ad_account_member(
    bc_id: str, advertiser_id: str, user_id: str, database: Db, actor: CurrentMember
) -> None:
    """Remove a member's role on an ad account, with immediate effect. For admins."""
    await database.write(members.remove_member, actor, bc_id, advertiser_id, user_id)
