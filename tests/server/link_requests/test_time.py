"""How long codes live, to the microsecond, and what happens when they expire."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from server.clock import utc_now
from server.link_requests import service
from tests.server.world import World, problem_of

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; tests move it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_now_is_exactly_now(clock: time_machine.Traveller) -> None:
    """The clock of these tests is exact to the microsecond; otherwise they would prove nothing."""
    moment = datetime(2031, 3, 4, 5, 6, 7, 999_999, tzinfo=UTC)
    clock.move_to(moment)
    assert utc_now() == moment
    clock.shift(MICROSECOND)
    assert utc_now() - moment == MICROSECOND


@pytest.mark.parametrize("operation", ["open", "approve", "decline", "cancel", "new-code", "qr.png", "qr.svg"])
async def test_the_instant_of_expiry_is_too_late(world: World, clock: time_machine.Traveller, operation: str) -> None:
    """A code works until one microsecond before its end; at its end it has expired."""
    for early, status in ((MICROSECOND, (200, 204)), (timedelta(0), (410,))):
        code = await world.make_code()
        preview = await world.open(world.mia, code)
        clock.move_to(_time(code["expires_at"]) - early)
        request = f"/link-requests/{code['link_request_id']}"
        if operation == "open":
            answer = await world.mia.post("/link-requests/open", {"code": code["url"]})
        elif operation in {"approve", "decline"}:
            body = {"code": code["url"]} | ({"consent_hash": preview["consent_hash"]} if operation == "approve" else {})
            answer = await world.mia.post(f"{request}/{operation}", body)
        else:
            method = "GET" if operation.startswith("qr") else "POST"
            answer = await world.alice.call(method, f"{world.codes}/{code['link_request_id']}/{operation}")
        assert answer.status_code in status, answer.text


async def test_an_overdue_request_shows_as_expired_immediately(world: World, clock: time_machine.Traveller) -> None:
    """An overdue request shows as expired, without link and typed code, before the worker runs."""
    code = await world.make_code()
    clock.move_to(_time(code["expires_at"]))
    found = await world.link_request(code)
    assert (found["state"], found["url"], found["typed_code"]) == ("expired", None, None)
    assert (await world.alice.get(world.codes)).json()["items"][0]["state"] == "expired"


async def test_the_worker_expires_what_is_due(world: World, clock: time_machine.Traveller) -> None:
    """The periodic loop marks due requests as expired and logs this as the system."""
    committed = asyncio.Event()
    before = world.database.after_commit

    def listen(events: Sequence[Any]) -> None:
        before(events)
        if any(event.type == "link_request.expired" for event in events):
            committed.set()

    world.database.after_commit = listen
    code = await world.make_code()
    clock.move_to(_time(code["expires_at"]))
    await asyncio.wait_for(committed.wait(), 15)
    event = (await world.log())[0]
    assert (event["type"], event["actor_kind"], event["actor_name"]) == ("link_request.expired", "system", "Sparklink")
    assert event["data"] == {"link_request_id": code["link_request_id"]}
    assert await world.scalar("SELECT state FROM link_requests") == "expired"


async def test_expiry_happens_once_and_only_to_what_is_due(world: World, clock: time_machine.Traveller) -> None:
    """Decided requests, and those not yet due, stay as they are; a second sweep finds nothing."""
    declined, due = await world.make_code(), await world.make_code()
    await world.mia.post(f"/link-requests/{declined['link_request_id']}/decline", {"code": declined["url"]})
    clock.shift(timedelta(seconds=300))
    later = await world.make_code()
    clock.move_to(_time(due["expires_at"]))
    swept = [await world.database.write(service.expire_due) for _ in range(2)]
    assert sum(swept) <= 1, "the worker may have been first, but only one sweep finds it"
    states = [(await world.link_request(code))["state"] for code in (declined, due, later)]
    assert states == ["declined", "expired", "pending"]
    assert [event["type"] for event in await world.log()].count("link_request.expired") == 1


async def test_new_code_kills_the_old_one(world: World, clock: time_machine.Traveller) -> None:
    """A new code has a full lifetime and is unscanned; link, characters and typed code of the old one are unknown."""
    old = await world.make_code()
    preview = await world.open(world.mia, old)
    clock.shift(timedelta(seconds=599))
    new = (await world.alice.post(f"{world.codes}/{old['link_request_id']}/new-code")).json()
    assert (new["link_request_id"], new["generation"], new["state"]) == (old["link_request_id"], 2, "pending")
    assert new["scanned_by"] is None
    assert _time(new["expires_at"]) == utc_now() + timedelta(seconds=600)
    for dead in (old["url"], old["url"].partition("#")[2], old["typed_code"]):
        assert problem_of(await world.mia.post("/link-requests/open", {"code": dead})) == (404, "code-not-found")
    body = {"code": old["url"], "consent_hash": preview["consent_hash"]}
    answer = await world.mia.post(f"/link-requests/{old['link_request_id']}/approve", body)
    assert problem_of(answer) == (404, "code-not-found")
    assert (await world.approve(world.mia, new)).status_code == 200
    assert (await world.log())[-1]["type"] == "business_center.created"


LIFETIMES: list[tuple[dict[str, Any], int, bool]] = [
    ({}, 600, True),
    ({"lifetime_seconds": 1}, 1, True),
    ({"lifetime_seconds": 600}, 600, True),
    ({"for_handle": "mia.bakes"}, 86_400, False),
    ({"for_handle": " @MIA.bakes "}, 86_400, False),
    ({"for_handle": "mia.bakes", "lifetime_seconds": 600}, 600, True),
    ({"for_handle": "mia.bakes", "lifetime_seconds": 604_800}, 604_800, False),
    ({"for_handle": "", "lifetime_seconds": 600}, 600, True),
]
REFUSED_LIFETIMES: list[tuple[dict[str, Any], str]] = [
    ({"lifetime_seconds": 601}, "invalid-lifetime"),
    ({"lifetime_seconds": 604_800}, "invalid-lifetime"),
    ({"lifetime_seconds": 601, "for_handle": ""}, "invalid-lifetime"),
    ({"lifetime_seconds": 601, "for_handle": "   "}, "invalid-lifetime"),
    ({"lifetime_seconds": 601, "for_handle": "@"}, "invalid-lifetime"),
    ({"lifetime_seconds": 601, "for_handle": " @ "}, "invalid-lifetime"),
    ({"lifetime_seconds": 0}, "malformed-request"),
    ({"lifetime_seconds": -1}, "malformed-request"),
    ({"lifetime_seconds": 604_801, "for_handle": "mia.bakes"}, "malformed-request"),
    ({"for_handle": "no.such.person"}, "unknown-handle"),
    ({"for_handle": "@@mia.bakes"}, "unknown-handle"),
]


async def test_lifetimes(world: World, clock: time_machine.Traveller) -> None:
    """A code for the screen lives ten minutes at most; only one for a handle may live longer, without a typed code."""
    for wanted, seconds, typed in LIFETIMES:
        code = await world.make_code(**wanted)
        assert _time(code["expires_at"]) - _time(code["created_at"]) == timedelta(seconds=seconds), wanted
        assert (code["typed_code"] is not None) is typed, wanted
        assert code["for_handle"] == ("mia.bakes" if wanted.get("for_handle") else None), wanted


async def test_lifetimes_that_are_refused(world: World) -> None:
    """A code that could be passed around and is for no handle is never made."""
    for wanted, problem in REFUSED_LIFETIMES:
        answer = await world.alice.post(world.codes, {"permissions": ["showcase"], **wanted})
        assert problem_of(answer) == (422, problem), wanted
    assert await world.scalar("SELECT count(*) FROM link_requests") == 0


async def test_an_empty_handle_is_no_handle(world: World) -> None:
    """A code for nobody in particular lives ten minutes, whatever the spelling of the empty handle."""
    for name in ("", "@", " @ "):
        code = await world.make_code(for_handle=name)
        assert _time(code["expires_at"]) - _time(code["created_at"]) == timedelta(seconds=600), name


async def test_a_code_for_one_handle(world: World) -> None:
    """A code for one handle refuses every other account, shows the admin each attempt, and still works for its own."""
    code = await world.make_code(for_handle="mia.bakes")
    request = f"/link-requests/{code['link_request_id']}"
    tries = [
        ("/link-requests/open", {"code": code["url"]}),
        (request + "/approve", {"code": code["url"], "consent_hash": "0" * 64}),
        (request + "/decline", {"code": code["url"]}),
    ]
    for path, body in tries:
        answer = await world.leo.post(path, body)
        assert problem_of(answer) == (403, "meant-for-another-account")
        assert "mia" not in answer.text
    refused = [event for event in await world.log() if event["type"] == "link_request.refused"]
    assert [(event["data"]["handle"], event["actor_id"]) for event in refused] == [("leo.rides", world.leo.id)] * 3
    assert (await world.link_request(code))["state"] == "pending"
    assert (await world.approve(world.mia, code)).status_code == 200
