"""Using a linked account: its layers, its assigned members, and the data that its permissions open to members."""

from fastapi import APIRouter

from server.auth.dependencies import CurrentMember, Cursor, Db, PageSize
from server.authorizations import gated, layers, members
from server.authorizations.gate import MemberNotAssigned, PermissionNotGranted
from server.business_centers.people import LastAdmin
from server.business_centers.routes import ADMIN, MEMBER
from server.problems import MalformedRequest, responses
from server.tiktok_accounts.offerings import Kind
from shared import wire

router = APIRouter(prefix="/business-centers/{bc_id}/tiktok-accounts/{account_id}", tags=["Using an account"])
people_router = APIRouter(prefix="/business-centers/{bc_id}", tags=["Business Centers"])
USE = (*MEMBER, PermissionNotGranted, MemberNotAssigned)


@router.get("/layers", summary="What is missing for Spark Ads", responses=responses(*MEMBER))
async def get_layers(bc_id: str, account_id: str, database: Db, actor: CurrentMember) -> wire.Layers:
    """Return the three layers: which ones are done, and the next step for the others."""
    return await database.read(layers.layers, actor, bc_id, account_id)


@router.get("/members", summary="List assigned members", responses=responses(*MEMBER))
async def list_assigned_members(
    bc_id: str, account_id: str, database: Db, actor: CurrentMember
) -> wire.Page[wire.AccountMember]:
    """Return the members assigned to the account. Admins of the Business Center need no assignment."""
    return await database.read(members.list_members, actor, bc_id, account_id)


@router.put(
    "/members/{user_id}",
    status_code=204,
    summary="Assign a member",
    responses=responses(*ADMIN, PermissionNotGranted, MalformedRequest),
)
async def assign_member(
    bc_id: str, account_id: str, user_id: str, wanted: wire.AssignMember, database: Db, actor: CurrentMember
) -> None:
    """Let a member use the account for posts, LIVE or messages. For admins."""
    await database.write(members.assign, actor, bc_id, account_id, user_id, wanted.roles)


@router.delete("/members/{user_id}", status_code=204, summary="Unassign a member", responses=responses(*ADMIN))
async def unassign_member(bc_id: str, account_id: str, user_id: str, database: Db, actor: CurrentMember) -> None:
    """Unassign a member from the account, with immediate effect. For admins."""
    await database.write(members.unassign, actor, bc_id, account_id, user_id)


def _add_list(path: str, kind: Kind, summary: str, what: str) -> None:
    @router.get(path, summary=summary, name=f"list_{kind}_offerings", description=what, responses=responses(*USE))
    async def list_offerings(
        bc_id: str, account_id: str, database: Db, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
    ) -> wire.Page[wire.Offering]:
        return await database.read(gated.list_offerings, actor, bc_id, account_id, kind, cursor=cursor, limit=limit)


_add_list("/lives", "live", "List LIVE videos", "Return the account's LIVE videos. Needs LIVE videos.")
_add_list("/series", "series", "List Series", "Return the account's Series. Needs Series.")
_add_list("/showcase", "product", "List Showcase products", "Return the products in the Showcase. Needs Showcase.")


@router.get("/gmv-max", summary="Can LIVE GMV Max be used", responses=responses(*MEMBER))
async def get_gmv_max(bc_id: str, account_id: str, database: Db, actor: CurrentMember) -> wire.GmvMax:
    """Return whether LIVE GMV Max can be used; if not, `OCCUPIED` (another business has it) or `UNAUTHORIZED`."""
    return await database.read(gated.gmv_max, actor, bc_id, account_id)


@router.get("/insights", summary="Read insights", responses=responses(*USE))
async def get_insights(bc_id: str, account_id: str, database: Db, actor: CurrentMember) -> wire.Insights:
    """Return the account's numbers. Needs Manage TikTok account in BC."""
    return await database.read(gated.insights, actor, bc_id, account_id)


@router.get("/messages", summary="Read message settings", responses=responses(*USE))
async def get_messages(bc_id: str, account_id: str, database: Db, actor: CurrentMember) -> wire.MessageSettings:
    """Return the settings of TikTok Messaging Ads. Needs Message ads."""
    return await database.read(gated.get_messages, actor, bc_id, account_id)


@router.put("/messages", summary="Change message settings", responses=responses(*USE, MalformedRequest))
async def set_messages(
    bc_id: str, account_id: str, wanted: wire.MessageSettings, database: Db, actor: CurrentMember
) -> wire.MessageSettings:
    """Change the settings of TikTok Messaging Ads. Needs Message ads."""
    return await database.write(gated.set_messages, actor, bc_id, account_id, wanted)


@people_router.delete(
    "/members/{user_id}", status_code=204, summary="Remove a member", responses=responses(*ADMIN, LastAdmin)
)
async def remove_member(bc_id: str, user_id: str, database: Db, actor: CurrentMember) -> None:
    """End a membership and all of the person's roles, with immediate effect. The last admin must stay. For admins."""
    await database.write(members.remove_from_center, actor, bc_id, user_id)
