"""Who may call a route: `CurrentActor`, `CurrentOwner`, `CurrentMember`; roles are checked in the services.

All are `async def`, also where nothing is awaited: FastAPI runs the others in a thread pool, a hop for each.
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
    """Return the database of the running application; for the few routes that are called most."""
    database: Database = request.app.state.database
    return database


async def get_database(request: Request) -> Database:
    """Return the database of the running application."""
    return database_of(request)


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


def _cursor(form: str) -> Any:
    # Anything of another form is refused: compared with ids, it would give some page, and nobody would notice.
    def check(text: str) -> str:
        if re.fullmatch(form, text) is None:
            raise ValueError("this is not the `next_cursor` of a page")
        return text

    return AfterValidator(check)


_CURSOR: Final = Query(max_length=200, description="`next_cursor` of the page before")
Cursor = Annotated[Annotated[str, _cursor("[0-9]{1,19}")] | None, _CURSOR]
MemberCursor = Annotated[Annotated[str, _cursor(".*[|][0-9]{1,19}")] | None, _CURSOR]
PageSize = Annotated[int, Query(alias="page_size", ge=1, le=100, description="items on a page")]


async def _authenticate(request: Request) -> tuple[Actor, datetime]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise service.NotSignedIn
    return await database_of(request).read(service.authenticate, security.token_hash(token.strip()))


class _Bearer(SecurityBase):
    """A bearer token, for the API documentation. One dependency that needs no other: each costs every request."""

    def __init__(self) -> None:
        self.model = HTTPBearerModel(description="the `token` of POST /sessions")
        self.scheme_name = "HTTPBearer"


class _Session(_Bearer):
    async def __call__(self, request: Request) -> tuple[Actor, datetime]:
        """Return the caller and when the session ends.

        Raises:
            NotSignedIn: no bearer token; SessionOver: an unknown or expired one.
        """
        return await _authenticate(request)


class _Caller(_Bearer):
    def __init__(self, kind: Literal["owner", "member"] | None = None) -> None:
        """Take the kind of caller that is let through; any signed-in one without."""
        super().__init__()
        self._kind = kind

    async def __call__(self, request: Request) -> Actor:
        """Return the caller.

        Raises:
            NotSignedIn, SessionOver: see `_Session`.
            WrongKindOfSession: signed in, but of the other kind.
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
