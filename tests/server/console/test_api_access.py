"""Access tokens, developer apps and the request log: the pages for developers."""

from datetime import timedelta

from server.business_api import calls, tokens
from server.clock import utc_now
from tests.server.console.desk import Desk, Element, form_to, read_page
from tests.server.world import World


async def _make_token(desk: Desk, name: str = "Nightly report", **fields: str) -> Element:
    form = form_to(await desk.see(desk.path("access-tokens")), "/access-tokens")
    answer = await desk.send(form, name=name, **fields)
    assert answer.status_code == 200
    return read_page(answer)


def _value(page: Element, hook: str) -> str:
    return str(page.hook(hook).attributes["value"])


async def test_token_is_shown_once_and_works(alice: Desk, world: World) -> None:
    """The token appears only on the page that answers the form, and it works in its maker's name."""
    page = await _make_token(alice)
    token = _value(page, "new-token")
    caller = await world.database.read(lambda connection: tokens.authenticate(tokens.find(connection, token)))
    assert (caller.actor.name, caller.bc_id) == ("Alice Moreno", world.bc_id)
    again = await alice.get(alice.path("access-tokens"))
    assert token not in again.text
    row = read_page(again).hook("token-row")
    for text in ("Nightly report", f"Ends in {token[-4:]}", "Alice Moreno", "Active", "Not yet"):
        assert text in row.text


async def test_token_lifetimes(alice: Desk, world: World) -> None:
    """A token ends after the chosen time or never, and the list says when."""
    await _make_token(alice, "Month", lifetime="30")
    await _make_token(alice, "Forever", lifetime="")
    forever, month = (await alice.see(alice.path("access-tokens"))).find_all(data_testid="token-row")
    assert "Never" in forever.text
    assert "Never" not in month.text
    ends = (utc_now() + timedelta(days=30)).date().isoformat()
    assert any(str(time.attributes["datetime"]).startswith(ends) for time in month.find_all("time"))


async def test_token_without_a_name(alice: Desk) -> None:
    """Without a name no token is made, and the field says why."""
    form = form_to(await alice.see(alice.path("access-tokens")), "/access-tokens")
    answer = await alice.send(form, name=" ")
    assert answer.status_code == 422
    page = read_page(answer)
    assert "up to 100 characters" in page.find_all(id="name-error")[0].text
    assert not page.has("token-row")


async def test_revoking_a_token_asks_first(alice: Desk, world: World) -> None:
    """Revoking first says what ends and can be cancelled; afterwards the token stays in the list as revoked."""
    await _make_token(alice)
    page = await alice.see(alice.path("access-tokens"))
    question = await alice.see(str(page.hook("revoke-token").attributes["href"]).partition("#")[0])
    assert "The next call with it is refused" in question.text
    assert [link for link in question.find_all("a") if link.text == "Keep it"]
    answer = await alice.send(form_to(question, "/revoke"))
    page = await alice.see(answer.headers["location"])
    assert "The token is revoked" in page.text
    assert "Revoked" in page.hook("token-row").text
    assert not page.has("revoke-token")


async def test_members_see_their_own_tokens_and_admins_all(alice: Desk, bob: Desk) -> None:
    """A standard member makes tokens and sees only their own; an admin sees and revokes all."""
    await _make_token(alice, "Of Alice")
    await _make_token(bob, "Of Bob")
    assert "Of Alice" not in (await bob.see(bob.path("access-tokens"))).text
    both = await alice.see(alice.path("access-tokens"))
    assert len(both.find_all(data_testid="token-row")) == 2
    form = {"form_token": await bob.token()}
    key = next(str(row.attributes["data-key"]) for row in both.find_all(data_testid="token-row") if "Alice" in row.text)
    assert (await bob.post(bob.path(f"access-tokens/{key}/revoke"), form)).status_code == 404


async def test_app_secret_is_shown_once(alice: Desk) -> None:
    """A developer app gets an id and a secret, which appears only on this page."""
    page = await alice.see(alice.path("api-apps"))
    answer = await alice.send(form_to(page, "/api-apps"), name="Campaign planner")
    page = read_page(answer)
    secret = _value(page, "new-secret")
    again = await alice.get(alice.path("api-apps"))
    assert secret not in again.text
    assert _value(page, "new-app-id") in read_page(again).hook("app-row").text


async def test_authorizing_an_app_shows_the_code(alice: Desk) -> None:
    """Authorizing shows the auth code once, for the app to exchange for a token."""
    page = await alice.see(alice.path("api-apps"))
    page = read_page(await alice.send(form_to(page, "/api-apps"), name="Campaign planner"))
    app_id = _value(page, "new-app-id")
    answer = await alice.post(alice.path("api-apps"), {"form_token": await alice.token(), "authorize": app_id})
    code = _value(read_page(answer), "new-code")
    assert code not in (await alice.get(alice.path("api-apps"))).text


async def test_revoking_an_app(alice: Desk) -> None:
    """Revoking an app asks first and ends it."""
    page = await alice.see(alice.path("api-apps"))
    page = read_page(await alice.send(form_to(page, "/api-apps"), name="Campaign planner"))
    question = await alice.see(str(page.hook("revoke-app").attributes["href"]).partition("#")[0])
    assert "Every token it holds ends at once" in question.text
    answer = await alice.send(form_to(question, "/revoke"))
    page = await alice.see(answer.headers["location"])
    assert "Revoked" in page.hook("app-row").text
    assert not page.has("authorize-app")


async def _log(world: World, desk: Desk, count: int = 1, code: int = 0, endpoint: str = "/identity/get/") -> None:
    token_id = str(
        (await desk.see(desk.path("access-tokens"))).find_all(data_testid="token-row")[0].attributes["data-key"]
    )
    for number in range(count):
        message = "OK" if code == 0 else "No permission: Existing posts is not granted."
        world.app.state.call_log.add(
            calls.Call(
                bc_id=world.bc_id,
                token_id=token_id,
                request_id=f"2026{number:04d}",
                at=utc_now(),
                method="GET",
                endpoint=f"/open_api/v1.3{endpoint}",
                code=code,
                message=message,
                parameters={"advertiser_id": "77", "note": "<script>alert(1)</script>"},
                duration_ms=12,
            )
        )


async def test_log_shows_each_call(alice: Desk, world: World) -> None:
    """A row shows time, call, answer, token and duration, and below them the parameters as text."""
    await _make_token(alice)
    await _log(world, alice, code=40001)
    answer = await alice.get(alice.path("api-calls"))
    assert "<script>alert" not in answer.text
    row = read_page(answer).hook("call-row")
    for text in ("/open_api/v1.3/identity/get/", "GET", "40001", "Existing posts is not granted", "Nightly report"):
        assert text in row.text
    assert "12 ms" in row.text
    assert '"advertiser_id": "77"' in row.hook("call-parameters").text


async def test_log_filters(alice: Desk, world: World) -> None:
    """Errors only, a part of the endpoint and one token narrow the list; the form keeps the filters."""
    await _make_token(alice)
    await _log(world, alice)
    await _log(world, alice, code=40001, endpoint="/ad/create/")
    both = await alice.see(alice.path("api-calls"))
    assert len(both.find_all(data_testid="call-row")) == 2
    errors = await alice.see(alice.path("api-calls?errors=on"))
    assert "/ad/create/" in errors.hook("call-row").text
    assert "checked" in errors.hook("filter-errors").attributes
    some = await alice.see(alice.path("api-calls?endpoint=identity"))
    assert "/identity/get/" in some.hook("call-row").text
    assert some.hook("filter-endpoint").attributes["value"] == "identity"
    none = await alice.see(alice.path("api-calls?endpoint=zzz"))
    assert "No call matches" in none.text
    assert "No call matches" in (await alice.see(alice.path("api-calls?token=1"))).text


async def test_log_pages(alice: Desk, world: World) -> None:
    """More than fifty calls are paged, newest first, and the filter stays."""
    await _make_token(alice)
    await _log(world, alice, count=60, code=40001)
    first = await alice.see(alice.path("api-calls?errors=on"))
    following = str(first.hook("next-page").attributes["href"])
    assert "errors=on" in following
    rows = first.find_all(data_testid="call-row") + (await alice.see(following)).find_all(data_testid="call-row")
    keys = [int(str(row.attributes["data-key"])) for row in rows]
    assert len(keys) == 60
    assert keys == sorted(keys, reverse=True)


async def test_members_see_calls_of_their_own_tokens(alice: Desk, bob: Desk, charlie: Desk, world: World) -> None:
    """A standard member sees calls of their own tokens only; another Business Center sees none."""
    await _make_token(alice, "Of Alice")
    await _log(world, alice)
    assert not (await bob.see(bob.path("api-calls"))).has("call-row")
    await _make_token(bob, "Of Bob")
    await _log(world, bob, endpoint="/bc/get/")
    assert "/bc/get/" in (await bob.see(bob.path("api-calls"))).hook("call-row").text
    assert not (await charlie.see(charlie.path("api-calls"))).has("call-row")
