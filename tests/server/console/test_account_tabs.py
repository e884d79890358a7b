"""The tabs of one TikTok account: who may use it, which ad accounts do, what happened, and what is missing."""

from urllib.parse import parse_qs, urlsplit

from tests.server.console.desk import Desk, fields_of, form_to
from tests.server.world import World


async def test_tabs_lead_to_each_other(alice: Desk, world: World) -> None:
    """Each tab links to the others, marks itself, and has the account's name as its heading."""
    await world.link(world.mia)
    here = alice.path(f"tiktok-accounts/{world.mia.id}")
    for tab in ("", "/members", "/link-accounts", "/activity"):
        page = await alice.see(here + tab)
        (tabs,) = page.find_all("nav", class_="tabs")
        links = {str(link.attributes["href"]): link for link in tabs.find_all("a")}
        assert set(links) == {here, f"{here}/members", f"{here}/link-accounts", f"{here}/activity"}
        assert [address for address, link in links.items() if "aria-current" in link.attributes] == [here + tab]
        assert page.find_all("h1")[0].text == "Mia Bakes"


async def test_missing_layers_lead_to_the_next_step(alice: Desk, world: World) -> None:
    """Each step that Spark Ads still need has a link to the page where an admin can take it."""
    code = await world.make_code("existing_posts", "showcase")
    await world.approve(world.mia, code, permissions=["showcase"])
    here = alice.path(f"tiktok-accounts/{world.mia.id}")
    layers = (await alice.see(here)).hook("layers")
    assert [item.attributes["class"] for item in layers.find_all("li")] == ["open", "open", "open"]
    code_link, members, ad_accounts = layers.find_all("a", data_testid="layer-step")
    assert (members.attributes["href"], ad_accounts.attributes["href"]) == (f"{here}/members", f"{here}/link-accounts")
    wizard = await alice.see(str(code_link.attributes["href"]))
    (form,) = wizard.find_all("form", class_="permissions-form")
    chosen = fields_of(form)
    assert chosen["permission"] == ["existing_posts", "showcase"]
    assert (chosen["new_videos"], chosen["new_videos_mode"]) == (["on"], ["new_videos_ads_only"])
    assert chosen["for_handle"] == ["mia.bakes"]


async def test_asking_again_never_asks_for_less(alice: Desk, world: World) -> None:
    """A new request for a missing permission also asks for everything already granted."""
    await world.link(world.mia, "new_videos_on_profile", "live_videos")
    page = await alice.see(alice.path(f"tiktok-accounts/{world.mia.id}"))
    query = parse_qs(urlsplit(str(page.find_all("a", data_testid="layer-step")[0].attributes["href"])).query)
    assert query["permission"] == ["existing_posts", "live_videos"]
    assert query["new_videos_mode"] == ["new_videos_on_profile"]


async def test_ready_once_all_three_are_done(alice: Desk, world: World) -> None:
    """With permissions, a member and an ad account, the page and the list say that nothing is missing."""
    await world.link(world.mia)
    here = alice.path(f"tiktok-accounts/{world.mia.id}")
    await alice.send(form_to(await alice.see(f"{here}/link-accounts"), "/ad-accounts"))
    await alice.send(form_to(await alice.see(f"{here}/members"), "/members"))
    page = await alice.see(here)
    assert not page.has("layers")
    assert "Ready for Spark Ads" in page.text
    row = (await alice.see(alice.path("tiktok-accounts"))).hook("account-row")
    assert "Ready for Spark Ads" in row.text


async def test_assign_and_unassign(alice: Desk, world: World) -> None:
    """An admin assigns a standard member to what the account grants, sees it in the list, and unassigns them again."""
    await world.link(world.mia, "existing_posts", "live_videos")
    address = alice.path(f"tiktok-accounts/{world.mia.id}/members")
    page = await alice.see(address)
    form = form_to(page, "/members")
    assert [option.text for option in form.find_all("option")] == ["Bob Tanaka (bob@example.test)"]
    assert [box.attributes["value"] for box in form.find_all("input", type="checkbox")] == ["POST", "LIVE"]
    answer = await alice.send(form, roles=["POST", "LIVE"])
    page = await alice.see(answer.headers["location"])
    assert "The member is assigned" in page.text
    assert "Posts and new videos, LIVE" in page.hook("assigned-member").text
    assert "Every member is assigned" in page.text
    answer = await alice.send(form_to(page, "/unassign"))
    page = await alice.see(answer.headers["location"])
    assert "no longer assigned" in page.text
    assert not page.has("assigned-member")


async def test_assigning_without_a_role_changes_nothing(alice: Desk, world: World) -> None:
    """Without a ticked box nobody is assigned, and the page says what to choose."""
    await world.link(world.mia)
    address = alice.path(f"tiktok-accounts/{world.mia.id}/members")
    answer = await alice.send(form_to(await alice.see(address), "/members"), roles=None)
    page = await alice.see(answer.headers["location"])
    assert "choose at least one" in page.text
    assert not page.has("assigned-member")


async def test_a_role_that_is_not_granted_is_refused(alice: Desk, world: World) -> None:
    """A form with a role that the account does not grant is refused, and the page names the permission."""
    await world.link(world.mia, "existing_posts")
    form = {"form_token": await alice.token(), "user_id": world.bob.id, "roles": "DIRECT_MESSAGE"}
    answer = await alice.post(alice.path(f"tiktok-accounts/{world.mia.id}/members"), form)
    assert answer.status_code == 403
    assert "Message ads" in answer.text


async def test_activity_of_one_account(alice: Desk, world: World) -> None:
    """The activity tab lists what happened to this account, newest first, and nothing about others."""
    await world.link(world.mia)
    await world.link(world.leo)
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")
    page = await alice.see(alice.path(f"tiktok-accounts/{world.mia.id}/activity"))
    rows = [row.text for row in page.find_all(data_testid="account-event")]
    assert rows[0].startswith("Ad account linked")
    assert any(row.startswith("Request approved") for row in rows)
    assert "leo" not in " ".join(rows).lower()


async def test_standard_member_sees_tabs_without_buttons(bob: Desk, world: World) -> None:
    """A standard member sees who may use what and why buttons are missing, but no activity tab."""
    await world.link(world.mia)
    here = bob.path(f"tiktok-accounts/{world.mia.id}")
    page = await bob.see(here)
    assert "Ask an admin to do it." in page.text
    assert not page.has("layer-step")
    assert f"{here}/activity" not in [link.attributes["href"] for link in page.find_all("a")]
    assert "Only admins can assign members" in (await bob.see(f"{here}/members")).text
    assert "Only admins can link" in (await bob.see(f"{here}/link-accounts")).text
