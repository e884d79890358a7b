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
from server.console import cookies, forms
from server.database.core import Connection
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
    visitor, due = await database.read(_recognise, token)
    if due and _asked_by_a_person(request):
        # A database that takes no writes right now is no reason to show nothing: the session just is not prolonged.
        with suppress(Busy, DatabaseUnavailable, OutcomeUnknown):
            await database.write(auth.note_use, security.token_hash(token))
    request.state.visitor = visitor
    return visitor


def _recognise(connection: Connection, token: str) -> tuple[Visitor, bool]:
    actor, expires_at, due = auth.recognise(connection, security.token_hash(token))
    centers = business_centers.list_for(connection, actor).items
    member = auth.describe(connection, actor)
    assert isinstance(member, wire.MemberActor)  # owners have no Business Centers to list
    return Visitor(actor, member, centers, expires_at, forms.token_for(token)), due


def _asked_by_a_person(request: Request) -> bool:
    """Tell use from what open pages do by themselves, for hours: look again, renew a code, listen, load pictures."""
    headers = request.headers
    if "x-refresh" in headers:
        return headers["x-refresh"] == "person"
    listens = "text/event-stream" in headers.get("accept", "")
    return not listens and headers.get("sec-fetch-dest", "document") in {"document", "iframe"}


CurrentVisitor = Annotated[Visitor, Depends(_visitor)]


async def _visit(bc_id: str, request: Request, database: Db, visitor: CurrentVisitor) -> Visit:
    # Read before anything that the page shows, so that no change falls between page and feed.
    visit = await database.read(_enter, visitor, bc_id)
    request.state.visit = visit
    return visit


def _enter(connection: Connection, visitor: Visitor, bc_id: str) -> Visit:
    center = business_centers.get(connection, visitor.actor, bc_id)
    if center.role is not wire.Role.ADMIN:
        return Visit(visitor, center, None)
    newest = business_centers.list_events(connection, visitor.actor, bc_id, limit=1).items
    return Visit(visitor, center, newest[0].sequence if newest else 0)


CurrentVisit = Annotated[Visit, Depends(_visit)]
