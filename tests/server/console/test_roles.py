"""Who may see and do what: the services decide, and the pages explain it kindly."""

import pytest

from tests.server.console.desk import Desk, read_page
from tests.server.world import ABSENT, World

READ_BY_ALL = ["overview", "tiktok-accounts", "ad-accounts", "members", "settings", "tiktok-accounts/{account}"]
READ_BY_ALL += ["tiktok-accounts/{account}/members", "tiktok-accounts/{account}/link-accounts"]
READ_BY_ALL += ["ads", "ads/new", "ad-accounts/{ad}", "access-tokens", "api-calls"]
READ_BY_ADMINS = [
    "api-apps",
    "tiktok-accounts/{account}/activity",
    "activity",
    "tiktok-accounts/add",
    "link-requests/{code}",
    "link-requests/{code}/qr.png",
]
READ_BY_ADMINS += ["link-requests/{code}/qr.svg", "events"]
CHANGES = ["tiktok-accounts/add", "tiktok-accounts/{account}/unlink", "tiktok-accounts/{account}/ad-accounts"]
CHANGES += ["tiktok-accounts/{account}/ad-accounts/{ad}/unlink"]
CHANGES += ["tiktok-accounts/{account}/members", "tiktok-accounts/{account}/members/{user}/unassign"]
CHANGES += ["members", "members/{user}/role", "members/{user}/remove", "members/invitations/{user}/withdraw"]
CHANGES += ["ad-accounts", "ad-accounts/{ad}/members", "ad-accounts/{ad}/members/{user}/remove"]
CHANGES += ["api-apps", "api-apps/{app}/revoke"]
CHANGES += ["link-requests/{code}/cancel", "link-requests/{code}/new-code"]


FIELDS = {"roles": "POST", "user_id": ABSENT, "email": "eve@example.test", "role": "operator", "name": "Eve"}


@pytest.fixture
async def ids(world: World) -> dict[str, str]:
    """Return the ids of a linked account, an open code and an ad account of alice's Business Center."""
    await world.link(world.mia)
    code = await world.make_code()
    app = (await world.alice.post(f"/business-centers/{world.bc_id}/api-apps", {"name": "Planner"})).json()
    found = {"account": world.mia.id, "code": code["link_request_id"], "ad": world.cast.advertisers[0]}
    return {**found, "user": world.bob.id, "app": app["app_id"]}


async def test_standard_member_may_look(bob: Desk, ids: dict[str, str]) -> None:
    """A standard member can see the lists."""
    for place in READ_BY_ALL:
        await bob.see(bob.path(place.format(**ids)))


async def test_standard_member_is_refused_kindly(bob: Desk, ids: dict[str, str]) -> None:
    """Every other page refuses and says what happened, what to do next, and the way back."""
    for place in READ_BY_ADMINS:
        page = await bob.see(bob.path(place.format(**ids)), 403)
        assert "Only an admin can do this" in page.text
        assert "Ask one of your admins" in page.text
        assert [link for link in page.find_all("a") if link.text.startswith(("Back to", "Go to"))], place


async def test_standard_member_changes_nothing(bob: Desk, world: World, ids: dict[str, str]) -> None:
    """A form sent by a standard member is refused and changes nothing."""
    before = await world.log()
    form = {"form_token": await bob.token(), "permission": "showcase", "advertiser_id": ids["ad"]} | FIELDS
    for place in CHANGES:
        answer = await bob.post(bob.path(place.format(**ids)), form)
        assert answer.status_code == 403, place
        assert "Only an admin can do this" in read_page(answer).text
    assert await world.log() == before


async def test_standard_member_sees_why_buttons_are_off(bob: Desk, ids: dict[str, str]) -> None:
    """Buttons that a standard member cannot use are disabled, with the reason beside them."""
    page = await bob.see(bob.path("tiktok-accounts"))
    assert not page.has("add-account")
    assert page.find_all(aria_disabled="true")[0].text == "Add a TikTok Account"
    assert "Only admins can add accounts" in page.text
    detail = await bob.see(bob.path(f"tiktok-accounts/{ids['account']}?confirm=unlink"))
    assert not detail.has("unlink")
    assert not detail.has("unlink-confirm")
    assert "Only admins can unlink accounts" in detail.text


async def test_outsider_finds_nothing(charlie: Desk, world: World, ids: dict[str, str]) -> None:
    """For a member of another Business Center nothing exists here or below their own address."""
    for place in READ_BY_ALL + READ_BY_ADMINS:
        await charlie.see(f"/bc/{world.bc_id}/{place.format(**ids)}", 404)
        if "{" in place:
            await charlie.see(charlie.path(place.format(**ids)), 404)


async def test_outsider_changes_nothing(charlie: Desk, world: World, ids: dict[str, str]) -> None:
    """A form from a member of another Business Center finds nothing to change, here or below their own address."""
    before = await world.log()
    form = {"form_token": await charlie.token(), "permission": "showcase", "advertiser_id": ids["ad"]} | FIELDS
    for place in CHANGES:
        assert (await charlie.post(f"/bc/{world.bc_id}/{place.format(**ids)}", form)).status_code == 404
        if "{" in place and "withdraw" not in place:  # withdrawing an absent invitation succeeds
            assert (await charlie.post(charlie.path(place.format(**ids)), form)).status_code == 404
    assert await world.log() == before


async def test_absent_things_look_like_foreign_ones(alice: Desk) -> None:
    """What does not exist is not found, like what belongs to others."""
    for place in READ_BY_ALL + READ_BY_ADMINS:
        if "{" in place:
            await alice.see(alice.path(place.format(account=ABSENT, code=ABSENT, ad=ABSENT, user=ABSENT)), 404)


async def test_visitors_are_led_to_the_sign_in(world: World, ids: dict[str, str]) -> None:
    """Without a session every page leads to the sign-in."""
    for place in READ_BY_ALL + READ_BY_ADMINS:
        answer = await Desk(world).get(f"/bc/{world.bc_id}/{place.format(**ids)}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
