"""Tokens, developer apps and the request log in `/api/v1`."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from server.business_api import apps, calls, tokens
from server.business_api.envelope import Code, Refused
from server.business_centers import people
from server.clock import utc_now
from tests.server.world import ABSENT, Person, World, email, problem_of, slowly

NOT_FOUND = (404, "not-found")


async def _token(world: World, person: Person, **wanted: Any) -> dict[str, Any]:
    bc_id = world.other_bc_id if person is world.charlie else world.bc_id
    answer = await person.post(f"/business-centers/{bc_id}/access-tokens", {"name": "Report", **wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _listed(world: World, person: Person, what: str = "access-tokens") -> list[dict[str, Any]]:
    answer = await person.get(f"/business-centers/{world.bc_id}/{what}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def _caller(world: World, token: str) -> tokens.Caller:
    return tokens.authenticate(await world.database.read(tokens.find, token))


async def _refusal(world: World, token: str) -> tuple[Code, str]:
    with pytest.raises(Refused) as refused:
        await _caller(world, token)
    return refused.value.code, refused.value.message


async def test_a_token_is_shown_once_and_stored_as_a_hash(world: World) -> None:
    """A token appears only in the answer that makes it, not in the list, the database or the log."""
    made = await _token(world, world.alice)
    (listed,) = await _listed(world, world.alice)
    assert listed == {name: value for name, value in made.items() if name != "token"}
    assert listed["hint"] == made["token"][-4:]
    stored = await world.sql("SELECT * FROM access_tokens")
    assert made["token"] not in repr(stored) + repr(await world.log())
    assert (await _caller(world, made["token"])).actor.subject_id == world.alice.id


async def test_members_see_and_end_their_own_tokens(world: World) -> None:
    """A standard member sees and ends only their own tokens; an admin sees and ends all of them."""
    mine, theirs = await _token(world, world.bob), await _token(world, world.alice)
    assert [token["token_id"] for token in await _listed(world, world.bob)] == [mine["token_id"]]
    path = f"/business-centers/{world.bc_id}/access-tokens"
    assert problem_of(await world.bob.delete(f"{path}/{theirs['token_id']}")) == NOT_FOUND
    assert (await world.alice.delete(f"{path}/{mine['token_id']}")).status_code == 204
    assert (await world.bob.delete(f"{path}/{mine['token_id']}")).status_code == 204
    states = {token["token_id"]: token["state"] for token in await _listed(world, world.alice)}
    assert states == {mine["token_id"]: "revoked", theirs["token_id"]: "active"}
    ended = [event for event in await world.log() if event["type"] == "access_token.revoked"]
    assert len(ended) == 1, "the second time changed nothing"


async def test_a_token_ends_with_its_time_its_revocation_and_its_member(world: World) -> None:
    """An expired, revoked or unknown token, or one whose member has left, is refused with the reason."""
    short, revoked, left = (
        await _token(world, world.alice, lifetime_days=1),
        *[await _token(world, person) for person in (world.alice, world.bob)],
    )
    await world.sql("UPDATE access_tokens SET expires_at = 1 WHERE token_id = :id", id=short["token_id"])
    await world.alice.delete(f"/business-centers/{world.bc_id}/access-tokens/{revoked['token_id']}")
    await world.alice.delete(f"/business-centers/{world.bc_id}/members/{world.bob.id}")
    assert (await _refusal(world, short["token"]))[0] == Code.TOKEN_EXPIRED
    assert await _refusal(world, revoked["token"]) == (
        Code.TOKEN_BAD,
        "The access token was revoked. Make a new one.",
    )
    code, message = await _refusal(world, left["token"])
    assert code == Code.TOKEN_BAD
    assert "no longer a member" in message
    assert (await _refusal(world, "x" * 43))[0] == Code.TOKEN_BAD


async def test_tokens_of_a_removed_member_stay_dead(world: World) -> None:
    """A member who is removed and invited back makes new tokens: old tokens and auth codes stay dead."""
    app = await _app(world)
    old, code = await _token(world, world.bob), await _code(world, world.bob, app)
    center = f"/business-centers/{world.bc_id}"
    await world.alice.delete(f"{center}/members/{world.bob.id}")
    assert [token["state"] for token in await _listed(world, world.alice)] == ["revoked"]
    invited = await world.alice.post(f"{center}/invitations", {"email": email("bob")})
    await world.database.write(people.accept, invited.json()["url"].partition("#")[2], "Bob", "hashed")
    assert await _refusal(world, old["token"]) == (
        Code.TOKEN_BAD,
        "The access token ended when Bob Tanaka left. Make a new one.",
    )
    with pytest.raises(Refused, match="auth_code is not valid"):
        await _exchange(world, app, code)
    assert [token["state"] for token in await _listed(world, world.bob)] == ["revoked"]
    new = await _token(world, world.bob)
    assert (await _caller(world, new["token"])).actor.subject_id == world.bob.id


async def _app(world: World) -> dict[str, Any]:
    made: dict[str, Any] = (
        await world.alice.post(f"/business-centers/{world.bc_id}/api-apps", {"name": "Planner"})
    ).json()
    return made


async def _code(world: World, person: Person, app: dict[str, Any]) -> str:
    answer = await person.post(f"/business-centers/{world.bc_id}/api-apps/{app['app_id']}/auth-codes")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["auth_code"])


async def _exchange(world: World, app: dict[str, Any], code: str) -> str:
    return (await world.database.write(apps.exchange, app["app_id"], app["secret"], code))[2]


async def test_an_auth_code_works_once_for_its_app_and_its_member(world: World) -> None:
    """An app gets a token in the name of the member who authorized it, and the code works only once."""
    app, other = await _app(world), await _app(world)
    code = await _code(world, world.bob, app)
    with pytest.raises(Refused, match="auth_code is not valid"):
        await _exchange(world, other, code)
    with pytest.raises(Refused, match="do not match"):
        await _exchange(world, {**app, "secret": other["secret"]}, code)
    token = await _exchange(world, app, code)
    assert (await _caller(world, token)).actor.subject_id == world.bob.id
    with pytest.raises(Refused) as refused:
        await _exchange(world, app, code)
    assert refused.value.code == Code.AUTH_CODE_OVER


async def test_an_auth_code_dies_after_an_hour_and_with_the_membership(world: World) -> None:
    """An auth code that has expired, or whose member has left, gives no token."""
    app = await _app(world)
    old, left = await _code(world, world.alice, app), await _code(world, world.bob, app)
    assert await world.scalar("SELECT MAX(expires_at - created_at) FROM auth_codes") == 3_600_000_000
    await world.sql("UPDATE auth_codes SET expires_at = 1 WHERE user_id = :id", id=world.alice.id)
    await world.alice.delete(f"/business-centers/{world.bc_id}/members/{world.bob.id}")
    for code in (old, left):
        with pytest.raises(Refused) as refused:
            await _exchange(world, app, code)
        assert refused.value.code == Code.AUTH_CODE_OVER
    assert await world.database.write(apps.forget_codes) == 1


async def test_a_revoked_app_ends_with_its_tokens(world: World) -> None:
    """Revoking an app ends its tokens and codes and records one event; the secret is never stored or logged."""
    app = await _app(world)
    code = await _code(world, world.bob, app)
    token = await _exchange(world, app, await _code(world, world.alice, app))
    path = f"/business-centers/{world.bc_id}/api-apps/{app['app_id']}"
    assert (await world.alice.delete(path)).status_code == 204
    assert (await world.alice.delete(path)).status_code == 204
    assert (await _refusal(world, token))[0] == Code.TOKEN_BAD
    with pytest.raises(Refused):
        await _exchange(world, app, code)
    assert problem_of(await world.bob.post(f"{path}/auth-codes")) == NOT_FOUND
    assert [event["type"] for event in await world.log()].count("api_app.revoked") == 1
    (listed,) = await _listed(world, world.alice, "api-apps")
    assert listed["revoked_at"]
    assert app["secret"] not in repr(await world.sql("SELECT * FROM api_apps")) + repr(await world.log())


async def test_no_token_outlives_its_app(world: World) -> None:
    """A code exchanged while the app is being revoked gives no token, or one that ends with the app."""
    app = await _app(world)
    exchanging = slowly(apps.exchange)
    code = await _code(world, world.bob, app)
    path = f"/business-centers/{world.bc_id}/api-apps/{app['app_id']}"

    async def later() -> None:
        await asyncio.sleep(0.05)  # the exchange has read the app by then
        await asyncio.gather(world.alice.delete(path), world.alice.delete(path))

    await asyncio.gather(
        world.database.write(exchanging, app["app_id"], app["secret"], code), later(), return_exceptions=True
    )
    assert "active" not in {token["state"] for token in await _listed(world, world.alice)}
    assert [event["type"] for event in await world.log()].count("api_app.revoked") == 1


def _call(bc_id: str | None, token_id: str | None, **values: Any) -> calls.Call:
    known = {"request_id": "R1", "at": utc_now(), "method": "GET", "endpoint": "/open_api/v1.3/bc/get/", "code": 0}
    return calls.Call(
        **{"bc_id": bc_id, "token_id": token_id, "message": "OK", "parameters": {}, "duration_ms": 3, **known, **values}
    )


async def test_the_log_is_filtered_and_paged(world: World) -> None:
    """Calls are listed newest first, by endpoint, token and outcome; a standard member sees only their own."""
    mine, theirs = await _token(world, world.alice), await _token(world, world.bob)
    log: calls.CallLog = world.app.state.call_log
    log.add(_call(world.bc_id, mine["token_id"]))
    log.add(_call(world.bc_id, theirs["token_id"], code=40001, message="No", endpoint="/open_api/v1.3/ad/create/"))
    log.add(_call(world.other_bc_id, None))
    log.add(_call(None, None, code=40105))
    path = f"/business-centers/{world.bc_id}/api-calls"

    async def codes(person: Person, **filters: Any) -> list[int]:
        return [item["code"] for item in (await person.get(path, params=filters)).json()["items"]]

    assert await codes(world.alice) == [40001, 0]
    assert await codes(world.bob) == [40001]
    assert await codes(world.alice, only_errors=True) == [40001]
    assert await codes(world.alice, endpoint="bc/get") == [0]
    assert await codes(world.alice, endpoint="%") == []
    assert await codes(world.alice, token_id=mine["token_id"]) == [0]
    assert await codes(world.alice, token_id=ABSENT) == []
    first = (await world.alice.get(path, params={"page_size": 1})).json()
    assert [item["token_hint"] for item in first["items"]] == [theirs["hint"]]
    assert await codes(world.alice, cursor=first["next_cursor"]) == [0]
    assert all(token["last_used_at"] for token in await _listed(world, world.alice))


async def test_the_log_forgets(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log deletes rows older than a month and, for each Business Center, all but the newest."""
    monkeypatch.setattr(calls, "KEPT", 3)
    old = utc_now() - calls.KEPT_FOR - timedelta(seconds=1)
    rows = [_call(world.other_bc_id, None, at=old), *(_call(world.bc_id, None, code=n) for n in range(5))]
    await world.database.write(calls.store, rows + [_call(None, None) for _ in range(4)])
    await world.database.write(calls.forget_old)  # the server's own loop may have been first
    assert [row[0] for row in await world.sql("SELECT code FROM api_calls WHERE bc_id IS NOT NULL")] == [2, 3, 4]
    assert await world.scalar("SELECT COUNT(*) FROM api_calls WHERE bc_id IS NULL") == 3
    assert not await world.database.read(calls.any_to_forget)


async def test_a_flood_loses_calls_and_nothing_else(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Calls beyond the buffer's limit are lost, and the log says how many; the others are stored."""
    log = calls.CallLog()
    for _ in range(calls.BUFFER_LIMIT + 7):
        log.add(_call(world.bc_id, None))
    await log.flush(world.database)
    assert "lost 7 calls" in caplog.text
    assert await world.scalar("SELECT COUNT(*) FROM api_calls") == calls.BUFFER_LIMIT
