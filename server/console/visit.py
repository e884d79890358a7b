"""Who is looking at which Business Center, which every page behind the sign-in needs."""

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
    """A signed-in member, with the Business Centers to switch between."""

    actor: Actor
    member: wire.MemberActor
    centers: list[wire.BusinessCenter]
    expires_at: datetime
    form_token: str

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar in the top bar."""
        words = self.member.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor in one Business Center. For admins, `last_event` is the newest event at the time of the request."""

    visitor: Visitor
    center: wire.BusinessCenter
    last_event: int | None

    @property
    def actor(self) -> Actor:
        """The caller, for the services."""
        return self.visitor.actor

    @property
    def is_admin(self) -> bool:
        """Whether to offer what only admins may do. The services enforce it."""
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
        # If the database accepts no writes right now, still show the page; the session is just not extended.
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
    """Return whether a person caused the request. Open pages send others for hours: refreshes, renewals, pictures."""
    headers = request.headers
    if "x-refresh" in headers:
        return headers["x-refresh"] == "person"
    listens = "text/event-stream" in headers.get("accept", "")
    return not listens and headers.get("sec-fetch-dest", "document") in {"document", "iframe"}


CurrentVisitor = Annotated[Visitor, Depends(_visitor)]


async def _visit(bc_id: str, request: Request, database: Db, visitor: CurrentVisitor) -> Visit:
    # Read this before the page's content, so that no change falls between page and feed.
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
