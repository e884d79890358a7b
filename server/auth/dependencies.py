"""Who may call a route: `CurrentActor`, `CurrentOwner`, `CurrentMember`; roles are checked in the services.

All are `async def`, also where nothing is awaited: FastAPI runs the others in a thread pool, a hop for each.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from server import security
from server.actor import Actor
from server.auth import service
from server.auth.attempts import Attempts
from server.auth.passwords import PasswordChecker
from server.business_centers.service import WrongKindOfSession
from server.db import Database
from server.security import LinkCodes

_bearer = HTTPBearer(auto_error=False, description="the `token` of POST /sessions")


async def get_database(request: Request) -> Database:
    """Return the database of the running application."""
    database: Database = request.app.state.database
    return database


async def get_link_codes(request: Request) -> LinkCodes:
    """Return the deriver of link codes of the running application."""
    codes: LinkCodes = request.app.state.link_codes
    return codes


async def get_attempts(request: Request) -> Attempts:
    """Return the counter of failed attempts of the running application."""
    attempts: Attempts = request.app.state.attempts
    return attempts


async def get_passwords(request: Request) -> PasswordChecker:
    """Return the password checker of the running application."""
    passwords: PasswordChecker = request.app.state.passwords
    return passwords


async def client_address(request: Request) -> str:
    """Return the address of the peer; forwarded headers are not trusted."""
    return request.client.host if request.client else "unknown"


Db = Annotated[Database, Depends(get_database)]
Codes = Annotated[LinkCodes, Depends(get_link_codes)]
AttemptCounter = Annotated[Attempts, Depends(get_attempts)]
Passwords = Annotated[PasswordChecker, Depends(get_passwords)]
Address = Annotated[str, Depends(client_address)]
Cursor = Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before")]
PageSize = Annotated[int, Query(alias="page_size", ge=1, le=100, description="items on a page")]


async def current_session(
    database: Db, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> tuple[Actor, datetime]:
    """Return the caller and when the session ends.

    Raises:
        NotSignedIn: no bearer token; SessionOver: an unknown or expired one.
    """
    if credentials is None:
        raise service.NotSignedIn
    return await database.read(service.authenticate, security.token_hash(credentials.credentials))


CurrentSession = Annotated[tuple[Actor, datetime], Depends(current_session)]


async def current_actor(session: CurrentSession) -> Actor:
    """Return the caller, of either kind."""
    return session[0]


CurrentActor = Annotated[Actor, Depends(current_actor)]


async def current_owner(actor: CurrentActor) -> Actor:
    """Return the calling account owner."""
    if actor.kind != "owner":
        raise WrongKindOfSession(is_a="a member of a Business Center", needs="the owner of a TikTok account")
    return actor


async def current_member(actor: CurrentActor) -> Actor:
    """Return the calling member of a Business Center."""
    if actor.kind != "member":
        raise WrongKindOfSession(is_a="an account owner", needs="members of a Business Center")
    return actor


CurrentOwner = Annotated[Actor, Depends(current_owner)]
CurrentMember = Annotated[Actor, Depends(current_member)]
