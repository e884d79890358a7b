"""Spark codes from both sides: the owner makes and revokes them; the operator of an ad account uses them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status

from server.ad_accounts.members import AdAccountRoleRequired
from server.auth.dependencies import Address, AttemptCounter, CurrentMember, CurrentOwner, Cursor, Db, PageSize
from server.business_centers.routes import MEMBER
from server.problems import MalformedRequest, NotFound, TooManyAttempts, responses
from server.spark_codes import service
from server.spark_codes.codes import SparkCodes
from server.spark_codes.guesses import counted
from server.tiktok_accounts.routes import OWNER, Links
from shared import wire

owner_router = APIRouter(prefix="/me/posts/{post_id}/spark-code", tags=["Spark codes"])
member_router = APIRouter(
    prefix="/business-centers/{bc_id}/ad-accounts/{advertiser_id}/spark-codes", tags=["Spark codes"]
)


async def get_spark_codes(request: Request) -> SparkCodes:
    """Return the running application's `SparkCodes`."""
    codes: SparkCodes = request.app.state.spark_codes
    return codes


SparkCodesOf = Annotated[SparkCodes, Depends(get_spark_codes)]


@owner_router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Make a Spark code",
    responses=responses(*OWNER, NotFound, service.PostNotUsable, MalformedRequest),
)
async def create_spark_code(
    post_id: str, wanted: wire.MakeSparkCode, database: Db, codes: SparkCodesOf, actor: CurrentOwner
) -> wire.SparkCode:
    """Let businesses use one public post in ads. An earlier code for the post ends immediately."""
    return await database.write(service.create, actor, codes, post_id, wanted.days)


@owner_router.get("", summary="Get the Spark code", responses=responses(*OWNER, NotFound))
async def get_spark_code(post_id: str, database: Db, codes: SparkCodesOf, actor: CurrentOwner) -> wire.SparkCode:
    """Return the code of one of the caller's posts."""
    return await database.read(service.get, actor, codes, post_id)


@owner_router.delete("", status_code=204, summary="Revoke the Spark code", responses=responses(*OWNER, NotFound))
async def revoke_spark_code(post_id: str, database: Db, actor: CurrentOwner) -> None:
    """End the code immediately: ads that use it pause. Revoking twice succeeds."""
    await database.write(service.revoke, actor, post_id)


@member_router.post(
    "",
    summary="Use a Spark code",
    responses=responses(
        *MEMBER,
        AdAccountRoleRequired,
        service.SparkCodeNotFound,
        service.SparkCodeOver,
        service.PostNotUsable,
        MalformedRequest,
        TooManyAttempts,
    ),
)
async def use_spark_code(
    bc_id: str,
    advertiser_id: str,
    wanted: wire.UseSparkCode,
    database: Db,
    links: Links,
    attempts: AttemptCounter,
    address: Address,
    actor: CurrentMember,
) -> wire.SparkPost:
    """Let an ad account use the post behind a code; a repetition succeeds. For its operators and admins."""
    with counted(attempts, actor.subject_id, address):
        return await database.write(service.authorize, actor, bc_id, advertiser_id, wanted.auth_code, links)


@member_router.get("", summary="List posts by Spark code", responses=responses(*MEMBER, AdAccountRoleRequired))
async def list_spark_posts(
    bc_id: str,
    advertiser_id: str,
    database: Db,
    links: Links,
    actor: CurrentMember,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> wire.Page[wire.SparkPost]:
    """Return the posts that an ad account uses by Spark code, including ended codes. For its members."""
    return await database.read(
        service.list_for_advertiser, actor, bc_id, advertiser_id, cursor=cursor, limit=limit, links=links
    )


@member_router.delete(
    "/{post_id}",
    status_code=204,
    summary="Stop using a Spark code",
    responses=responses(*MEMBER, AdAccountRoleRequired),
)
async def unbind_spark_code(bc_id: str, advertiser_id: str, post_id: str, database: Db, actor: CurrentMember) -> None:
    """Stop an ad account from using a post by Spark code: its ads pause. A repetition succeeds."""
    await database.write(service.unbind, actor, bc_id, advertiser_id, post_id)
