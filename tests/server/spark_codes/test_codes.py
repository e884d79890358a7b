"""Spark codes let ads use one post without linking the account, for as long as its owner chose."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from tests.server.spark_ads.business import Business, made
from tests.server.world import ABSENT, PASSWORD, Person, World, email, problem_of

UNKNOWN = "#" + "A" * 63 + "="


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; tests move it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def business(world: World) -> Business:
    """Return alice's Business Center, with nothing linked."""
    return Business(world)


def codes_of(business: Business) -> str:
    """Return the path of the codes that the ad account uses."""
    return f"/business-centers/{business.world.bc_id}/ad-accounts/{business.advertiser_id}/spark-codes"


async def make(owner: Person, post_id: str, days: int = 30) -> str:
    """Make a code as the post's owner and return it."""
    answer = await owner.post(f"/me/posts/{post_id}/spark-code", {"days": days})
    assert answer.status_code == 201, answer.text
    code: str = answer.json()["code"]
    return code


async def use(business: Business, code: str, by: Person | None = None) -> httpx.Response:
    """Enter a code for the ad account."""
    return await (by or business.world.alice).post(codes_of(business), {"auth_code": code})


async def test_an_ad_without_a_link(business: Business) -> None:
    """An ad runs with the code alone and not without it; the owner sees the ad, and nothing is linked."""
    world = business.world
    post_id = await business.post_id()
    assert problem_of(await business.pull(post_id=post_id, by_spark_code=True)) == (404, "spark-code-not-found")
    code = await make(world.mia, post_id)
    for _ in range(2):  # entering it again succeeds
        assert (await use(business, code)).status_code == 200
    ad_id = await made(await business.pull(post_id=post_id, by_spark_code=True))
    assert await business.why(ad_id) is None
    assert (await world.alice.get(world.accounts)).json()["items"] == []
    own = (await world.mia.get(f"/me/posts/{post_id}")).json()
    assert (own["spark_code"]["code"], [ad["ad_id"] for ad in own["used_by"]]) == (code, [ad_id])
    assert own["used_by"][0]["by_spark_code"]


@pytest.mark.parametrize("days", [7, 30, 60, 365])
async def test_a_code_ends_when_its_owner_chose(business: Business, clock: time_machine.Traveller, days: int) -> None:
    """A code works to the last moment of its days; then its ads pause and new ones are refused."""
    post_id = await business.post_id()
    code = await make(business.world.mia, post_id, days)
    await use(business, code)
    ad_id = await made(await business.pull(post_id=post_id, by_spark_code=True))
    clock.shift(timedelta(days=days) - timedelta(microseconds=1))
    await sign_in_again(business.world)
    assert await business.why(ad_id) is None
    clock.shift(timedelta(microseconds=1))
    assert await business.why(ad_id) == "spark_code_expired"
    assert problem_of(await business.pull(post_id=post_id, by_spark_code=True)) == (410, "spark-code-over")
    assert problem_of(await use(business, code)) == (410, "spark-code-over")


async def sign_in_again(world: World) -> None:
    """Give alice a new session, because her earlier one has expired."""
    answer = await world.nobody.post("/sessions", {"email": email("alice"), "password": PASSWORD})
    world.alice.token = answer.json()["token"]


async def test_revoking_takes_effect_immediately(business: Business) -> None:
    """A revoked code stops working for every ad and everybody who enters it; revoking twice succeeds."""
    world = business.world
    post_id = await business.post_id()
    code = await make(world.mia, post_id)
    await use(business, code)
    ad_id = await made(await business.pull(post_id=post_id, by_spark_code=True))
    for _ in range(2):
        assert (await world.mia.delete(f"/me/posts/{post_id}/spark-code")).status_code == 204
    assert await business.why(ad_id) == "spark_code_revoked"
    assert problem_of(await use(business, code)) == (410, "spark-code-over")
    assert problem_of(await world.mia.get(f"/me/posts/{post_id}/spark-code")) == (404, "not-found")


async def test_a_newer_code_ends_the_earlier_one(business: Business) -> None:
    """Ads keep the code they were made with, so a new code does not restart them."""
    post_id = await business.post_id()
    await use(business, await make(business.world.mia, post_id))
    ad_id = await made(await business.pull(post_id=post_id, by_spark_code=True))
    await use(business, await make(business.world.mia, post_id))
    assert await business.why(ad_id) == "spark_code_revoked"
    await business.change(ad_id, state="paused")
    assert problem_of(await business.change(ad_id, state="enabled")) == (410, "spark-code-over")
    assert await business.why(await made(await business.pull(post_id=post_id, by_spark_code=True))) is None


async def test_the_business_can_remove_a_code(business: Business) -> None:
    """An ad pauses when the business removes the code of its post, and runs when the code is entered again."""
    post_id = await business.post_id()
    code = await make(business.world.mia, post_id)
    await use(business, code)
    ad_id = await made(await business.pull(post_id=post_id, by_spark_code=True))
    for _ in range(2):
        assert (await business.world.alice.delete(f"{codes_of(business)}/{post_id}")).status_code == 204
    assert await business.why(ad_id) == "spark_code_unbound"
    await use(business, code)
    assert await business.why(ad_id) is None


async def test_who_may_use_a_code(business: Business) -> None:
    """Operators and admins of the ad account enter codes, analysts look, and strangers find nothing."""
    world = business.world
    code = await make(world.mia, await business.post_id())
    assert problem_of(await use(business, code, world.bob)) == (403, "ad-account-role-required")
    await business.give_role(world.bob, "analyst")
    assert problem_of(await use(business, code, world.bob)) == (403, "ad-account-role-required")
    assert (await world.bob.get(codes_of(business))).status_code == 200
    await business.give_role(world.bob, "operator")
    assert (await use(business, code, world.bob)).status_code == 200
    assert problem_of(await use(business, code, world.charlie)) == (404, "not-found")


async def test_which_posts_get_a_code(business: Business) -> None:
    """Only a public post on the owner's profile gets a code; making it private or deleting it pauses its ads."""
    world = business.world
    private, public = await business.post_id(private=True), await business.post_id()
    path = "/me/posts/{}/spark-code"
    assert problem_of(await world.mia.post(path.format(private), {})) == (409, "post-not-usable")
    assert problem_of(await world.leo.post(path.format(public), {})) == (404, "not-found")
    assert problem_of(await world.mia.post(path.format(ABSENT), {})) == (404, "not-found")
    assert problem_of(await world.mia.post(path.format(public), {"days": 8})) == (422, "malformed-request")
    await business.link("existing_posts", "new_videos_ads_only")
    await made(await business.push())
    pushed = (await world.mia.get("/me/posts", params={"filter": "ads_only"})).json()["items"][0]["post_id"]
    assert problem_of(await world.mia.post(path.format(pushed), {})) == (409, "post-not-usable")
    code = await make(world.mia, public)
    await use(business, code)
    ad_id = await made(await business.pull(post_id=public, by_spark_code=True))
    await world.mia.call("PATCH", f"/me/posts/{public}", {"private": True})
    assert await business.why(ad_id) == "post_private"
    assert problem_of(await use(business, code)) == (409, "post-not-usable")
    assert (await world.mia.delete(f"/me/posts/{public}")).status_code == 204
    assert await business.why(ad_id) == "post_deleted"
    assert problem_of(await use(business, code)) == (409, "post-not-usable")


async def test_a_pushed_post_that_left_the_profile(business: Business) -> None:
    """A pushed post's code does not work while the business shows the post through ads only."""
    await business.link("existing_posts", "new_videos_on_profile")
    ad = (await business.push(ads_only=False)).json()
    post_id = ad["post"]["post_id"]
    await use(business, await make(business.world.mia, post_id))
    await business.change(ad["ad_id"], ads_only=True)
    assert problem_of(await business.pull(post_id=post_id, by_spark_code=True)) == (409, "post-not-usable")
    await business.change(ad["ad_id"], ads_only=False)
    assert (await business.pull(post_id=post_id, by_spark_code=True)).status_code == 201


async def test_guessing_is_limited(business: Business) -> None:
    """After ten unknown codes within ten minutes the eleventh is refused, with the time to wait."""
    for _ in range(10):
        assert problem_of(await use(business, UNKNOWN)) == (404, "spark-code-not-found")
    refused = await use(business, UNKNOWN)
    assert problem_of(refused) == (429, "too-many-attempts")
    assert int(refused.headers["Retry-After"]) > 0


async def test_the_code_is_stored_as_a_hash_only(business: Business) -> None:
    """The database does not contain the code."""
    code = await make(business.world.mia, await business.post_id())
    rows = await business.world.sql("SELECT * FROM spark_codes")
    assert len(rows) == 1
    assert code.removeprefix("#") not in str(rows)
