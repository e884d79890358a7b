"""Who may call a route: `CurrentActor`, `CurrentOwner`, `CurrentMember`. The services check roles.

Every dependency is `async def`, even if it awaits nothing: FastAPI runs the others in a thread pool.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Query, Request
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase
from pydantic import AfterValidator

from server import security
from server.actor import Actor
from server.auth import service
from server.auth.attempts import Attempts
from server.auth.passwords import PasswordChecker
from server.business_centers.service import WrongKindOfSession
from server.database.core import Database
from server.security import LinkCodes


def database_of(request: Request) -> Database:
    """Return the database of the running application. A plain function, for the few routes that are called most."""
    database: Database = request.app.state.database
    return database


async def get_database(request: Request) -> Database:
    """Return the database of the running application."""
    return database_of(request)


async def get_link_codes(request: Request) -> LinkCodes:
    """Return the running application's `LinkCodes`."""
    codes: LinkCodes = request.app.state.link_codes
    return codes


async def get_attempts(request: Request) -> Attempts:
    """Return the running application's counter of failed attempts."""
    attempts: Attempts = request.app.state.attempts
    return attempts


async def get_passwords(request: Request) -> PasswordChecker:
    """Return the running application's password checker."""
    passwords: PasswordChecker = request.app.state.passwords
    return passwords


def address_of(request: Request) -> str:
    """Return the address of the peer, or the one that a trusted proxy forwards. See `database_of`."""
    return request.client.host if request.client else "unknown"


async def client_address(request: Request) -> str:
    """Return the caller's address, see `address_of`."""
    return address_of(request)


Db = Annotated[Database, Depends(get_database)]
Codes = Annotated[LinkCodes, Depends(get_link_codes)]
AttemptCounter = Annotated[Attempts, Depends(get_attempts)]
Passwords = Annotated[PasswordChecker, Depends(get_passwords)]
Address = Annotated[str, Depends(client_address)]


def _cursor(form: str) -> Any:
    # Compared with ids, a cursor of another form would silently give some wrong page.
    def check(text: str) -> str:
        if re.fullmatch(form, text) is None:
            raise ValueError("this is not the `next_cursor` of a page")
        return text

    return AfterValidator(check)


_CURSOR: Final = Query(max_length=200, description="`next_cursor` of the previous page")
Cursor = Annotated[Annotated[str, _cursor("[0-9]{1,19}")] | None, _CURSOR]
MemberCursor = Annotated[Annotated[str, _cursor(".*[|][0-9]{1,19}")] | None, _CURSOR]
PageSize = Annotated[int, Query(alias="page_size", ge=1, le=100, description="items on a page")]


async def _authenticate(request: Request) -> tuple[Actor, datetime]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise service.NotSignedIn
    return await database_of(request).read(service.authenticate, security.token_hash(token.strip()))


class _Bearer(SecurityBase):
    """The bearer token in the API documentation. It needs no other dependency, since each costs time per request."""

    def __init__(self) -> None:
        self.model = HTTPBearerModel(description="the `token` of POST /sessions")
        self.scheme_name = "HTTPBearer"


class _Session(_Bearer):
    async def __call__(self, request: Request) -> tuple[Actor, datetime]:
        """Return the caller and when the session ends.

        Raises:
            NotSignedIn, SessionOver: there is no bearer token, or it is unknown or has expired.
        """
        return await _authenticate(request)


class _Caller(_Bearer):
    def __init__(self, kind: Literal["owner", "member"] | None = None) -> None:
        """Admit only callers of this kind; without one, admit any signed-in caller."""
        super().__init__()
        self._kind = kind

    async def __call__(self, request: Request) -> Actor:
        """Return the caller.

        Raises:
            NotSignedIn, SessionOver: see `_Session`.
            WrongKindOfSession: the caller is signed in but of the other kind.
        """
        actor, _ = await _authenticate(request)
        if self._kind is None or actor.kind == self._kind:
            return actor
        if self._kind == "owner":
            raise WrongKindOfSession(is_a="a member of a Business Center", needs="the owner of a TikTok account")
        raise WrongKindOfSession(is_a="an account owner", needs="members of a Business Center")


CurrentSession = Annotated[tuple[Actor, datetime], Depends(_Session())]
CurrentActor = Annotated[Actor, Depends(_Caller())]
CurrentOwner = Annotated[Actor, Depends(_Caller("owner"))]
CurrentMember = Annotated[Actor, Depends(_Caller("member"))]
