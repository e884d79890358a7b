"""Each operation on a link request in each state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine

from server.link_requests import service
from server.link_requests.states import OPEN, REFUSALS
from shared.wire import LinkRequestState as State
from tests.server.world import Person, World, problem_of

Code = dict[str, Any]
USED, DECLINED = (409, "link-request-used"), (409, "link-request-declined")
EXPIRED, CANCELLED = (410, "link-request-expired"), (409, "link-request-cancelled")

UNDECIDED: dict[str, int | tuple[int, str]] = {
    "open": 200,
    "check": 200,
    "approve": 200,
    "decline": 204,
    "cancel": 200,
    "new-code": 200,
    "qr.png": 200,
}
# The status or refusal for a person who did not decide, by state and operation.
EXPECTED: dict[str, dict[str, int | tuple[int, str]]] = {
    "pending": UNDECIDED,
    "scanned": UNDECIDED,
    "approved": dict.fromkeys(("open", "check", "approve", "decline", "cancel", "new-code", "qr.png"), USED),
    "declined": dict.fromkeys(("open", "check", "approve", "decline", "cancel", "new-code", "qr.png"), DECLINED),
    "overdue": dict.fromkeys(("open", "check", "approve", "decline", "cancel", "new-code", "qr.png"), EXPIRED),
    "expired": dict.fromkeys(("open", "check", "approve", "decline", "cancel", "new-code", "qr.png"), EXPIRED),
    "cancelled": dict.fromkeys(("open", "check", "approve", "decline", "new-code", "qr.png"), CANCELLED)
    | {"cancel": 200},
}
AFTER = {"open": "scanned", "approve": "approved", "decline": "declined", "cancel": "cancelled", "new-code": "pending"}


async def _do(world: World, operation: str, code: Code, consent_hash: str, owner: Person) -> httpx.Response:
    request = f"/link-requests/{code['link_request_id']}"
    if operation == "open":
        return await owner.post("/link-requests/open", {"code": code["url"]})
    if operation == "check":
        return await owner.post(request + "/check", {"code": code["url"]})
    if operation == "approve":
        return await owner.post(request + "/approve", {"code": code["url"], "consent_hash": consent_hash})
    if operation == "decline":
        return await owner.post(request + "/decline", {"code": code["url"]})
    own = f"{world.codes}/{code['link_request_id']}/{operation}"
    return await (world.alice.get(own) if operation.startswith("qr") else world.alice.post(own))


async def _bring_to(world: World, state: str, clock: time_machine.Traveller) -> tuple[Code, str]:
    """Make a code and have mia bring it to a state; return it with leo's consent hash."""
    code = await world.make_code()
    consent_hash = (await world.open(world.leo, code))["consent_hash"]
    if state in {"pending", "overdue", "expired"}:
        code = (await world.alice.post(f"{world.codes}/{code['link_request_id']}/new-code")).json()
    if state == "scanned":
        await world.open(world.mia, code)
    if state in {"approved", "declined", "cancelled"}:
        operation = {"approved": "approve", "declined": "decline", "cancelled": "cancel"}[state]
        shown = (await world.open(world.mia, code))["consent_hash"]
        assert (await _do(world, operation, code, shown, world.mia)).is_success
    if state in {"overdue", "expired"}:
        clock.shift(timedelta(seconds=600))
    if state == "expired":
        await world.database.write(service.expire_due)
    return code, consent_hash


async def _written(world: World) -> int:
    """Count the events of alice's Business Center that the worker did not write."""
    count: int = await world.scalar(
        "SELECT count(*) FROM events WHERE bc_id = :bc AND type <> 'link_request.expired'", bc=world.bc_id
    )
    return count


@pytest.mark.parametrize("state", EXPECTED)
async def test_every_operation_in_every_state(world: World, state: str) -> None:
    """Only the state decides whether an operation is allowed; a refusal changes and records nothing."""
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        for operation, expected in EXPECTED[state].items():
            code, consent_hash = await _bring_to(world, state, clock)
            before, events = await world.link_request(code), await _written(world)
            answer = await _do(world, operation, code, consent_hash, world.leo)
            after = await world.link_request(code)
            if isinstance(expected, tuple):
                assert problem_of(answer) == expected, operation
                assert (after, await _written(world)) == (before, events), operation
            else:
                assert answer.status_code == expected, (operation, answer.text)
                assert after["state"] == AFTER.get(operation, before["state"]), operation


async def test_repeating_a_decision_succeeds(world: World) -> None:
    """Declining or cancelling twice succeeds and records one event; a different decision afterwards is refused."""
    code = await world.make_code()
    shown = (await world.open(world.mia, code))["consent_hash"]
    for _ in range(2):
        assert (await _do(world, "decline", code, shown, world.mia)).status_code == 204
    assert problem_of(await _do(world, "approve", code, shown, world.mia)) == DECLINED
    other = await world.make_code()
    for _ in range(2):
        assert (await _do(world, "cancel", other, "", world.mia)).json()["state"] == "cancelled"
    kinds = [event["type"] for event in await world.log()]
    assert (kinds.count("link_request.declined"), kinds.count("link_request.cancelled")) == (1, 1)
    approved = await world.make_code()
    assert (await world.approve(world.leo, approved)).status_code == 200
    assert problem_of(await _do(world, "decline", approved, "", world.leo)) == USED


async def test_a_scan_by_another_account_is_recorded(world: World) -> None:
    """Each account that scans is recorded once, and the request shows the latest."""
    code = await world.make_code()
    for owner in (world.mia, world.mia, world.leo):
        await world.open(owner, code)
    assert (await world.link_request(code))["scanned_by"]["handle"] == "leo.rides"
    handles = [event["data"]["handle"] for event in await world.log() if event["type"] == "link_request.scanned"]
    assert handles == ["leo.rides", "mia.bakes"]


async def test_code_and_request_must_belong_together(world: World) -> None:
    """A valid code cannot decide another request."""
    code, other = await world.make_code(), await world.make_code()
    shown = (await world.open(world.mia, code))["consent_hash"]
    mixed = {**other, "url": code["url"]}
    for operation in ("check", "approve", "decline"):
        assert problem_of(await _do(world, operation, mixed, shown, world.mia)) == (404, "code-not-found")
    assert (await world.link_request(other))["state"] == "pending"


async def test_a_check_does_not_count_as_a_scan(world: World) -> None:
    """A check reports the state for either code, counts as no scan, and reveals nothing to another account."""
    addressed, code = await world.make_code(for_handle="mia.bakes"), await world.make_code()
    for one, text in ((addressed, addressed["url"]), (code, code["url"]), (code, code["typed_code"])):
        answer = await world.mia.post(f"/link-requests/{one['link_request_id']}/check", {"code": text})
        assert answer.json() == {"state": "pending", "expires_at": one["expires_at"]}
    path = f"/link-requests/{addressed['link_request_id']}/check"
    assert problem_of(await world.leo.post(path, {"code": addressed["url"]})) == (404, "code-not-found")
    assert (await world.link_request(code))["state"] == "pending"
    assert {event["type"] for event in await world.log()} & {"link_request.scanned", "link_request.refused"} == set()


CODES: list[tuple[str, tuple[int, str]]] = [
    ("A" * 22, (404, "code-not-found")),
    ("A" * 21 + "B", (404, "code-not-found")),
    ("BCDFG-HJKLM", (404, "code-not-found")),
    ("AEIOU-AEIOU", (404, "code-not-found")),
    ("hello", (404, "code-not-found")),
    ("https://link.example.test/l#" + "A" * 22, (404, "code-not-found")),
    ("https://elsewhere.example/l#" + "A" * 22, (422, "foreign-code")),
    ("https://link.example.test/@mia.bakes", (422, "foreign-code")),
    ("WIFI:S:cafe;T:WPA;P:secret;;", (422, "foreign-code")),
    ("", (422, "malformed-request")),
    ("x" * 513, (422, "malformed-request")),
]


async def test_unknown_and_malformed_codes(world: World) -> None:
    """Unknown and malformed codes look alike; a code of another system is refused as such."""
    for text, expected in CODES:
        assert problem_of(await world.mia.post("/link-requests/open", {"code": text})) == expected, text


def test_each_state_is_open_or_refuses() -> None:
    """The code's table covers every state: the open states refuse nothing, and the ended ones refuse."""
    assert set(REFUSALS) == set(State)
    assert {state for state, refusal in REFUSALS.items() if refusal is None} == {State.PENDING, State.SCANNED}
    assert set(OPEN) == {State.PENDING, State.SCANNED}
