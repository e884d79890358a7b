"""`/sessions` and `/me`."""

from fastapi import APIRouter, status

from server.auth import service
from server.auth.dependencies import Address, AttemptCounter, CurrentActor, CurrentSession, Db, Passwords
from server.auth.sign_in import sign_in
from server.problems import Busy, MalformedRequest, TooManyAttempts, responses
from shared import wire

router = APIRouter(tags=["Sessions"])
SIGNED_IN = (service.NotSignedIn, service.SessionOver)


@router.post(
    "/sessions",
    status_code=status.HTTP_201_CREATED,
    summary="Sign in",
    responses=responses(service.WrongCredentials, MalformedRequest, TooManyAttempts, Busy),
)
async def create_session(
    wanted: wire.SignIn, database: Db, passwords: Passwords, attempts: AttemptCounter, address: Address
) -> wire.Session:
    """Sign in as a member (`email`) or as an account owner (`handle`). Only this answer contains the token."""
    return await sign_in(database, passwords, attempts, address, wanted)


@router.delete(
    "/sessions/current",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Sign out",
    responses=responses(*SIGNED_IN),
)
async def delete_current_session(database: Db, actor: CurrentActor) -> None:
    """End this session; its token stops working immediately."""
    await database.write(service.end_session, actor)


@router.get("/me", summary="Who am I", responses=responses(*SIGNED_IN))
async def get_me(database: Db, session: CurrentSession) -> wire.Me:
    """Return who is calling, and when the session ends."""
    actor, expires_at = session
    return await database.read(service.me, actor, expires_at)
