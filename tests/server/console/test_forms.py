"""No other site can make a member's browser change anything (cross-site request forgery)."""

import pytest

from tests.server.console.desk import COOKIE, Desk, form_to, read_page
from tests.server.world import ORIGIN, PASSWORD, World, email

REFUSED = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sister site": {"Sec-Fetch-Site": "same-site"},
    "typed or bookmarked": {"Sec-Fetch-Site": "none"},
    "another origin, in an old browser": {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
}
ACCEPTED = {
    "ours": {"Sec-Fetch-Site": "same-origin"},
    "ours, in an old browser": {"Sec-Fetch-Site": "", "Origin": ORIGIN},
    "ours, in an old browser that hides the origin": {"Sec-Fetch-Site": "", "Origin": "null"},
}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED.keys())
async def test_other_sites_are_refused(alice: Desk, world: World, headers: dict[str, str]) -> None:
    """A form from elsewhere is refused with a clear page, even with the right token, and nothing changes."""
    code = await world.make_code()
    before = await world.log()
    form = {"form_token": await alice.token()}
    answer = await alice.post(alice.path(f"link-requests/{code['link_request_id']}/cancel"), form, **headers)
    assert answer.status_code == 403
    page = read_page(answer)
    assert "Nothing was changed" in page.text
    assert await world.log() == before


@pytest.mark.parametrize("headers", ACCEPTED.values(), ids=ACCEPTED.keys())
async def test_our_own_forms_are_accepted(alice: Desk, world: World, headers: dict[str, str]) -> None:
    """Our own forms pass in browsers with and without Fetch Metadata."""
    code = await world.make_code()
    form = {"form_token": await alice.token()}
    answer = await alice.post(alice.path(f"link-requests/{code['link_request_id']}/cancel"), form, **headers)
    assert answer.status_code == 303


@pytest.mark.parametrize("token", [None, "", "0" * 64, "bob's"])
async def test_a_missing_or_foreign_token_is_refused(alice: Desk, bob: Desk, world: World, token: str | None) -> None:
    """A form without the token of its own session changes nothing."""
    code = await world.make_code()
    sent = await bob.token() if token == "bob's" else token
    form = {} if sent is None else {"form_token": sent}
    answer = await alice.post(alice.path(f"link-requests/{code['link_request_id']}/cancel"), form)
    assert answer.status_code == 403
    assert (await world.link_request(code))["state"] == "pending"


async def test_the_form_token_does_not_reveal_the_session(alice: Desk, world: World) -> None:
    """The form token is not the session token and is the same on every page."""
    token = await alice.token()
    session = world.cast.tokens["alice"]
    assert session not in (await alice.get(alice.path("settings"))).text
    assert token == await alice.token()
    assert len(token) == 64


async def test_the_sign_in_is_protected_too(world: World) -> None:
    """No other site can sign a browser in to somebody else's account; what was typed stays."""
    visitor = Desk(world)
    form = form_to(await visitor.see("/login"), "/login")
    data = {"email": email("alice"), "password": PASSWORD}
    for extra, headers in (({}, {}), ({"form_token": "0" * 64}, {}), ({}, {"Sec-Fetch-Site": "cross-site"})):
        answer = await visitor.post("/login", {**data, **extra}, **headers)
        assert answer.status_code == 403
        assert COOKIE not in answer.headers.get("set-cookie", "").split("=")[0:1]
        assert read_page(answer).hook("login-email").attributes["value"] == email("alice")
    assert (await visitor.send(form, **data)).status_code == 303


async def test_changes_need_post(alice: Desk, world: World) -> None:
    """No GET request changes anything."""
    await world.link(world.mia)
    code = await world.make_code()
    before = await world.log()
    for place in ("cancel", "new-code"):
        answer = await alice.get(alice.path(f"link-requests/{code['link_request_id']}/{place}"))
        assert answer.status_code == 405
    for address in (alice.path(f"tiktok-accounts/{world.mia.id}/unlink"), "/logout"):
        assert (await alice.get(address)).status_code == 405
    for question in ("cancel", "new-code"):
        await alice.see(alice.path(f"link-requests/{code['link_request_id']}?confirm={question}"))
    await alice.see(alice.path(f"tiktok-accounts/{world.mia.id}?confirm=unlink"))
    assert await world.log() == before


async def test_a_refused_wizard_keeps_its_choices(alice: Desk) -> None:
    """When the last step's form is refused, it comes back with everything in it."""
    data = {"permission": ["existing_posts", "showcase"], "message": "Hello", "for_handle": "mia.bakes", "go": "create"}
    answer = await alice.post(alice.path("tiktok-accounts/add"), data)
    assert answer.status_code == 403
    page = read_page(answer)
    assert "Your choices are still here" in page.text
    assert "checked" in page.hook("permission-showcase").attributes
    assert page.hook("message").text == "Hello"
    assert page.hook("for-handle").attributes["value"] == "mia.bakes"
