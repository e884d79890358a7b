"""The live feed: every open console receives events as server-sent events, encoded once.

A slow reader never blocks anything: its queue is bounded, and after an overflow the reader catches up from the table
by sequence number. `Last-Event-ID` resumes in the same way.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from server.database.core import Database
from server.events import service
from server.events.tables import chains
from server.problems import Problem
from shared import wire

QUEUE_LIMIT: Final = 64
HEARTBEAT_SECONDS: Final = 15.0
CATCH_UP_LIMIT: Final = 200
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class Encoded:
    """An event, encoded as a server-sent event."""

    sequence: int
    data: bytes


@dataclass(eq=False, slots=True)
class Subscriber:
    """One open stream. If `behind`, events were dropped and must be read from the table."""

    queue: "asyncio.Queue[Encoded | None]" = field(default_factory=lambda: asyncio.Queue(QUEUE_LIMIT))
    behind: bool = False

    def put(self, item: Encoded | None) -> None:
        """Queue an item, or mark the reader as behind if the queue is full."""
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            self.behind = True


def encode(event: wire.EventRow) -> Encoded:
    """Return the event as one server-sent event with the sequence number as its id."""
    text = f"id: {event.sequence}\nevent: {event.type}\ndata: {event.model_dump_json()}\n\n"
    return Encoded(event.sequence, text.encode())


class LiveFeed:
    """Passes committed events to the open streams of their Business Center."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._subscribers: dict[str, set[Subscriber]] = {}
        self._published: dict[str, int] = {}
        self.closed = False

    def publish(self, events: Sequence[wire.EventRow]) -> None:
        """Pass events on. Must be called on the event loop, after their commit."""
        for event in events:
            listening = self._subscribers.get(event.bc_id or "")
            if not listening or event.bc_id is None:
                continue
            item = encode(event)
            self._published[event.bc_id] = max(event.sequence, self._published.get(event.bc_id, 0))
            for subscriber in listening:
                subscriber.put(item)

    async def poll(self, database: Database) -> None:
        """Pick up events that other processes have committed, with one query for all streams."""
        if not self._subscribers:
            return
        heads = await database.read(_heads, sorted(self._subscribers))
        for bc_id, sequence in heads.items():
            known = self._published.get(bc_id)
            if known is not None and sequence > known:
                self.publish(await database.read(service.list_since, bc_id, known))

    def close(self) -> None:
        """End every stream, so that the server can stop promptly."""
        self.closed = True
        for listening in self._subscribers.values():
            for subscriber in listening:
                subscriber.behind = False
                subscriber.put(None)

    async def stream(
        self, database: Database, bc_id: str, after: int | None, still_allowed: Callable[[], Awaitable[object]]
    ) -> AsyncIterator[bytes]:
        """Yield the events of a Business Center after sequence number `after` (None: only new ones) until closed.

        `still_allowed` raises a `Problem` once the caller may no longer listen. It is called at every heartbeat,
        even if there are events, so that the stream ends within 15 seconds of a lost role or session.
        """
        now = asyncio.get_running_loop().time
        with self._listening(bc_id) as subscriber:
            head = await database.read(service.head, bc_id)
            self._published.setdefault(bc_id, head)
            last = head if after is None else min(after, head)
            subscriber.behind = last < head
            yield b"retry: 2000\n\n"
            heartbeat_at = now() + HEARTBEAT_SECONDS
            while not self.closed:
                if now() >= heartbeat_at:
                    try:
                        await still_allowed()
                    except Problem:
                        return
                    heartbeat_at = now() + HEARTBEAT_SECONDS
                    yield b": still here\n\n"
                if subscriber.behind:
                    subscriber.behind = False
                    missed = await database.read(service.list_since, bc_id, last, CATCH_UP_LIMIT)
                    for event in missed:
                        last = event.sequence
                        yield encode(event).data
                    subscriber.behind |= len(missed) == CATCH_UP_LIMIT  # there may be more
                    continue
                try:
                    item = await asyncio.wait_for(subscriber.queue.get(), heartbeat_at - now())
                except TimeoutError:
                    continue
                if item is None:
                    return
                if item.sequence == last + 1:
                    last = item.sequence
                    yield item.data
                elif item.sequence > last:
                    subscriber.behind = True

    @contextmanager
    def _listening(self, bc_id: str) -> Iterator[Subscriber]:
        subscriber = Subscriber()
        self._subscribers.setdefault(bc_id, set()).add(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers[bc_id].discard(subscriber)
            if not self._subscribers[bc_id]:
                del self._subscribers[bc_id]
                self._published.pop(bc_id, None)


def _heads(connection: sa.Connection, bc_ids: list[str]) -> dict[str, int]:
    wanted = [f"bc:{bc_id}" for bc_id in bc_ids]
    rows = connection.execute(sa.select(chains.c.chain, chains.c.sequence).where(chains.c.chain.in_(wanted)))
    return {row.chain.removeprefix("bc:"): row.sequence for row in rows}
