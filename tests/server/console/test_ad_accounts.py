"""Ad accounts in the console: make one, give roles on it, and see which TikTok accounts it uses."""

from tests.server.console.desk import Desk, form_to, read_page
from tests.server.world import World


async def test_create(alice: Desk) -> None:
    """An admin creates an ad account by name, and its page opens."""
    form = form_to(await alice.see(alice.path("ad-accounts")), "/ad-accounts")
    answer = await alice.send(form, name="Northwind Asia")
    page = await alice.see(answer.headers["location"])
    assert "The ad account is created" in page.text
    assert page.find_all("h1")[0].text == "Northwind Asia"
    rows = (await alice.see(alice.path("ad-accounts"))).find_all(data_testid="ad-account-row")
    assert len(rows) == 3


async def test_an_invalid_name_comes_back(alice: Desk) -> None:
    """An empty or overlong name creates nothing, and the field says why."""
    form = form_to(await alice.see(alice.path("ad-accounts")), "/ad-accounts")
    for name in ("", "x" * 101):
        answer = await alice.send(form, name=name)
        assert answer.status_code == 422
        page = read_page(answer)
        assert "up to 100 characters" in page.find_all(id="name-error")[0].text
        assert page.hook("ad-account-name").attributes["value"] == name


async def test_roles(alice: Desk, bob: Desk, world: World) -> None:
    """An admin gives, changes and takes back a role, and the member sees their own."""
    address = alice.path(f"ad-accounts/{world.cast.advertisers[0]}")
    page = await alice.see(address)
    assert "Nobody has a role of their own here yet" in page.text
    answer = await alice.send(form_to(page, "/members"))
    page = await alice.see(answer.headers["location"])
    assert "The role on the ad account is given" in page.text
    assert _chosen(page.hook("ad-account-member")) == "operator"
    assert "Operator" in (await bob.see(address)).find_all("header", class_="detail-head")[0].text
    answer = await alice.send(form_to(page, "/members"), role="analyst")
    page = await alice.see(answer.headers["location"])
    assert _chosen(page.hook("ad-account-member")) == "analyst"
    answer = await alice.send(form_to(page, "/remove"))
    page = await alice.see(answer.headers["location"])
    assert "taken back" in page.text
    assert not page.has("ad-account-member")


def _chosen(row: object) -> str:
    assert hasattr(row, "find_all")
    (option,) = [one for one in row.find_all("option") if "selected" in one.attributes]
    return str(option.attributes["value"])


async def test_linked_accounts_are_listed(alice: Desk, world: World) -> None:
    """The page lists the TikTok accounts linked to this ad account, with links, and no others."""
    for owner in (world.mia, world.leo):
        await world.link(owner)
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")
    page = await alice.see(alice.path(f"ad-accounts/{world.cast.advertisers[0]}"))
    assert page.hook("linked-account").find_all("a")[0].attributes["href"] == alice.path(
        f"tiktok-accounts/{world.mia.id}"
    )
    other = await alice.see(alice.path(f"ad-accounts/{world.cast.advertisers[1]}"))
    assert not other.has("linked-account")


async def test_roles_of_outsiders_are_not_found(alice: Desk, world: World) -> None:
    """A role for somebody who is not a member, or on another Business Center's ad account, is not found."""
    token = await alice.token()
    form = {"form_token": token, "user_id": world.charlie.id, "role": "operator"}
    own, foreign = world.cast.advertisers[0], world.cast.other_advertiser
    assert (await alice.post(alice.path(f"ad-accounts/{own}/members"), form)).status_code == 404
    form["user_id"] = world.bob.id
    assert (await alice.post(alice.path(f"ad-accounts/{foreign}/members"), form)).status_code == 404
    await alice.see(alice.path(f"ad-accounts/{foreign}"), 404)


async def test_standard_member_sees_why_there_are_no_buttons(bob: Desk, world: World) -> None:
    """A standard member may look; the page says that only admins create ad accounts and give roles."""
    assert "Only admins can create ad accounts" in (await bob.see(bob.path("ad-accounts"))).text
    page = await bob.see(bob.path(f"ad-accounts/{world.cast.advertisers[0]}"))
    assert not page.has("give-role")
    assert "Only admins of the Business Center can give roles" in page.text
