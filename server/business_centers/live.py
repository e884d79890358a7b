"""`/business-centers/{bc_id}/events`: the live feed of one Business Center."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from server.actor import Actor
from server.auth import service as auth
from server.auth.dependencies import CurrentMember, Db
from server.business_centers import service
from server.business_centers.routes import ADMIN
from server.database.core import Database
from server.events import service as events
from server.events.stream import HEADERS, LiveFeed
from server.problems import responses

router = APIRouter(prefix="/business-centers/{bc_id}", tags=["Business Centers"])


async def get_live_feed(request: Request) -> LiveFeed:
    """Return the live feed of the running application."""
    feed: LiveFeed = request.app.state.feed
    return feed


Feed = Annotated[LiveFeed, Depends(get_live_feed)]


class _Stream(StreamingResponse):
    """Closes the iterator with the response; otherwise it would stay subscribed until garbage collection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream until either side ends it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            assert isinstance(self.body_iterator, AsyncGenerator)
            await self.body_iterator.aclose()


async def open_stream(
    database: Database, feed: LiveFeed, actor: Actor, bc_id: str, last_event_id: str | None
) -> StreamingResponse:
    """Return the stream, for admins; it checks the role and the session again at every heartbeat."""

    async def still_allowed() -> None:
        await database.read(auth.authenticate, actor.session_hash or b"")
        await database.read(service.require_admin, actor, bc_id, "watch live changes")

    await still_allowed()
    body = feed.stream(database, bc_id, events.read_sequence(last_event_id), still_allowed)
    return _Stream(body, media_type="text/event-stream", headers=HEADERS)


@router.get(
    "/events",
    summary="Watch live changes",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "server-sent events"},
        **responses(*ADMIN),
    },
)
async def stream_events(
    bc_id: str,
    database: Db,
    feed: Feed,
    actor: CurrentMember,
    last_event_id: Annotated[str | None, Header(description="resume after this event")] = None,
) -> StreamingResponse:
    """Stream events as they are committed, each as an `EventRow` with its sequence number as id. For admins."""
    return await open_stream(database, feed, actor, bc_id, last_event_id)
