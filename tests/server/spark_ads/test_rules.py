"""Spark Ads: what each permission and layer allows, and what is refused or paused as soon as one is missing."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from shared.permissions import PERMISSIONS, Permission
from tests.server.spark_ads.business import ON_PROFILE, Business, at_once, captions, made
from tests.server.world import SPARK, problem_of

Make = Callable[[Business], Awaitable[httpx.Response]]


@pytest.mark.parametrize(
    ("make", "needs", "other"),
    [
        (Business.pull, "existing_posts", "new_videos_ads_only"),
        (Business.push, "new_videos_ads_only", "existing_posts"),
        (Business.push, "new_videos_on_profile", "existing_posts"),
    ],
)
async def test_each_kind_of_ad_needs_its_own_permission(business: Business, make: Make, needs: str, other: str) -> None:
    """Pull needs Existing posts and push one of the two for new videos; the refusal names what is missing."""
    await business.link(other)
    refused = await make(business)
    assert problem_of(refused) == (403, "permission-not-granted")
    assert PERMISSIONS[Permission(needs)].title.partition(":")[0] in refused.json()["detail"]
    await business.link(needs, other)
    assert await business.why(await made(await make(business))) is None


async def test_every_layer_is_required(business: Business) -> None:
    """Without a link, an ad account or a role, the refusal says which is missing; a stranger learns nothing."""
    world = business.world
    post_id = await business.post_id()
    assert problem_of(await business.pull(post_id=post_id)) == (404, "not-found")
    await world.link(world.mia)
    assert problem_of(await business.pull()) == (403, "ad-account-not-linked")
    await world.alice.put(business.ad_link)
    assert (await business.pull()).status_code == 201
    assert problem_of(await business.pull(world.bob)) == (403, "ad-account-role-required")
    await business.give_role(world.bob, "analyst")
    assert problem_of(await business.pull(world.bob)) == (403, "ad-account-role-required")
    await business.give_role(world.bob, "operator")
    assert (await business.pull(world.bob)).status_code == 201
    assert problem_of(await business.pull(world.charlie)) == (404, "not-found")


@pytest.mark.parametrize("role", [None, "admin", "operator"])
async def test_ads_only_is_locked_for_every_role(business: Business, role: str | None) -> None:
    """If an account lets new videos appear in ads only, nobody can put them on its profile."""
    world = business.world
    await business.link(*SPARK)
    person = world.alice
    if role is not None:
        person = world.bob
        await business.give_role(person, role)
    assert problem_of(await business.push(person, ads_only=False)) == (403, "ads-only-locked")
    ad_id = await made(await business.push(person))
    assert problem_of(await business.change(ad_id, person, ads_only=False)) == (403, "ads-only-locked")
    ad = await business.ad(ad_id)
    assert ad["ads_only"]
    assert ad["post"]["ads_only"]
    for owner, path in ((world.mia, "/me/profile"), (world.leo, "/profiles/mia.bakes")):
        assert "Spring" not in await captions(owner, path)
    hidden = (await world.mia.get("/me/posts", params={"filter": "ads_only"})).json()["items"]
    assert [post["caption"] for post in hidden] == ["Spring"]


async def test_the_profile_can_be_chosen_where_it_is_granted(business: Business) -> None:
    """With "Show on TikTok profile and in ads" the toggle works both ways, and the profile follows."""
    world = business.world
    await business.link(*ON_PROFILE)
    ad_id = await made(await business.push())
    assert "Spring" not in await captions(world.leo, "/profiles/mia.bakes")
    assert (await business.change(ad_id, ads_only=False)).status_code == 200
    assert "Spring" in await captions(world.leo, "/profiles/mia.bakes")
    assert "Spring" in await captions(world.mia, "/me/profile")
    assert (await business.change(ad_id, ads_only=True)).status_code == 200
    assert "Spring" not in await captions(world.mia, "/me/profile")
    await made(await business.push(ads_only=False))
    assert "Spring" in await captions(world.leo, "/profiles/mia.bakes")
    pulled = await made(await business.pull())
    assert problem_of(await business.change(pulled, ads_only=True)) == (409, "post-not-usable")


async def _revoke(business: Business, mine: str) -> None:
    assert (await business.world.mia.delete(mine)).status_code == 204


async def _unlink(business: Business, mine: str) -> None:
    account = f"{business.world.accounts}/{business.world.mia.id}"
    assert (await business.world.alice.delete(account)).status_code == 204


async def _narrow(business: Business, mine: str) -> None:
    kept = {"permissions": ["live_videos"]}
    assert (await business.world.mia.call("PATCH", mine, kept)).status_code == 200


async def _unlink_ad_account(business: Business, mine: str) -> None:
    assert (await business.world.alice.delete(business.ad_link)).status_code == 204


@pytest.mark.parametrize(
    ("end", "reason", "refusal"),
    [
        (_revoke, "authorization_ended", (404, "not-found")),
        (_unlink, "authorization_ended", (404, "not-found")),
        (_narrow, "permission_turned_off", (403, "permission-not-granted")),
        (_unlink_ad_account, "ad_account_unlinked", (403, "ad-account-not-linked")),
    ],
)
async def test_ads_pause_when_their_right_ends(
    business: Business, end: Callable[[Business, str], Awaitable[None]], reason: str, refusal: tuple[int, str]
) -> None:
    """However the right to advertise ends, the next call is refused and ads pause, but none is lost."""
    mine = await business.link(*SPARK, "live_videos")
    ads = [await made(await business.pull()), await made(await business.push())]
    await end(business, mine)
    assert [await business.why(ad_id) for ad_id in ads] == [reason, reason]
    post_id = await business.post_id()
    assert problem_of(await business.pull(post_id=post_id)) == refusal
    assert problem_of(await business.push()) == refusal
    await business.change(ads[0], state="paused")
    assert problem_of(await business.change(ads[0], state="enabled")) == refusal
    listed = (await business.world.alice.get(business.ads)).json()["items"]
    assert {ad["ad_id"] for ad in listed} == set(ads)
    await business.link(*SPARK)
    assert await business.why(ads[1]) is None


async def test_a_downgrade_pauses_what_shows_on_the_profile(business: Business) -> None:
    """A change to "ads only" stops a pushed ad that shows on the profile; ads-only ones keep running."""
    await business.link(*ON_PROFILE)
    shown = await made(await business.push(ads_only=False))
    hidden = await made(await business.push())
    await business.link(*SPARK)
    assert await business.why(shown) == "permission_turned_off"
    assert await business.why(hidden) is None


async def test_a_lost_role_ends_what_it_allowed(business: Business) -> None:
    """An operator who lost the role can no longer pause, resume, change or delete an ad."""
    world = business.world
    await business.link(*SPARK)
    await business.give_role(world.bob, "operator")
    ad_id = await made(await business.pull(world.bob))
    role = f"/business-centers/{world.bc_id}/ad-accounts/{business.advertiser_id}/members/{world.bob.id}"
    assert (await world.alice.delete(role)).status_code == 204
    assert problem_of(await business.change(ad_id, world.bob, state="paused")) == (403, "ad-account-role-required")
    assert problem_of(await world.bob.delete(f"{business.ads}/{ad_id}")) == (403, "ad-account-role-required")


async def test_pause_resume_delete(business: Business) -> None:
    """Pausing and resuming can be repeated and are logged once, and a deleted ad is gone for good."""
    await business.link(*SPARK)
    ad_id = await made(await business.pull())
    for state, reason in (("paused", "paused_by_user"), ("enabled", None)):
        for _ in range(2):
            assert (await business.change(ad_id, state=state)).status_code == 200
        assert await business.why(ad_id) == reason
    path = f"{business.ads}/{ad_id}"
    assert (await business.world.alice.delete(path)).status_code == 204
    assert problem_of(await business.world.alice.get(path)) == (404, "not-found")
    assert problem_of(await business.world.alice.delete(path)) == (404, "not-found")
    happened = [row["type"] for row in await business.world.log() if row["type"].startswith("spark_ad.")]
    assert happened == ["spark_ad.deleted", "spark_ad.resumed", "spark_ad.paused", "spark_ad.created"]


async def test_the_owner_controls_the_post(business: Business) -> None:
    """A private post pauses its ads until it is public again; a deleted post pauses them for good."""
    world = business.world
    await business.link(*SPARK)
    post_id = await business.post_id()
    ad_id = await made(await business.pull())
    await world.mia.call("PATCH", f"/me/posts/{post_id}", {"private": True})
    assert await business.why(ad_id) == "post_private"
    assert problem_of(await business.pull(post_id=post_id)) == (404, "not-found")
    await world.mia.call("PATCH", f"/me/posts/{post_id}", {"private": False})
    assert await business.why(ad_id) is None
    own = (await world.mia.get(f"/me/posts/{post_id}")).json()
    assert [(ad["ad_id"], ad["status"]) for ad in own["used_by"]] == [(ad_id, "running")]
    assert (await world.mia.delete(f"/me/posts/{post_id}")).status_code == 204
    assert await business.why(ad_id) == "post_deleted"
    await business.change(ad_id, state="paused")
    assert problem_of(await business.change(ad_id, state="enabled")) == (409, "post-not-usable")


async def test_a_private_post_cannot_be_pulled(business: Business) -> None:
    """To a business, a private post looks as if it did not exist."""
    await business.link(*SPARK)
    assert problem_of(await business.pull(post_id=await business.post_id(private=True))) == (404, "not-found")


async def test_the_owner_sees_which_ads_use_the_account(business: Business) -> None:
    """An authorization lists its ads with ad account and needs, and another account cannot read the list."""
    world = business.world
    mine = await business.link(*SPARK)
    pull, push = await made(await business.pull()), await made(await business.push())
    seen = (await world.mia.get(f"{mine}/ads")).json()["items"]
    assert {ad["ad_id"]: ad["needs"] for ad in seen} == {
        pull: ["existing_posts"],
        push: ["new_videos_ads_only", "new_videos_on_profile"],
    }
    assert {ad["advertiser_name"] for ad in seen} == {"Northwind EU"}
    assert problem_of(await world.leo.get(f"{mine}/ads")) == (404, "not-found")


async def test_filters(business: Business) -> None:
    """Ads are listed by ad account, account and status, in pages that contain each exactly once."""
    world = business.world
    await business.link(*SPARK)
    ads = [await made(await business.pull()) for _ in range(5)]
    await business.change(ads[0], state="paused")

    async def listed(**params: Any) -> list[str]:
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await world.bob.get(business.ads, params={**params, **cursor, "limit": 2})).json()
            found += [ad["ad_id"] for ad in page["items"]]
            if page["next_cursor"] is None:
                return found
            cursor = {"cursor": page["next_cursor"]}

    assert await listed() == ads[::-1]
    assert await listed(status="paused") == ads[:1]
    assert await listed(status="running") == ads[:0:-1]
    assert await listed(advertiser_id=world.cast.advertisers[1]) == []
    assert await listed(account_id=world.mia.id) == ads[::-1]


async def test_a_revocation_and_a_new_ad_at_once(business: Business) -> None:
    """After a revocation is answered, no ad of the account runs, whichever request came first."""
    for _ in range(5):
        mine = await business.link(*SPARK)
        post_id = await business.post_id()
        answers = await at_once(
            *(business.pull(post_id=post_id) for _ in range(4)),
            business.world.mia.delete(mine),
            *(business.push() for _ in range(4)),
        )
        assert {answer.status_code for answer in answers} <= {201, 204, 404}
        running = (await business.world.alice.get(business.ads, params={"status": "running"})).json()["items"]
        assert running == []


async def test_the_same_change_at_once_happens_once(business: Business) -> None:
    """Of several pauses or deletions at the same time one counts, and the log has one line for it."""
    await business.link(*SPARK)
    for _ in range(4):
        ad_id = await made(await business.pull())
        paused = await at_once(*(business.change(ad_id, state="paused") for _ in range(4)))
        assert {answer.status_code for answer in paused} == {200}
        deleted = await at_once(*(business.world.alice.delete(f"{business.ads}/{ad_id}") for _ in range(4)))
        assert sorted(answer.status_code for answer in deleted) == [204, 404, 404, 404]
    happened = [row["type"] for row in await business.world.log()]
    assert (happened.count("spark_ad.paused"), happened.count("spark_ad.deleted")) == (4, 4)
