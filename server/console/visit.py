"""Who looks at which Business Center: what every page behind the sign-in needs to know."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from server import security
from server.actor import Actor
from server.auth import service as auth
from server.auth.dependencies import Db
from server.business_centers import service as business_centers
from server.business_centers.service import WrongKindOfSession
from server.console import cookies, forms
from server.database.core import Database
from server.problems import Busy, DatabaseUnavailable, OutcomeUnknown
from shared import wire


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in member, and the Business Centers to switch between."""

    actor: Actor
    member: wire.MemberActor
    centers: list[wire.BusinessCenter]
    expires_at: datetime
    form_token: str

    @property
    def initials(self) -> str:
        """Up to two letters for the round picture in the top bar."""
        words = self.member.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor inside one Business Center; `last_event` is where its live feed stood, for admins."""

    visitor: Visitor
    center: wire.BusinessCenter
    last_event: int | None

    @property
    def actor(self) -> Actor:
        """Return who is calling, for the services."""
        return self.visitor.actor

    @property
    def is_admin(self) -> bool:
        """Whether to offer what only admins may do; the services decide."""
        return self.center.role is wire.Role.ADMIN

    def path(self, rest: str) -> str:
        """Return the address of a page of this Business Center."""
        return f"/bc/{self.center.bc_id}/{rest}"


async def _visitor(request: Request, database: Db) -> Visitor:
    token = cookies.session_token(request)
    if not token:
        raise auth.NotSignedIn
    hashed = security.token_hash(token)
    actor, expires_at, due = await database.read(auth.recognise, hashed)
    if due and _asked_by_a_person(request):
        # A database that takes no writes right now is no reason to show nothing: the session just is not prolonged.
        with suppress(Busy, DatabaseUnavailable, OutcomeUnknown):
            await database.write(auth.note_use, hashed)
    member = (await database.read(auth.me, actor, expires_at)).actor
    if not isinstance(member, wire.MemberActor):
        raise WrongKindOfSession(is_a="an account owner", needs="members of a Business Center")
    centers = (await database.read(business_centers.list_for, actor)).items
    visitor = Visitor(actor, member, centers, expires_at, forms.token_for(token))
    request.state.visitor = visitor
    return visitor


def _asked_by_a_person(request: Request) -> bool:
    """Tell use from what open pages do by themselves, for hours: look again, renew a code, listen, load pictures."""
    headers = request.headers
    if "x-refresh" in headers:
        return headers["x-refresh"] == "person"
    listens = "text/event-stream" in headers.get("accept", "")
    return not listens and headers.get("sec-fetch-dest", "document") in {"document", "iframe"}


CurrentVisitor = Annotated[Visitor, Depends(_visitor)]


async def _visit(bc_id: str, request: Request, database: Db, visitor: CurrentVisitor) -> Visit:
    center = await database.read(business_centers.get, visitor.actor, bc_id)
    last_event = await _last_event(database, visitor.actor, center)
    visit = Visit(visitor, center, last_event)
    request.state.visit = visit
    return visit


async def _last_event(database: Database, actor: Actor, center: wire.BusinessCenter) -> int | None:
    # Read before anything that the page shows, so that no change falls between page and feed.
    if center.role is not wire.Role.ADMIN:
        return None
    newest = await database.read(business_centers.list_events, actor, center.bc_id, limit=1)
    return newest.items[0].sequence if newest.items else 0


CurrentVisit = Annotated[Visit, Depends(_visit)]
