"""The live feed delivers every event once and in order to those who may see it, and to nobody else."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import uvicorn

from server.actor import SYSTEM
from server.app import create_app
from server.events import service, stream
from server.events.stream import LiveFeed
from server.problems import NotFound
from shared.events import EventType
from tests.server.conftest import RefilledPostgres
from tests.server.world import Cast, Person, Template, World, problem_of, running, settings_for

PATIENCE_SECONDS = 30
Event = dict[str, Any]


class Served(uvicorn.Server):
    """A real server in its own thread."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Signal when the server accepts connections."""
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.ready.set()


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[tuple[Served, str]]:
    """Serve the application on a real socket; yield the server and its address."""
    app = create_app(settings_for(database_url, tmp_path))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = Served(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        assert server.ready.wait(PATIENCE_SECONDS)
        yield server, f"http://127.0.0.1:{listener.getsockname()[1]}"
        app.state.feed.close()
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


@pytest.fixture
async def live(served: tuple[Served, str], database_url: str, cast: Cast) -> AsyncIterator[World]:
    """Connect the people to the real server."""
    server, url = served
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
        yield World(server.config.app, client, cast, database_url)


@asynccontextmanager
async def listening(person: Person, world: World, **headers: Any) -> AsyncIterator[AsyncIterator[Event]]:
    """Open the stream of alice's Business Center; the body runs once it has begun."""
    headers = {"Authorization": f"Bearer {person.token}", **headers}
    path = f"/api/v1/business-centers/{world.bc_id}/events"
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        world.client.stream("GET", path, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.aiter_lines()
        assert await anext(lines) == "retry: 2000"
        yield _events(lines)


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    found: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(": ")
            found[name] = value
        elif "data" in found:
            event = json.loads(found["data"])
            assert (str(event["sequence"]), event["type"]) == (found["id"], found["event"])
            yield event
            found = {}


async def _take(events: AsyncIterator[Event], count: int) -> list[Event]:
    return [await anext(events) for _ in range(count)]


def _write_many(connection: sa.Connection, bc_id: str, count: int, padding: str = "") -> None:
    for number in range(count):
        data = {"number": number, "padding": padding}
        service.record(connection, SYSTEM, EventType.DEMO_SEEDED, bc_id=bc_id, data=data)


async def _on_the_server(served: tuple[Served, str], world: World, count: int, padding: str = "") -> None:
    loop = served[0].loop
    assert loop is not None
    written = world.database.write(_write_many, world.bc_id, count, padding)
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(written, loop))


async def test_events_arrive(live: World) -> None:
    """Events arrive immediately, in order and as in the audit log, with none of another Business Center."""
    async with listening(live.alice, live) as events:
        await live.link(live.leo, by=live.charlie)
        await live.link(live.mia)
        seen = await _take(events, 3)
    assert [event["type"] for event in seen] == [
        "link_request.created",
        "link_request.scanned",
        "link_request.approved",
    ]
    assert seen == list(reversed((await live.log())[:3]))


async def test_resuming_loses_and_repeats_nothing(live: World, served: tuple[Served, str]) -> None:
    """After 450 missed events, Last-Event-ID brings each of them once, and then the new ones."""
    async with listening(live.alice, live) as events:
        await live.make_code()
        (last,) = await _take(events, 1)
    await _on_the_server(served, live, 450)
    async with listening(live.alice, live, **{"Last-Event-ID": str(last["sequence"])}) as events:
        missed = await _take(events, 450)
        await live.make_code()
        (new,) = await _take(events, 1)
    assert [event["sequence"] for event in [*missed, new]] == list(range(last["sequence"] + 1, last["sequence"] + 452))
    assert new["type"] == "link_request.created"


async def test_a_slow_reader_catches_up(live: World, served: tuple[Served, str]) -> None:
    """A reader that stops reading during three megabytes of events then reads them all, in order."""
    async with listening(live.alice, live) as events:
        for _ in range(6):
            await _on_the_server(served, live, 100, padding="x" * 5_000)
        seen = await _take(events, 600)
    assert [event["data"]["number"] for event in seen] == list(range(100)) * 6
    assert [event["sequence"] for event in seen] == list(range(seen[0]["sequence"], seen[0]["sequence"] + 600))


@pytest.mark.parametrize("last_event_id", ["\xb2", "9" * 30, "999999", "-1", "abc", ""])
async def test_odd_last_event_ids(live: World, last_event_id: str) -> None:
    """A Last-Event-ID that was never issued does not block new events."""
    async with listening(live.alice, live, **{"Last-Event-ID": last_event_id.encode("latin-1")}) as events:
        await live.make_code()
        (event,) = await _take(events, 1)
    assert event["type"] == "link_request.created"


async def test_who_may_listen(live: World) -> None:
    """Only admins of the Business Center may listen; an outsider does not even learn that it exists."""
    path = f"/business-centers/{live.bc_id}/events"
    assert problem_of(await live.charlie.get(path)) == (404, "not-found")
    assert problem_of(await live.bob.get(path)) == (403, "admin-role-required")
    assert problem_of(await live.mia.get(path)) == (403, "wrong-kind-of-session")
    assert problem_of(await live.nobody.get(path)) == (401, "not-signed-in")


async def test_signing_out_ends_the_stream(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After signing out, the stream ends at the next heartbeat."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.2)
    async with listening(live.alice, live) as events:
        assert (await live.alice.delete("/sessions/current")).status_code == 204
        assert [event async for event in events] == []  # `listening` has a time limit


async def test_a_busy_stream_checks_the_right_to_listen_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that is never quiet also ends at the next heartbeat."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.1)

    async def still_allowed() -> None:
        raise NotFound(thing="Business Center")

    feed: LiveFeed = world.app.state.feed
    opened = feed.stream(world.database, world.bc_id, None, still_allowed)
    assert await anext(opened) == b"retry: 2000\n\n"
    deadline = asyncio.get_running_loop().time() + 5
    while asyncio.get_running_loop().time() < deadline:
        await world.database.write(_write_many, world.bc_id, 1)  # there is always something to send
        if await anext(opened, None) is None:
            return
    raise AssertionError("the stream goes on")


async def test_a_lost_role_ends_the_stream(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream sends heartbeats until the listener loses the right to listen."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.01)
    left = [None, None]

    async def still_allowed() -> None:
        if not left:
            raise NotFound(thing="Business Center")
        left.pop()

    feed = LiveFeed()
    seen = [piece async for piece in feed.stream(world.database, world.bc_id, None, still_allowed)]
    assert seen == [b"retry: 2000\n\n", b": still here\n\n", b": still here\n\n"]


async def test_closing_the_feed_ends_every_stream(world: World) -> None:
    """A stopping server does not wait for its listeners, even for one that has fallen behind."""
    feed: LiveFeed = world.app.state.feed

    async def still_allowed() -> None:
        raise AssertionError("nobody waits for a heartbeat here")

    streams = [feed.stream(world.database, world.bc_id, None, still_allowed) for _ in range(2)]
    for opened in streams:
        assert await anext(opened) == b"retry: 2000\n\n"
    for _ in range(stream.QUEUE_LIMIT + 1):
        await world.database.write(_write_many, world.bc_id, 1)
    feed.close()
    for opened in streams:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert len([piece async for piece in opened]) <= stream.QUEUE_LIMIT


async def test_events_of_another_server_arrive(
    refilled_postgres: RefilledPostgres, prepare_database: Template, tmp_path: Path
) -> None:
    """A listener gets what another server commits to the same database, from the first event on."""
    refilled_postgres.refill()
    url, cast = refilled_postgres.url, prepare_database.cast(refilled_postgres.url)
    async with running(url, tmp_path / "1", cast) as here, running(url, tmp_path / "2", cast) as there:
        feed: LiveFeed = here.app.state.feed

        async def still_allowed() -> None:
            pass

        opened = feed.stream(here.database, here.bc_id, None, still_allowed)
        assert await anext(opened) == b"retry: 2000\n\n"
        for count in (1, 300):
            await there.database.write(_write_many, here.bc_id, count)
            async with asyncio.timeout(PATIENCE_SECONDS):
                seen = [await anext(opened) for _ in range(count)]  # the periodic loop fetches them
            numbers = [json.loads(piece.decode().partition("data: ")[2])["data"]["number"] for piece in seen]
            assert numbers == list(range(count))
        await opened.aclose()
