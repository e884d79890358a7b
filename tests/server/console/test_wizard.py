"""Add a TikTok Account: four steps, Back keeps every choice, and a code at the end."""

from urllib.parse import parse_qs, urlsplit

import pytest

from shared.permissions import NEW_VIDEOS, PERMISSIONS, SPARK_ADS_NOTE, Permission
from tests.server.console.desk import Desk, Element, form_to, read_page
from tests.server.world import World


def wizard(page: Element) -> Element:
    """Return the form of the current step."""
    return form_to(page, "/add")


async def last_step(alice: Desk) -> Element:
    """Open the step with the permissions."""
    return wizard(await alice.see(alice.path("tiktok-accounts/add?step=permissions")))


async def test_steps_follow_each_other_by_get(alice: Desk) -> None:
    """Method and level are plain GET forms whose Next leads on, and they use the product's words."""
    method = await alice.see(alice.path("tiktok-accounts/add"))
    assert "Link an existing TikTok account" in method.text
    assert "Send a QR code" in method.text
    step = method.hook("wizard-next")
    assert (step.attributes["name"], step.attributes["value"]) == ("step", "level")
    level = await alice.see(alice.path("tiktok-accounts/add?step=level"))
    assert "Deliver ads" in level.text
    assert level.hook("wizard-next").attributes["value"] == "permissions"
    assert level.hook("wizard-back").attributes["value"] == "method"


async def test_every_permission_is_offered_with_its_consequence(alice: Desk) -> None:
    """The last step shows all permissions in the words the owner will read, with none selected."""
    page = await alice.see(alice.path("tiktok-accounts/add?step=permissions"))
    for permission, info in PERMISSIONS.items():
        field = page.hook(f"permission-{permission}")
        assert field.attributes["type"] == ("radio" if permission in NEW_VIDEOS else "checkbox")
        assert info.consequence in page.text
    chosen = [one for one in page.find_all("input", type_="checkbox") if "checked" in one.attributes]
    assert chosen == []
    assert SPARK_ADS_NOTE in page.text
    assert page.text.count("Recommended") == 1


async def test_back_keeps_every_choice(alice: Desk) -> None:
    """Back leads to the previous step with all choices in the address, and Next restores them."""
    fields = {
        "permission": ["existing_posts", "series"],
        "new_videos": "on",
        "new_videos_mode": "new_videos_on_profile",
        "for_handle": "@mia.bakes",
        "lifetime": "604800",
        "message": "Two lines,\nplease & thanks",
    }
    answer = await alice.send(await last_step(alice), **fields, go="back")
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["step"] == ["level"]
    assert "form_token" not in query
    level = await alice.see(answer.headers["location"])
    carried = {
        (one.attributes["name"], one.attributes["value"]) for one in wizard(level).find_all("input", type_="hidden")
    }
    assert ("permission", "series") in carried
    again = await alice.see(answer.headers["location"].replace("step=level", "step=permissions"))
    for value in ("existing_posts", "series", "new_videos", "new_videos_on_profile"):
        assert "checked" in again.hook(f"permission-{value}").attributes, value
    assert "checked" not in again.hook("permission-showcase").attributes
    assert again.hook("for-handle").attributes["value"] == "mia.bakes"
    assert again.hook("lifetime").find_all("option", value="604800")[0].attributes.get("selected", "-") is None
    assert again.hook("message").text == "Two lines, please & thanks"


async def test_the_last_step_makes_the_code(alice: Desk, world: World) -> None:
    """The form makes one request with exactly what was chosen and leads to its page."""
    answer = await alice.send(
        await last_step(alice), permission=["showcase", "existing_posts"], new_videos="on", message=" Hi ", go="create"
    )
    assert answer.status_code == 303
    page = await alice.see(answer.headers["location"])
    assert page.hook("state-line").text == "Waiting to be scanned"
    request = await world.link_request({"link_request_id": answer.headers["location"].rsplit("/", 1)[1]})
    assert request["permissions"] == ["existing_posts", "new_videos_ads_only", "showcase"]
    assert (request["message"], request["for_handle"], request["requested_by"]) == ("Hi", None, "Alice Moreno")
    assert page.hook("typed-code").text == request["typed_code"]
    assert page.hook("copy-link").attributes["data-copy-text"] == request["url"]


async def test_mode_without_new_videos_is_ignored(alice: Desk, world: World) -> None:
    """The two modes count only while Publish and manage new videos is on."""
    fields = {"permission": ["live_videos"], "new_videos_mode": "new_videos_on_profile", "go": "create"}
    answer = await alice.send(await last_step(alice), **fields)
    request = await world.link_request({"link_request_id": answer.headers["location"].rsplit("/", 1)[1]})
    assert request["permissions"] == ["live_videos"]


async def test_a_code_to_send_lives_longer(alice: Desk, world: World) -> None:
    """A code for one handle lives as long as chosen, has no typed code, and says who can use it."""
    fields = {"permission": ["showcase"], "for_handle": "@Mia.Bakes", "lifetime": "259200", "go": "create"}
    answer = await alice.send(await last_step(alice), **fields)
    page = await alice.see(answer.headers["location"])
    assert not page.has("typed-code")
    assert "Only @mia.bakes can use it" in page.text
    assert int(str(page.hook("countdown").attributes["data-total"])) == 259_200


@pytest.mark.parametrize(
    ("fields", "place", "says"),
    [
        ({}, "permissions-error", "at least one permission"),
        ({"permission": ["showcase"], "for_handle": "nobody.here"}, "for-handle-error", "no TikTok account"),
        ({"permission": ["showcase"], "for_handle": "x" * 40}, "for-handle-error", "No handle is that long"),
        ({"permission": ["showcase"], "message": "x" * 281}, "message-error", "longer than 280"),
    ],
)
async def test_errors_appear_where_they_belong(
    alice: Desk, world: World, fields: dict[str, object], place: str, says: str
) -> None:
    """Each error appears where it belongs, the choices stay, and no code is made."""
    before = await world.log()
    answer = await alice.send(await last_step(alice), **fields, go="create")
    assert answer.status_code == 422
    page = read_page(answer)
    (error,) = page.find_all(id=place)
    assert says in error.text
    if fields:
        assert "checked" in page.hook("permission-showcase").attributes
    assert await world.log() == before


async def test_unknown_values_in_the_address_are_ignored(alice: Desk) -> None:
    """Unknown steps, permissions and lifetimes in the address are ignored."""
    query = "step=nope&permission=root&new_videos_mode=showcase&lifetime=99999999&for_handle=a&new_videos=maybe"
    page = await alice.see(alice.path(f"tiktok-accounts/add?{query}"))
    assert page.has("wizard-next")
    page = await alice.see(alice.path(f"tiktok-accounts/add?{query}".replace("nope", "permissions")))
    checked = {one.attributes["value"] for one in page.find_all("input") if "checked" in one.attributes}
    assert checked == {Permission.NEW_VIDEOS_ADS_ONLY}


async def test_a_full_business_center_is_announced_first(alice: Desk, world: World) -> None:
    """With 800 accounts the wizard says so before anybody makes a code."""
    await world.sql("UPDATE business_centers SET account_count = 800")
    page = await alice.see(alice.path("tiktok-accounts/add"))
    assert "already has 800 TikTok accounts" in page.text
