"""The owner's own profile, and the profile behind a profile code."""

from fastapi import APIRouter

from server.auth.dependencies import CurrentOwner, Db
from server.auth.routes import SIGNED_IN
from server.business_centers.service import WrongKindOfSession
from server.problems import NotFound, responses
from server.tiktok_accounts import service
from shared import wire

router = APIRouter(tags=["Profiles"])


@router.get("/me/profile", summary="My profile", responses=responses(*SIGNED_IN, WrongKindOfSession))
async def get_own_profile(database: Db, actor: CurrentOwner) -> wire.Profile:
    """Return the calling owner's profile with all posts."""
    return await database.read(service.get_profile, actor)


@router.get(
    "/profiles/{handle}", summary="Another profile", responses=responses(*SIGNED_IN, WrongKindOfSession, NotFound)
)
async def get_profile(handle: str, database: Db, actor: CurrentOwner) -> wire.Profile:
    """Return the profile with this handle, without its private posts."""
    return await database.read(service.get_profile, actor, handle)
