"""Signing in, sessions, and the limits on guessing passwords and codes."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from server.auth import service as auth
from server.auth.attempts import CHECKED_CODE, SIGN_IN, TYPED_CODE
from tests.server.world import PASSWORD, Person, World, email, problem_of

WRONG = (401, "wrong-credentials")
TOO_MANY = (429, "too-many-attempts")
LIFETIMES = {"alice": timedelta(hours=12), "mia": timedelta(days=14)}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; tests move it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


async def _try(world: World, password: str = "wrong", **who: str) -> httpx.Response:
    return await world.nobody.post("/sessions", {**(who or {"handle": "mia.bakes"}), "password": password})


async def test_unknown_names_and_wrong_passwords_look_alike(world: World) -> None:
    """An answer does not reveal whether a name exists: status, bytes and headers are the same."""
    answers = [
        await _try(world, handle="mia.bakes"),
        await _try(world, handle="nobody.at.all"),
        await _try(world, email=email("alice")),
        await _try(world, email="nobody@example.test"),
        await _try(world, email="mia.bakes"),  # a handle instead of an email address
        await _try(world, password=PASSWORD, handle=email("alice")),
    ]
    assert {problem_of(answer) for answer in answers} == {WRONG}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"password": PASSWORD},
        {"email": "alice@example.test", "handle": "mia.bakes", "password": PASSWORD},
        {"handle": "mia.bakes"},
        {"handle": "mia.bakes", "password": ""},
        {"handle": "mia.bakes", "password": "x" * 1025},
        {"handle": "x" * 33, "password": PASSWORD},
        {"email": "x" * 255, "password": PASSWORD},
    ],
)
async def test_malformed_sign_ins(world: World, body: dict[str, str]) -> None:
    """A sign-in needs exactly one name and a password of bounded length."""
    assert problem_of(await world.nobody.post("/sessions", body)) == (422, "malformed-request")


async def test_spaces_belong_to_a_password(world: World) -> None:
    """Spaces at the ends of a password are part of it, unlike those around a name."""
    assert problem_of(await _try(world, password=f" {PASSWORD} ", handle="mia.bakes")) == WRONG
    assert (await _try(world, password=PASSWORD, handle="  mia.bakes ")).status_code == 201


async def test_guessing_comes_to_an_end(world: World, clock: time_machine.Traveller) -> None:
    """Ten failures within ten minutes block a name, even for the right password, until the time is over."""
    for _ in range(SIGN_IN.per_person):
        assert problem_of(await _try(world)) == WRONG
        clock.shift(timedelta(seconds=1))
    closed = await _try(world, password=PASSWORD, handle="@MIA.bakes")
    assert problem_of(closed) == TOO_MANY
    wait = int(closed.headers["retry-after"])
    assert closed.json()["retry_after_seconds"] == wait
    assert 585 <= wait <= 592
    assert (await _try(world, password=PASSWORD, handle="leo.rides")).status_code == 201, "others are not affected"
    clock.shift(timedelta(seconds=wait))
    assert (await _try(world, password=PASSWORD, handle="mia.bakes")).status_code == 201


async def test_the_right_password_clears_the_count(world: World) -> None:
    """Somebody who mistypes now and then is not locked out."""
    for _ in range(2):
        for _ in range(SIGN_IN.per_person - 1):
            assert problem_of(await _try(world)) == WRONG
        assert (await _try(world, password=PASSWORD, handle="mia.bakes")).status_code == 201


async def test_unknown_names_are_limited_too(world: World) -> None:
    """An unknown name is blocked after as many failures as a known one."""
    answers = [problem_of(await _try(world, handle="nobody.at.all")) for _ in range(SIGN_IN.per_person + 1)]
    assert Counter(answers) == {WRONG: SIGN_IN.per_person, TOO_MANY: 1}


async def test_parallel_guesses_count(world: World) -> None:
    """Of 40 guesses sent at once, the server checks no more than of 40 in sequence."""
    answers = await asyncio.gather(*(_try(world, password=f"guess {number}") for number in range(40)))
    assert Counter(problem_of(answer) for answer in answers) == {WRONG: SIGN_IN.per_person, TOO_MANY: 30}


async def test_typed_codes_cannot_be_guessed(world: World, clock: time_machine.Traveller) -> None:
    """After five wrong typed codes, in parallel too, an account is refused; scanning still works."""
    code = await world.make_code()
    guesses = [world.mia.post("/link-requests/open", {"code": f"BCDFG-HJKL{letter}"}) for letter in "BCDFGHJKLM"]
    answers = Counter(problem_of(answer) for answer in await asyncio.gather(*guesses))
    assert answers == {(404, "code-not-found"): TYPED_CODE.per_person, TOO_MANY: 5}
    refused = await world.mia.post("/link-requests/open", {"code": code["typed_code"]})
    assert problem_of(refused) == TOO_MANY
    assert (await world.mia.post("/link-requests/open", {"code": code["url"]})).status_code == 200
    assert (await world.leo.post("/link-requests/open", {"code": code["typed_code"]})).status_code == 200
    clock.shift(timedelta(seconds=int(refused.headers["retry-after"])))
    late = await world.make_code()
    assert (await world.mia.post("/link-requests/open", {"code": late["typed_code"]})).status_code == 200


async def test_checking_whether_a_request_is_open_is_not_a_guess(world: World) -> None:
    """An app that checks every few seconds neither uses up its owner's guesses nor restores any."""
    code = await world.make_code()
    path, typed = f"/link-requests/{code['link_request_id']}/check", {"code": code["typed_code"]}
    at_once = await asyncio.gather(*(world.mia.post(path, typed) for _ in range(3 * TYPED_CODE.per_person)))
    assert {answer.status_code for answer in at_once} == {200}
    for letter in "BCDFG":
        guess = {"code": f"BCDFG-HJKL{letter}"}
        assert problem_of(await world.mia.post("/link-requests/open", guess)) == (404, "code-not-found")
        assert (await world.mia.post(path, typed)).status_code == 200
    assert problem_of(await world.mia.post("/link-requests/open", typed)) == TOO_MANY


async def test_checks_of_unknown_codes_are_limited(world: World) -> None:
    """An account that keeps checking requests that do not exist is refused after a while."""
    code = await world.make_code()
    path = f"/link-requests/{code['link_request_id']}/check"
    answers = [problem_of(await world.mia.post(path, {"code": "BCDFG-HJKLM"})) for _ in range(31)]
    assert Counter(answers) == {(404, "code-not-found"): CHECKED_CODE.per_person, TOO_MANY: 1}


async def test_an_address_is_limited_too(world: World) -> None:
    """One address cannot try typed codes through one new account after another."""
    for attempt in range(TYPED_CODE.per_address):
        world.app.state.attempts.failed(TYPED_CODE, f"account {attempt}", "127.0.0.1")
    answer = await world.mia.post("/link-requests/open", {"code": "BCDFG-HJKLM"})
    assert problem_of(answer) == TOO_MANY


@pytest.mark.parametrize("name", LIFETIMES)
async def test_sessions_end(world: World, clock: time_machine.Traveller, name: str) -> None:
    """A session ends after twelve hours for members and fourteen days for owners, at that instant."""
    who = {"email": email(name)} if name == "alice" else {"handle": "mia.bakes"}
    session = (await _try(world, password=PASSWORD, **who)).json()
    ends = datetime.fromisoformat(session["expires_at"])
    assert ends - datetime.now(UTC) == LIFETIMES[name]
    person = Person(world.client, session["token"])
    clock.move_to(ends - timedelta(microseconds=1))
    assert (await person.get("/me")).status_code == 200
    clock.move_to(ends)
    assert problem_of(await person.get("/me")) == (401, "session-over")
    assert await world.database.write(auth.delete_expired_sessions) >= 1
    assert problem_of(await person.get("/me")) == (401, "session-over")


async def test_sessions_are_independent(world: World) -> None:
    """Signing out ends one session; the person's other sessions continue."""
    first, second = [(await _try(world, password=PASSWORD, handle="mia.bakes")).json()["token"] for _ in range(2)]
    assert first != second
    assert (await Person(world.client, first).delete("/sessions/current")).status_code == 204
    assert problem_of(await Person(world.client, first).get("/me")) == (401, "session-over")
    assert (await Person(world.client, second).get("/me")).status_code == 200


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("", "not-signed-in"),
        ("Bearer", "not-signed-in"),
        ("Basic YWxpY2U6cGFzc3dvcmQ=", "not-signed-in"),
        ("Bearer  ", "not-signed-in"),
        ("Bearer x", "session-over"),
        ("Bearer " + "x" * 5_000, "session-over"),
        ("Bearer \xe9", "session-over"),
    ],
)
async def test_other_credentials(world: World, header: str, problem: str) -> None:
    """Anything but a known token gets a 401 that says how to sign in."""
    answer = await world.nobody.get("/me", headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401
    assert problem_of(answer)[1] in {problem, "session-over"}
    assert answer.headers["www-authenticate"] == "Bearer"
