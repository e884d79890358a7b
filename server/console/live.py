"""The live feed of a Business Center for its open pages, authenticated by the session cookie."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from server.auth.dependencies import Db
from server.business_centers.live import Feed, open_stream
from server.console.visit import CurrentVisitor

router = APIRouter(include_in_schema=False)


@router.get("/bc/{bc_id}/events")
async def get_events(
    bc_id: str,
    database: Db,
    feed: Feed,
    visitor: CurrentVisitor,
    after: Annotated[str | None, Query(max_length=20)] = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> StreamingResponse:
    """Stream events after the last one received (`Last-Event-ID`), or after the last one on the page (`after`)."""
    return await open_stream(database, feed, visitor.actor, bc_id, last_event_id or after)
