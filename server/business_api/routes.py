"""`/business-centers/{bc_id}/access-tokens`, `/api-apps`, `/api-calls`: who may call the Business API, and who did."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, status

from server.auth.dependencies import CurrentMember, Cursor, Db, PageSize
from server.business_api import apps, calls, tokens
from server.business_centers.routes import ADMIN, MEMBER
from server.problems import MalformedRequest, responses
from shared import wire

router = APIRouter(prefix="/business-centers/{bc_id}", tags=["Business API access"])


@router.post(
    "/access-tokens",
    status_code=status.HTTP_201_CREATED,
    summary="Make an access token",
    responses=responses(*MEMBER, MalformedRequest),
)
async def create_access_token(
    bc_id: str, wanted: wire.CreateAccessToken, database: Db, actor: CurrentMember
) -> wire.NewAccessToken:
    """Make a Business API token in the caller's own name. Only this answer contains it."""
    return await database.write(tokens.create, actor, bc_id, wanted)


@router.get("/access-tokens", summary="List access tokens", responses=responses(*MEMBER))
async def list_access_tokens(
    bc_id: str, database: Db, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.AccessToken]:
    """Return tokens, newest first. Admins see all of the Business Center's tokens, others their own."""
    return await database.read(tokens.list_tokens, actor, bc_id, cursor=cursor, limit=limit)


@router.delete(
    "/access-tokens/{token_id}", status_code=204, summary="Revoke an access token", responses=responses(*MEMBER)
)
async def revoke_access_token(bc_id: str, token_id: str, database: Db, actor: CurrentMember) -> None:
    """Revoke a token immediately. Admins can revoke any token, others their own. Repeating this succeeds."""
    await database.write(tokens.revoke, actor, bc_id, token_id)


@router.post(
    "/api-apps",
    status_code=status.HTTP_201_CREATED,
    summary="Make a developer app",
    responses=responses(*ADMIN, MalformedRequest),
)
async def create_api_app(bc_id: str, wanted: wire.CreateApiApp, database: Db, actor: CurrentMember) -> wire.NewApiApp:
    """Make a developer app. It gets its tokens from `/oauth2/access_token/`. Only this answer contains its secret."""
    return await database.write(apps.create, actor, bc_id, wanted)


@router.get("/api-apps", summary="List developer apps", responses=responses(*ADMIN))
async def list_api_apps(
    bc_id: str, database: Db, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.ApiApp]:
    """Return the developer apps of a Business Center, newest first. For admins."""
    return await database.read(apps.list_apps, actor, bc_id, cursor=cursor, limit=limit)


@router.delete("/api-apps/{app_id}", status_code=204, summary="Revoke a developer app", responses=responses(*ADMIN))
async def revoke_api_app(bc_id: str, app_id: str, database: Db, actor: CurrentMember) -> None:
    """Revoke a developer app and all its tokens immediately. Repeating this succeeds. For admins."""
    await database.write(apps.revoke, actor, bc_id, app_id)


@router.post(
    "/api-apps/{app_id}/auth-codes",
    status_code=status.HTTP_201_CREATED,
    summary="Authorize a developer app",
    responses=responses(*MEMBER),
)
async def authorize_api_app(bc_id: str, app_id: str, database: Db, actor: CurrentMember) -> wire.AuthCode:
    """Let an app act in the caller's name. The app can exchange this code for a token once, within an hour."""
    return await database.write(apps.authorize, actor, bc_id, app_id)


@router.get("/api-calls", summary="Read the request log", responses=responses(*MEMBER))
async def list_api_calls(
    request: Request,
    bc_id: str,
    database: Db,
    actor: CurrentMember,
    endpoint: Annotated[str, Query(max_length=100, description="a part of the endpoint")] = "",
    only_errors: Annotated[bool, Query(description="only calls that were refused")] = False,
    token_id: Annotated[str | None, Query(max_length=20, description="calls with this token")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> wire.Page[wire.ApiCall]:
    """Return calls of the Business API, newest first. Admins see all calls, others those of their own tokens."""
    call_log: calls.CallLog = request.app.state.call_log
    await call_log.flush(database)  # so that the list includes a call made just before
    filters = calls.Filters(endpoint, only_errors, token_id)
    return await database.read(calls.list_calls, actor, bc_id, filters, cursor=cursor, limit=limit)
