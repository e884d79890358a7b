"""`/business-centers`: centers, members, invitations and the audit log."""

from fastapi import APIRouter, Request

from server.auth.dependencies import CurrentMember, Cursor, Db, MemberCursor, PageSize
from server.auth.routes import SIGNED_IN
from server.business_centers import people, service
from server.problems import MalformedRequest, NotFound, responses
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
    """Return one Business Center and how many of its 800 places for accounts are taken."""
    return await database.read(service.get, actor, bc_id)


@router.get("/{bc_id}/members", summary="List members", responses=responses(*MEMBER))
async def list_members(
    bc_id: str, database: Db, actor: CurrentMember, cursor: MemberCursor = None, limit: PageSize = 50
) -> wire.Page[wire.Member]:
    """Return the members of a Business Center, by name."""
    return await database.read(service.list_members, actor, bc_id, cursor=cursor, limit=limit)


@router.get("/{bc_id}/audit-log", summary="Read the audit log", responses=responses(*ADMIN))
async def list_audit_log(
    bc_id: str, database: Db, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.EventRow]:
    """Return everything that happened in a Business Center, newest first. For admins."""
    return await database.read(service.list_events, actor, bc_id, cursor=cursor, limit=limit)


@router.patch(
    "/{bc_id}/members/{user_id}",
    status_code=204,
    summary="Change a member's role",
    responses=responses(*ADMIN, people.LastAdmin, MalformedRequest),
)
async def set_member_role(bc_id: str, user_id: str, wanted: wire.SetRole, database: Db, actor: CurrentMember) -> None:
    """Change a member's role. The last admin must remain one. For admins."""
    await database.write(people.set_role, actor, bc_id, user_id, wanted.role)


@router.post(
    "/{bc_id}/invitations",
    status_code=201,
    summary="Invite a member",
    responses=responses(*ADMIN, people.AlreadyAMember, MalformedRequest),
)
async def invite_member(
    bc_id: str, wanted: wire.Invite, request: Request, database: Db, actor: CurrentMember
) -> wire.Invitation:
    """Invite somebody. The server sends no mail: only this answer contains the link; pass it on. For admins."""
    origin: str = request.app.state.settings.origin
    return await database.write(people.invite, actor, bc_id, wanted, origin)


@router.get("/{bc_id}/invitations", summary="List invitations", responses=responses(*ADMIN))
async def list_invitations(bc_id: str, database: Db, actor: CurrentMember) -> wire.Page[wire.Invitation]:
    """Return the open invitations, newest first. For admins."""
    return await database.read(people.list_invitations, actor, bc_id)


@router.delete(
    "/{bc_id}/invitations/{invitation_id}",
    status_code=204,
    summary="Withdraw an invitation",
    responses=responses(*ADMIN),
)
async def withdraw_invitation(bc_id: str, invitation_id: str, database: Db, actor: CurrentMember) -> None:
    """Withdraw an invitation, which invalidates its link. For admins."""
    await database.write(people.withdraw, actor, bc_id, invitation_id)
