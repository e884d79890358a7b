"""`/business-centers`: centers, members, the audit log."""

from fastapi import APIRouter

from server.auth.dependencies import CurrentMember, Cursor, Db, PageSize
from server.auth.routes import SIGNED_IN
from server.business_centers import service
from server.problems import NotFound, responses
from shared import wire

router = APIRouter(prefix="/business-centers", tags=["Business Centers"])
MEMBER = (*SIGNED_IN, service.WrongKindOfSession, NotFound)
ADMIN = (*MEMBER, service.AdminRoleRequired)


@router.get("", summary="List my Business Centers", responses=responses(*SIGNED_IN, service.WrongKindOfSession))
async def list_business_centers(database: Db, actor: CurrentMember) -> wire.Page[wire.BusinessCenter]:
    """Return the Business Centers the caller is a member of, by name."""
    return await database.read(service.list_for, actor)


@router.get("/{bc_id}", summary="Get a Business Center", responses=responses(*MEMBER))
async def get_business_center(bc_id: str, database: Db, actor: CurrentMember) -> wire.BusinessCenter:
    """Return one Business Center, with how many of its 800 places are taken."""
    return await database.read(service.get, actor, bc_id)


@router.get("/{bc_id}/members", summary="List members", responses=responses(*MEMBER))
async def list_members(
    bc_id: str, database: Db, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.Member]:
    """Return the members of a Business Center, by name."""
    return await database.read(service.list_members, actor, bc_id, cursor=cursor, limit=limit)


@router.get("/{bc_id}/audit-log", summary="Read the audit log", responses=responses(*ADMIN))
async def list_audit_log(
    bc_id: str, database: Db, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.EventRow]:
    """Return everything that happened in a Business Center, newest first. For admins."""
    return await database.read(service.list_events, actor, bc_id, cursor=cursor, limit=limit)
