"""Signing in and out in the browser."""

import pytest

from server.settings import Settings
from tests.server.console.desk import COOKIE, Desk, form_to, read_page
from tests.server.world import PASSWORD, Person, World, email, problem_of


@pytest.fixture
def visitor(world: World) -> Desk:
    """Return somebody who is not signed in."""
    return Desk(world)


async def test_sign_in_leads_to_the_overview(visitor: Desk, world: World) -> None:
    """A member signs in with the form and lands on the overview of their first Business Center."""
    form = form_to(await visitor.see("/login"), "/login")
    answer = await visitor.send(form, email=email("alice"), password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    start = await visitor.get("/")
    assert (start.status_code, start.headers["location"]) == (303, f"/bc/{world.bc_id}/overview")
    assert "Northwind Coffee" in (await visitor.see(start.headers["location"])).text


async def test_cookie_is_for_this_host_only(visitor: Desk) -> None:
    """Scripts cannot read the session cookie, other sites cannot send it, and other hosts do not get it."""
    form = form_to(await visitor.see("/login"), "/login")
    answer = await visitor.send(form, email=email("alice"), password=PASSWORD)
    name, *flags = [part.strip() for part in answer.headers["set-cookie"].split(";")]
    assert name.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Secure"} <= set(flags)
    (seconds,) = [int(flag.partition("=")[2]) for flag in flags if flag.startswith("Max-Age=")]
    assert 12 * 3600 - 60 < seconds <= 12 * 3600
    assert not any(flag.lower().startswith("domain") for flag in flags)


async def test_cookie_without_https(visitor: Desk, world: World) -> None:
    """On plain http, as in a demo on a laptop, the cookie has no prefix and is not Secure; all else stays."""
    world.app.state.settings = Settings(base_url="http://127.0.0.1:8000", database_url=world.url)
    visitor.client.base_url = "http://127.0.0.1:8000"
    form = form_to(await visitor.see("/login"), "/login")
    answer = await visitor.send(form, email=email("alice"), password=PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("sparklink=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie


@pytest.mark.parametrize(
    ("typed", "password", "field", "says"),
    [
        ("", "x", "email", "Enter the e-mail"),
        ("alice@", "x", "email", "not a complete e-mail"),
        (email("alice"), "", "password", "Enter your password"),
    ],
)
async def test_errors_appear_at_the_field(visitor: Desk, typed: str, password: str, field: str, says: str) -> None:
    """Each field shows its own error and keeps what was typed, except the password."""
    form = form_to(await visitor.see("/login"), "/login")
    page = read_page(await visitor.send(form, email=typed, password=password))
    wrong = page.hook(f"login-{field}")
    assert wrong.attributes["aria-invalid"] == "true"
    (error,) = page.find_all(id=str(wrong.attributes["aria-describedby"]))
    assert says in error.text
    assert page.hook("login-email").attributes["value"] == typed
    assert "value" not in page.hook("login-password").attributes


async def test_wrong_password_and_unknown_name_look_alike(visitor: Desk) -> None:
    """The form does not reveal who is a member."""
    seen = []
    for typed in (email("alice"), email("nobody")):
        form = form_to(await visitor.see("/login"), "/login")
        answer = await visitor.send(form, email=typed, password="wrong")
        assert answer.status_code == 401
        seen.append(answer.text.replace(typed, ""))
        assert COOKIE not in answer.headers.get("set-cookie", "")
    assert seen[0] == seen[1]


@pytest.mark.parametrize("typed", ["mia.bakes", "@mia.bakes", "@nobody.at.all"])
async def test_owners_are_led_to_the_companion_app(visitor: Desk, typed: str) -> None:
    """For a handle the page says where owners log in, whether or not the account exists."""
    form = form_to(await visitor.see("/login"), "/login")
    answer = await visitor.send(form, email=typed, password=PASSWORD)
    assert answer.status_code == 422
    (error,) = read_page(answer).find_all(id="email-error")
    assert "companion app" in error.text
    assert [link.attributes["href"] for link in error.find_all("a")] == ["/app/"]


async def test_an_owners_session_opens_no_page(visitor: Desk, world: World) -> None:
    """An owner's token in the cookie is refused, with the way to the companion app."""
    visitor.client.cookies.set(COOKIE, world.cast.tokens["mia"])
    page = await visitor.see(f"/bc/{world.bc_id}/overview", 403)
    assert "Open the companion app" in page.text


async def test_too_many_attempts_say_how_long_to_wait(visitor: Desk) -> None:
    """After ten wrong passwords even the right one has to wait; the form says so and keeps the email."""
    form = form_to(await visitor.see("/login"), "/login")
    for _ in range(10):
        await visitor.send(form, email=email("alice"), password="wrong")
    answer = await visitor.send(form, email=email("alice"), password=PASSWORD)
    assert answer.status_code == 429
    page = read_page(answer)
    assert "Wait" in page.text
    assert page.hook("login-email").attributes["value"] == email("alice")


async def test_sign_out_ends_the_session(alice: Desk) -> None:
    """Signing out ends the session on the server and removes the cookie; going back shows nothing."""
    token = alice.client.cookies[COOKIE]
    answer = await alice.send(form_to(await alice.see(alice.path("overview")), "/logout"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?note=signed-out")
    assert "You are signed out" in (await alice.see("/login?note=signed-out")).text
    alice.client.cookies.set(COOKIE, token)
    back = await alice.get(alice.path("overview"))
    assert (back.status_code, back.headers["location"]) == (303, "/login?note=session-over")


@pytest.mark.parametrize("name", ["alice", "bob"])
async def test_signing_in_again_ends_the_earlier_session(alice: Desk, world: World, name: str) -> None:
    """A browser keeps one session: signing in ends the earlier one, whoever it belongs to."""
    before = alice.client.cookies[COOKIE]
    form = form_to(await alice.see("/login"), "/login")
    await alice.send(form, email=email(name), password="wrong")
    assert (await alice.get(alice.path("overview"))).status_code == 200, "a wrong password ends nothing"
    answer = await alice.send(form, email=email(name), password=PASSWORD)
    assert answer.status_code == 303
    assert alice.client.cookies[COOKIE] != before
    assert (await alice.get(alice.path("overview"))).status_code == 200
    assert problem_of(await Person(world.client, before).get("/me")) == (401, "session-over")
    ended = "SELECT count(*) FROM events WHERE actor_id = :id AND type = 'session.ended'"
    assert await world.scalar(ended, id=world.alice.id) == 1


async def test_signing_in_with_a_dead_cookie(alice: Desk, world: World) -> None:
    """The cookie of an ended session does not prevent signing in."""
    form = form_to(await alice.see("/login"), "/login")
    await world.alice.delete("/sessions/current")
    assert (await alice.send(form, email=email("alice"), password=PASSWORD)).status_code == 303
    assert (await alice.get(alice.path("overview"))).status_code == 200


async def test_a_dead_session_leads_to_the_form_with_a_note(visitor: Desk, world: World) -> None:
    """A page without a session leads to the form; an expired cookie is removed, and the form says so."""
    address = f"/bc/{world.bc_id}/members"
    first = await visitor.get(address)
    assert (first.status_code, first.headers["location"]) == (303, "/login")
    visitor.client.cookies.set(COOKIE, "x" * 43)
    over = await visitor.get(address)
    assert (over.status_code, over.headers["location"]) == (303, "/login?note=session-over")
    assert "Max-Age=0" in over.headers["set-cookie"]
    assert "Your session is over" in (await visitor.see("/login?note=session-over")).text


async def test_scripts_are_not_redirected(visitor: Desk, world: World) -> None:
    """A script that requests a page, a picture or the feed gets 401, not the form."""
    address = f"/bc/{world.bc_id}/members"
    assert (await visitor.get(address, **{"X-Refresh": "1"})).status_code == 401
    assert (await visitor.get(address, **{"Sec-Fetch-Dest": "image"})).status_code == 401


@pytest.mark.parametrize("name", ["next", "redirect", "return_to", "url", "note"])
async def test_nothing_redirects_elsewhere(visitor: Desk, name: str) -> None:
    """No parameter of the sign-in decides where it leads or what it says."""
    page = await visitor.see(f"/login?{name}=https://evil.example/")
    assert "evil.example" not in page.text
    answer = await visitor.send(form_to(page, "/login"), email=email("alice"), password=PASSWORD)
    assert answer.headers["location"] == "/"
