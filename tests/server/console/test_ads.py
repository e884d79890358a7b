"""Ads Manager: create an ad by pull, push or Spark code, see why it is paused, change it and delete it."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.server.console.desk import Desk, Element, fields_of, form_to, read_page
from tests.server.world import World


def picture() -> bytes:
    """Return a small PNG."""
    written = io.BytesIO()
    Image.new("RGB", (90, 120), "teal").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
async def ready(world: World) -> World:
    """Link mia with both permissions that Spark Ads need, and to the first ad account."""
    await _ready(world, "existing_posts", "new_videos_ads_only")
    return world


async def _ready(world: World, *permissions: str) -> None:
    await world.link(world.mia, *permissions)
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")


def _new(desk: Desk, how: str, account: bool = True) -> str:
    advertiser = desk.world.cast.advertisers[0]
    whose = f"&account={desk.world.mia.id}" if account else ""
    return desk.path(f"ads/new?advertiser={advertiser}{whose}&how={how}")


async def _pull(desk: Desk, name: str = "Spring bakes") -> str:
    """Create an ad with the first post and return the address of its page."""
    page = await desk.see(_new(desk, "pull"))
    post = str(page.find_all(data_testid="pick-post")[0].attributes["value"])
    answer = await desk.send(form_to(page, "/pull"), post=post, name=name)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def _push(desk: Desk, page: Element | None = None, file: bytes | None = None, **fields: Any) -> Any:
    form = form_to(page or await desk.see(_new(desk, "push")), "/push")
    data = {**fields_of(form), "name": "Fresh from the oven", "caption": "Fresh\r\nbread", **fields}
    data.pop("file", None)
    sent = {name: value for name, value in data.items() if value is not None}
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    files = {"file": ("bread.png", picture() if file is None else file, "image/png")}
    return await desk.client.post(form.attributes["action"] or "", data=sent, files=files, headers=headers)


async def test_empty(alice: Desk) -> None:
    """Without an ad the page says what a Spark Ad is and offers to create one."""
    page = await alice.see(alice.path("ads"))
    assert "No Spark Ad yet" in page.text
    assert page.has("create-ad")


async def test_identities_say_which_layer_is_missing(alice: Desk, world: World) -> None:
    """The page offers only what is possible; what is missing has a link to where it is done."""
    await _ready(world, "existing_posts")
    await world.link(world.leo)
    (choice, _) = (await alice.see(alice.path("ads/new"))).find_all(data_testid="pick-ad-account")
    page = await alice.see(str(choice.attributes["href"]))
    mia, leo = page.find_all(data_testid="identity")
    assert (mia.attributes["data-handle"], leo.attributes["data-handle"]) == ("mia.bakes", "leo.rides")
    assert mia.has("way-pull")
    assert not mia.has("way-push")
    assert "New videos are not granted" in mia.text
    assert "permission=existing_posts&new_videos=on" in str(mia.find_all("a")[-1].attributes["href"])
    assert "not linked to the ad account" in leo.text
    assert leo.find_all("a")[0].attributes["href"] == alice.path(f"tiktok-accounts/{world.leo.id}/link-accounts")


async def test_pull(alice: Desk, ready: World) -> None:
    """An ad with an existing post is created and runs; private posts are not offered."""
    page = await alice.see(_new(alice, "pull"))
    assert "Not for everyone" not in page.text
    address = await _pull(alice)
    page = await alice.see(address)
    assert "The Spark Ad is created" in page.text
    assert page.find_all("h1")[0].text == "Spring bakes"
    row = (await alice.see(alice.path("ads"))).hook("ad-row")
    for text in ("Spring bakes", "@mia.bakes", "Existing post", "Northwind EU", "Running"):
        assert text in row.text


async def test_missing_fields_are_explained(alice: Desk, ready: World) -> None:
    """Without a post or a name nothing is created; each field says why and keeps its value."""
    page = await alice.see(_new(alice, "pull"))
    answer = await alice.send(form_to(page, "/pull"), name="Bread")
    page = read_page(answer)
    assert answer.status_code == 422
    assert page.find_all(id="post-error")
    assert page.hook("ad-name").attributes["value"] == "Bread"
    post = str(page.find_all(data_testid="pick-post")[0].attributes["value"])
    page = read_page(await alice.send(form_to(page, "/pull"), post=post, name=""))
    assert page.find_all(id="name-error")
    assert "checked" in page.find_all(data_testid="pick-post")[0].attributes
    assert not (await alice.see(alice.path("ads"))).has("ad-row")


async def test_push_through_ads_only(alice: Desk, ready: World) -> None:
    """With ads only granted, the toggle is locked on and says why, and the video stays off the profile."""
    page = await alice.see(_new(alice, "push"))
    assert "disabled" in page.hook("ads-only").attributes
    assert "checked" in page.hook("ads-only").attributes
    assert page.has("ads-only-locked")
    answer = await _push(alice, page)
    assert answer.status_code == 303, answer.text
    page = await alice.see(answer.headers["location"])
    assert "Fresh" in page.text
    assert "Locked on for every role" in page.hook("ads-only-locked").text
    (shown,) = page.find_all("img", loading="lazy")
    assert (await alice.get(str(shown.attributes["src"]))).headers["content-type"] == "image/jpeg"
    profile = (await ready.mia.get("/me/profile")).json()
    assert "Fresh\nbread" not in [post["caption"] for post in profile["posts"]]


async def test_the_lock_cannot_be_bypassed(alice: Desk, ready: World) -> None:
    """A form without the toggle is refused even for an admin, and nothing is published."""
    answer = await _push(alice, ads_only=None)
    assert answer.status_code == 403
    assert "ads only" in read_page(answer).find_all(id="ads_only-error")[0].text
    assert not (await alice.see(alice.path("ads"))).has("ad-row")


async def test_push_on_the_profile_and_back(alice: Desk, world: World) -> None:
    """When the profile is granted, the toggle works both before and after publishing."""
    await _ready(world, "existing_posts", "new_videos_on_profile")
    page = await alice.see(_new(alice, "push"))
    assert "disabled" not in page.hook("ads-only").attributes
    answer = await _push(alice, page, ads_only=None)
    captions = [post["caption"] for post in (await world.mia.get("/me/profile")).json()["posts"]]
    assert "Fresh\nbread" in captions
    page = await alice.see(answer.headers["location"])
    answer = await alice.send(form_to(page, "/ads-only"), ads_only="on")
    page = await alice.see(answer.headers["location"])
    assert "through ads only now" in page.text
    captions = [post["caption"] for post in (await world.mia.get("/me/profile")).json()["posts"]]
    assert "Fresh\nbread" not in captions


async def test_a_file_that_is_not_a_picture(alice: Desk, ready: World) -> None:
    """An unreadable or missing file causes an error at the field, and everything else is kept."""
    for file in (b"not a picture", b""):
        answer = await _push(alice, file=file)
        assert answer.status_code == 422
        page = read_page(answer)
        assert page.find_all(id="file-error")
        assert page.hook("ad-caption").text == "Fresh bread"


async def test_spark_code(alice: Desk, world: World) -> None:
    """A creator's code gives one post without a link; the ad pauses when the code is revoked."""
    post = (await world.leo.get("/me/profile")).json()["posts"]
    post_id = next(one["post_id"] for one in post if not one["private"])
    code = (await world.leo.post(f"/me/posts/{post_id}/spark-code", {"days": 30})).json()["code"]
    page = await alice.see(_new(alice, "code", account=False))
    answer = await alice.send(form_to(page, "/code"), code=code)
    page = await alice.see(answer.headers["location"])
    assert "may use this post now" in page.text
    value = str(page.hook("pick-post").attributes["value"])
    answer = await alice.send(form_to(page, "/pull"), post=value, name="By code")
    page = await alice.see(answer.headers["location"])
    assert "Spark code" in page.text
    assert "Running" in page.text
    await world.leo.delete(f"/me/posts/{post_id}/spark-code")
    page = await alice.see(alice.path("ads"))
    assert "The creator revoked the Spark code" in page.hook("ad-status").text
    assert page.hook("ad-next-step").text == "Enter a Spark code"
    page = await alice.see(_new(alice, "code", account=False))
    assert "disabled" in page.hook("pick-post").attributes


async def test_wrong_spark_codes_are_explained_at_the_field(alice: Desk) -> None:
    """A code that is cut off or unknown comes back with what to do."""
    page = await alice.see(_new(alice, "code", account=False))
    for code, status in (("#abc", 422), ("#" + "A" * 62 + "==", 404)):
        answer = await alice.send(form_to(page, "/code"), code=code)
        assert answer.status_code == status
        shown = read_page(answer)
        assert shown.find_all(id="code-error")
        assert shown.hook("spark-code").attributes["value"] == code


async def test_pause_and_resume(alice: Desk, ready: World) -> None:
    """A member pauses and resumes an ad from its page and from the list."""
    address = await _pull(alice)
    page = await alice.see(address)
    answer = await alice.send(form_to(page, "/pause"))
    page = await alice.see(answer.headers["location"])
    assert page.hook("why-paused").attributes["data-reason"] == "paused_by_user"
    row = (await alice.see(alice.path("ads"))).hook("ad-row")
    answer = await alice.send(form_to(row, "/resume"))
    assert answer.headers["location"] == alice.path("ads?done=ad-resumed")
    assert "Running" in (await alice.see(answer.headers["location"])).hook("ad-status").text


async def test_paused_ads_say_why_and_what_next(alice: Desk, ready: World) -> None:
    """An ad paused by unlinking or by the owner's revocation shows the reason and a link to the next step."""
    await _pull(alice)
    advertiser = ready.cast.advertisers[0]
    await ready.alice.delete(f"{ready.accounts}/{ready.mia.id}/ad-accounts/{advertiser}")
    page = await alice.see(alice.path("ads?status=paused"))
    assert "no longer linked to the TikTok account" in page.hook("ad-status").text
    link = page.hook("ad-next-step")
    assert link.attributes["href"] == alice.path(f"tiktok-accounts/{ready.mia.id}/link-accounts")
    linked = (await ready.mia.get("/me/linked-businesses")).json()["items"]
    await ready.mia.delete(f"/me/linked-businesses/{linked[0]['authorization_id']}")
    page = await alice.see(alice.path("ads"))
    assert "no longer linked to the Business Center" in page.hook("ad-status").text
    wizard = await alice.see(str(page.hook("ad-next-step").attributes["href"]))
    assert wizard.find_all("h1")


async def test_delete_asks_first(alice: Desk, ready: World) -> None:
    """Deleting first says what ends and can be cancelled; afterwards the ad is gone for good."""
    address = (await _pull(alice)).partition("?")[0]
    page = await alice.see(address)
    question = await alice.see(str(page.hook("delete-ad").attributes["href"]).partition("#")[0])
    assert "Delete Spring bakes for good?" in question.text
    assert [link for link in question.find_all("a", href=address) if link.text == "Keep it"]
    answer = await alice.send(form_to(question, "/delete"))
    page = await alice.see(answer.headers["location"])
    assert "The ad is deleted" in page.text
    assert not page.has("ad-row")
    await alice.see(address, 404)


async def test_filters(alice: Desk, ready: World) -> None:
    """Status, ad account and TikTok account narrow the list and stay selected."""
    await _pull(alice, "First")
    second = await _pull(alice, "Second")
    await alice.send(form_to(await alice.see(second), "/pause"))
    running = await alice.see(alice.path("ads?status=running"))
    assert "First" in running.hook("ad-row").text
    assert "Second" in (await alice.see(alice.path("ads?status=paused"))).hook("ad-row").text
    (chosen,) = [one for one in running.hook("filter-status").find_all("option") if "selected" in one.attributes]
    assert chosen.attributes["value"] == "running"
    other = await alice.see(alice.path(f"ads?advertiser={ready.cast.advertisers[1]}"))
    assert "No Spark Ad matches" in other.text
    both = await alice.see(alice.path(f"ads?account={ready.mia.id}"))
    assert len(both.find_all(data_testid="ad-row")) == 2


async def test_roles_on_the_ad_account_decide(alice: Desk, bob: Desk, ready: World) -> None:
    """Without a role, or as an analyst, a member only looks; an operator creates, pauses and deletes."""
    address = (await _pull(alice)).partition("?")[0]
    assert not (await bob.see(bob.path("ads"))).has("create-ad")
    page = await bob.see(address)
    assert "Only operators and admins of this ad account" in page.text
    assert not page.has("pause-ad")
    token = {"form_token": await bob.token()}
    for action in ("pause", "resume", "delete"):
        answer = await bob.post(f"{address}/{action}", token)
        assert answer.status_code == 403
        assert "needs the role operator" in read_page(answer).text
    role = f"/business-centers/{ready.bc_id}/ad-accounts/{ready.cast.advertisers[0]}/members/{ready.bob.id}"
    await ready.alice.call("PUT", role, {"role": "analyst"})
    assert "You can look, but not run ads" in (await bob.see(bob.path("ads/new"))).text
    await bob.see(_new(bob, "pull"), 403)
    await ready.alice.call("PUT", role, {"role": "operator"})
    page = await bob.see(await _pull(bob, "Of Bob"))
    assert "Created byBob Tanaka" in page.text
    assert page.has("pause-ad")


async def test_outsiders_find_nothing(alice: Desk, charlie: Desk, ready: World) -> None:
    """For another Business Center neither the ad nor the identity exists."""
    address = (await _pull(alice)).partition("?")[0]
    ad_id = address.rpartition("/")[2]
    await charlie.see(address, 404)
    await charlie.see(charlie.path(f"ads/{ad_id}"), 404)
    await charlie.see(_new(charlie, "pull"), 404)
    token = {"form_token": await charlie.token()}
    for action in ("pause", "resume", "delete", "ads-only"):
        assert (await charlie.post(charlie.path(f"ads/{ad_id}/{action}"), token)).status_code == 404
    form = {**token, "advertiser": ready.cast.advertisers[0], "account": ready.mia.id, "post": "1", "name": "x"}
    assert (await charlie.post(charlie.path("ads/new/pull"), form)).status_code == 404
    form["advertiser"] = ready.cast.other_advertiser
    assert (await charlie.post(charlie.path("ads/new/pull"), form)).status_code == 404
