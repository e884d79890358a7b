"""`/business-centers/{bc_id}/ad-accounts`."""

from fastapi import APIRouter

from server.ad_accounts import service
from server.auth.dependencies import CurrentMember, Cursor, Db, PageSize
from server.business_centers.routes import MEMBER
from server.problems import responses
from shared import wire

router = APIRouter(prefix="/business-centers/{bc_id}", tags=["Ad accounts"])


@router.get("/ad-accounts", summary="List ad accounts", responses=responses(*MEMBER))
async def list_ad_accounts(
    bc_id: str, database: Db, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.AdAccount]:
    """Return the ad accounts of a Business Center in the order they were made."""
    return await database.read(service.list_for_business_center, actor, bc_id, cursor=cursor, limit=limit)
