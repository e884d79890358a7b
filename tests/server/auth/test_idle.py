"""Console sessions end after 30 minutes without use; the sign-in page says so and leads back to the last page."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from server import security
from server.actor import Actor
from server.auth import service as auth
from server.business_centers.live import open_stream
from server.events import stream
from tests.server.console.desk import COOKIE, Desk, form_to
from tests.server.world import PASSWORD, World, email, problem_of

OVER = "/login?note=idle"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; tests move it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def desk(world: World, clock: time_machine.Traveller) -> Desk:
    """Return Alice, who has just signed in with the form."""
    return await _sign_in(Desk(world), "alice")


async def _sign_in(desk: Desk, name: str) -> Desk:
    await desk.send(form_to(await desk.see("/login"), "/login"), email=email(name), password=PASSWORD)
    return desk


async def _where(desk: Desk, address: str = "members", **headers: str) -> str | None:
    return (await desk.get(desk.path(address), **headers)).headers.get("location")


async def test_thirty_minutes_without_use_end_the_session(desk: Desk, clock: time_machine.Traveller) -> None:
    """A session ends exactly at the thirtieth minute; the form says why, and signing in leads back to the page."""
    clock.shift(30 * MINUTE - timedelta(microseconds=1))
    assert await _where(desk) is None
    clock.shift(30 * MINUTE)
    assert await _where(desk, "members?q=b&done=joined&language=en") == OVER
    assert COOKIE not in desk.client.cookies
    page = await desk.see(OVER)
    assert "not used for 30 minutes" in page.text
    answer = await desk.send(form_to(page, "/login"), email=email("alice"), password=PASSWORD)
    assert answer.headers["location"] == desk.path("members?q=b"), "back to the page, without its notice"
    assert await _where(desk) is None
    again = await desk.send(form_to(await desk.see("/login"), "/login"), email=email("alice"), password=PASSWORD)
    assert again.headers["location"] == "/", "only once"


async def test_use_keeps_the_session_alive_up_to_its_maximum_age(desk: Desk, clock: time_machine.Traveller) -> None:
    """A member who clicks every 29 minutes can work for twelve hours; then the session is too old."""
    token = desk.client.cookies[COOKIE]
    for _ in range(24):
        clock.shift(29 * MINUTE)
        assert await _where(desk) is None
    clock.shift(25 * MINUTE)
    desk.sit_down_with(token)  # the browser has dropped the expired cookie
    assert await _where(desk) == "/login?note=session-over"


BY_ITSELF = [
    ("members", {"X-Refresh": "page"}),
    ("members", {"Sec-Fetch-Dest": "image"}),
    ("members", {"Accept": "text/event-stream"}),
    ("members", {"Sec-Fetch-Dest": "empty"}),
]


@pytest.mark.parametrize(("address", "headers"), BY_ITSELF)
async def test_automatic_requests_do_not_count_as_use(
    desk: Desk, clock: time_machine.Traveller, address: str, headers: dict[str, str]
) -> None:
    """An open page refreshes itself, listens and loads pictures; none of that prolongs the session."""
    for _ in range(5):
        clock.shift(5 * MINUTE)
        assert (await desk.get(desk.path(address), **headers)).status_code == 200
    clock.shift(5 * MINUTE)
    assert await _where(desk) == OVER


@pytest.mark.parametrize("headers", [{"X-Refresh": "person"}, {"Sec-Fetch-Dest": "iframe"}])
async def test_what_a_person_does_in_a_page_counts_as_use(
    desk: Desk, clock: time_machine.Traveller, headers: dict[str, str]
) -> None:
    """A click that a script carries out, or one in the presenter's frame, counts as use."""
    clock.shift(29 * MINUTE)
    await desk.get(desk.path("members"), **headers)
    clock.shift(29 * MINUTE)
    assert await _where(desk) is None


async def test_a_minute_costs_one_write(desk: Desk, world: World, clock: time_machine.Traveller) -> None:
    """Use is recorded at most once a minute, so that reads stay reads."""
    noted = set()
    for _ in range(24):
        clock.shift(timedelta(seconds=10))
        await desk.get(desk.path("members"))
        noted.add(await world.scalar("SELECT max(last_used_at) FROM sessions"))
    assert len(noted) == 5, "once at the start and once in each of four minutes"


async def test_what_has_ended_stays_ended(desk: Desk, world: World, clock: time_machine.Traveller) -> None:
    """Neither use that is recorded too late nor a form revives a session that has ended."""
    token = desk.client.cookies[COOKIE]
    form = form_to(await desk.see(desk.path("overview")), "/logout")
    clock.shift(30 * MINUTE)
    await world.database.write(auth.note_use, security.token_hash(token))
    assert await _where(desk) == OVER
    desk.sit_down_with(token)
    assert (await desk.send(form)).headers["location"] == "/login"
    bearer = await world.nobody.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert problem_of(bearer) == (401, "session-over")


async def test_an_open_feed_ends_with_the_session(
    desk: Desk, world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed of an unused page closes when the session ends, and opening it again is refused."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    actor = Actor("member", world.alice.id, "Alice", security.token_hash(desk.client.cookies[COOKIE]))
    feed = (await open_stream(world.database, world.app.state.feed, actor, world.bc_id, None)).body_iterator
    assert [await anext(feed) for _ in range(3)] == [b"retry: 2000\n\n", *[b": still here\n\n"] * 2]
    clock.shift(30 * MINUTE)
    async with asyncio.timeout(5):
        assert {piece async for piece in feed} <= {b": still here\n\n"}
    answer = await desk.get(desk.path("events"), Accept="text/event-stream", **{"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 401


async def test_api_sessions_do_not_end_when_idle(world: World, clock: time_machine.Traveller) -> None:
    """An API session ends only by its age: a program that works once an hour stays signed in."""
    signed_in = await world.nobody.post("/sessions", {"email": email("alice"), "password": PASSWORD})
    bearer = {"Authorization": f"Bearer {signed_in.json()['token']}"}
    clock.shift(timedelta(hours=11, minutes=59))
    assert (await world.nobody.get("/me", headers=bearer)).status_code == 200


async def test_another_person_does_not_land_on_that_page(desk: Desk, clock: time_machine.Traveller) -> None:
    """Somebody who signs in next and is not a member of that Business Center begins at the start page."""
    clock.shift(30 * MINUTE)
    await _where(desk, "members")
    answer = await desk.send(form_to(await desk.see(OVER), "/login"), email=email("charlie"), password=PASSWORD)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/bc/{bc_id}/members",
        "//evil.example/bc/{bc_id}/members",
        "/bc/{bc_id}/members#@evil.example",
        "/bc/{bc_id}/../../logout",
        "/bc/{bc_id}/members\r\nset-cookie: a=b",
        "/logout",
        "/bc/{bc_id}/link-requests/1/qr.png",
    ],
)
async def test_the_page_to_return_to_is_one_of_ours(world: World, page: str) -> None:
    """Whatever the cookie contains, signing in leads only to a page of the console."""
    desk = Desk(world)
    form = form_to(await desk.see("/login"), "/login")
    kept = "".join(f"%{ord(character):02X}" for character in page.format(bc_id=world.bc_id))
    desk.client.cookies.set("__Host-sparklink-page", kept)
    answer = await desk.send(form, email=email("alice"), password=PASSWORD)
    assert urlsplit(answer.headers["location"]).path == "/"


async def test_the_start_forgets_the_page(world: World) -> None:
    """Opening the start page discards the page to return to."""
    desk = Desk(world)
    await desk.get(desk.path("members"))
    await desk.get("/")
    answer = await desk.send(form_to(await desk.see("/login"), "/login"), email=email("alice"), password=PASSWORD)
    assert answer.headers["location"] == "/"
