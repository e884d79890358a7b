"""Authorizations from both sides: the owner's linked businesses, and the Business Center's TikTok accounts."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from server.auth.dependencies import CurrentMember, CurrentOwner, Cursor, Db, PageSize, database_of
from server.auth.routes import SIGNED_IN
from server.authorizations import ending, inbox, service
from server.business_centers.routes import ADMIN, MEMBER
from server.business_centers.service import WrongKindOfSession
from server.problems import MalformedRequest, NotFound, responses
from shared import wire

owner_router = APIRouter(prefix="/me", tags=["Linked businesses"])
member_router = APIRouter(prefix="/business-centers/{bc_id}/tiktok-accounts", tags=["TikTok accounts"])
_OWNER = (*SIGNED_IN, WrongKindOfSession)


@owner_router.get("/linked-businesses", summary="List linked businesses", responses=responses(*_OWNER))
async def list_linked_businesses(
    database: Db, actor: CurrentOwner, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.Authorization]:
    """Return the Business Centers that the caller's account is linked to, newest first."""
    return await database.read(service.list_for_owner, actor, cursor=cursor, limit=limit)


@owner_router.get(
    "/linked-businesses/{authorization_id}",
    summary="Get a linked business",
    responses=responses(*_OWNER, NotFound),
)
async def get_linked_business(authorization_id: str, database: Db, actor: CurrentOwner) -> wire.Authorization:
    """Return what a Business Center was granted. The authorization has ended if `ended_at` is set."""
    return await database.read(service.get_for_owner, actor, authorization_id)


@owner_router.patch(
    "/linked-businesses/{authorization_id}",
    summary="Turn permissions off",
    responses=responses(*_OWNER, NotFound, ending.NotGrantedNow, MalformedRequest),
)
async def narrow(authorization_id: str, wanted: wire.Narrow, database: Db, actor: CurrentOwner) -> wire.Authorization:
    """Keep only some of the granted permissions, with immediate effect. Turning one on needs a new code."""
    return await database.write(ending.narrow, actor, authorization_id, wanted.permissions)


@owner_router.delete(
    "/linked-businesses/{authorization_id}",
    status_code=204,
    summary="Revoke",
    responses=responses(*_OWNER, NotFound),
)
async def revoke(authorization_id: str, database: Db, actor: CurrentOwner) -> None:
    """Revoke everything granted to a Business Center, with immediate effect. Revoking twice succeeds."""
    await database.write(ending.revoke, actor, authorization_id)


@owner_router.get("/inbox", summary="List what happened", responses=responses(*_OWNER))
async def list_inbox(
    database: Db, actor: CurrentOwner, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.InboxItem]:
    """Return links, changes, endings, declined requests, and attempts by other accounts to use this account's codes."""
    return await database.read(inbox.list_for_owner, actor, cursor=cursor, limit=limit)


@member_router.get("", summary="List linked TikTok accounts", responses=responses(*MEMBER))
async def list_tiktok_accounts(
    bc_id: str,
    request: Request,
    actor: CurrentMember,
    search: Annotated[str, Query(max_length=100, description="part of the handle or the name")] = "",
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> wire.Page[wire.LinkedAccount]:
    """Return one item per active authorization, newest first, with granted and requested permissions."""
    return await database_of(request).read(
        service.list_for_business_center, actor, bc_id, search=search, cursor=cursor, limit=limit
    )


@member_router.get("/{account_id}", summary="Get a linked TikTok account", responses=responses(*MEMBER))
async def get_tiktok_account(bc_id: str, account_id: str, database: Db, actor: CurrentMember) -> wire.LinkedAccount:
    """Return one linked account."""
    return await database.read(service.get_linked_account, actor, bc_id, account_id)


@member_router.delete("/{account_id}", status_code=204, summary="Unlink a TikTok account", responses=responses(*ADMIN))
async def unlink(bc_id: str, account_id: str, database: Db, actor: CurrentMember) -> None:
    """End the authorization from the Business Center's side, with immediate effect. For admins."""
    await database.write(ending.unlink, actor, bc_id, account_id)


@member_router.put(
    "/{account_id}/ad-accounts/{advertiser_id}",
    status_code=204,
    summary="Link an ad account",
    responses=responses(*ADMIN),
)
async def link_ad_account(bc_id: str, account_id: str, advertiser_id: str, database: Db, actor: CurrentMember) -> None:
    """Let an ad account use a linked TikTok account. For admins."""
    await database.write(service.link_ad_account, actor, bc_id, account_id, advertiser_id)


@member_router.delete(
    "/{account_id}/ad-accounts/{advertiser_id}",
    status_code=204,
    summary="Unlink an ad account",
    responses=responses(*ADMIN),
)
async def unlink_ad_account(
    bc_id: str, account_id: str, advertiser_id: str, database: Db, actor: CurrentMember
) -> None:
    """Remove the link between an ad account and a TikTok account. For admins."""
    await database.write(service.unlink_ad_account, actor, bc_id, account_id, advertiser_id)
