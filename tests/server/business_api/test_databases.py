"""The Business API reads and writes the same on both databases."""

from typing import Any

from server.tiktok_accounts import offerings
from tests.server.world import World

PREFIX = "/open_api/v1.3"


async def call_api(world: World, token: str, method: str, path: str, sent: dict[str, Any] | None = None) -> Any:
    """Call the Business API and return the data of a success."""
    options: dict[str, Any] = {"params": sent} if method == "GET" else {"json": sent}
    headers = {"Access-Token": token}
    answer = await world.client.request(method, PREFIX + path, headers=headers, **options)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (200, 0), (path, body)
    return body["data"]


async def test_the_way_to_an_ad(world: World) -> None:
    """Linking, listing, making and pausing ads, and using a Spark code work the same on each database."""
    path = f"/business-centers/{world.bc_id}/access-tokens"
    token = (await world.alice.post(path, {"name": "Test"})).json()["token"]
    await world.link(
        world.mia, "existing_posts", "new_videos_on_profile", "live_videos", "series", "showcase", "manage_account"
    )
    for kind in ("live", "series", "product"):
        await world.database.write(offerings.add, world.mia.id, kind, "Kneading", {"price": "4.20"})
    advertiser = world.cast.advertisers[0]
    asset = {"bc_id": world.bc_id, "asset_type": "TT_ACCOUNT", "asset_id": world.mia.id}
    await call_api(world, token, "POST", "/bc/asset/advertiser/assign/", {**asset, "advertiser_id": advertiser})
    who = {"identity_type": "BC_AUTH_TT", "identity_authorized_bc_id": world.bc_id, "identity_id": world.mia.id}
    mine = {"advertiser_id": advertiser, **who}
    posts = await call_api(world, token, "GET", "/identity/video/get/", mine)
    (post,) = posts["video_list"]  # the private post is not listed
    for listed, name in (
        ("/identity/live/get/", "live_list"),
        ("/identity/native_series/get/", "list"),
        ("/showcase/product/get/", "products"),
    ):
        assert len((await call_api(world, token, "GET", listed, mine))[name]) == 1
    creatives = [{**who, "tiktok_item_id": post["item_id"]}, {**who, "video_id": "v1", "dark_post_status": "OFF"}]
    new = {"advertiser_id": advertiser, "adgroup_id": "1", "creatives": creatives}
    made = await call_api(world, token, "POST", "/ad/create/", new)
    status = {"advertiser_id": advertiser, "ad_ids": made["ad_ids"], "operation_status": "DISABLE"}
    await call_api(world, token, "POST", "/ad/status/update/", status)
    ads = (await call_api(world, token, "GET", "/ad/get/", {"advertiser_id": advertiser}))["list"]
    assert {ad["operation_status"] for ad in ads} == {"DISABLE"}
    code = (await world.mia.post(f"/me/posts/{post['item_id']}/spark-code", {"days": 7})).json()["code"]
    await call_api(world, token, "POST", "/tt_video/authorize/", {"advertiser_id": advertiser, "auth_code": code})
    identities = (await call_api(world, token, "GET", "/identity/get/", {"advertiser_id": advertiser}))["identity_list"]
    assert sorted(item["identity_type"] for item in identities) == ["AUTH_CODE", "BC_AUTH_TT"]
    members = await call_api(world, token, "GET", "/bc/member/get/", {"bc_id": world.bc_id})
    assert members["page_info"]["total_number"] == 2
    log = await call_api(world, token, "GET", "/changelog/get/", {"bc_id": world.bc_id})
    assert log["changelog_list"][0]["activity_type"] == "SPARK_CODE_USED"


async def test_all_creatives_or_none(world: World) -> None:
    """If one creative is refused, the others are not made either."""
    path = f"/business-centers/{world.bc_id}/access-tokens"
    token = (await world.alice.post(path, {"name": "Test"})).json()["token"]
    await world.link(world.mia, "new_videos_ads_only")
    advertiser = world.cast.advertisers[0]
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{advertiser}")
    who = {"identity_type": "BC_AUTH_TT", "identity_authorized_bc_id": world.bc_id, "identity_id": world.mia.id}
    creatives = [{**who, "video_id": "v1"}, {**who, "video_id": "v2", "dark_post_status": "OFF"}]
    new = {"advertiser_id": advertiser, "adgroup_id": "1", "creatives": creatives}
    headers = {"Access-Token": token}
    answer = await world.client.post(f"{PREFIX}/ad/create/", json=new, headers=headers)
    assert answer.json()["code"] == 40001
    assert "Show through ads only" in answer.json()["message"]
    assert await world.scalar("SELECT COUNT(*) FROM spark_ads") == 0


async def test_a_token_follows_the_rights_of_its_member(world: World) -> None:
    """A standard member's token gains and loses the rights of a role on the ad account immediately."""
    path = f"/business-centers/{world.bc_id}/access-tokens"
    admin, token = [(await person.post(path, {"name": "Test"})).json()["token"] for person in (world.alice, world.bob)]
    await world.link(world.mia, "new_videos_ads_only")
    advertiser = world.cast.advertisers[0]
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{advertiser}")
    who = {"identity_type": "BC_AUTH_TT", "identity_authorized_bc_id": world.bc_id, "identity_id": world.mia.id}
    new = {"advertiser_id": advertiser, "adgroup_id": "1", "creatives": [{**who, "video_id": "v1"}]}

    async def answer(path: str, sent: dict[str, Any]) -> tuple[int, str]:
        body = (await world.client.post(PREFIX + path, json=sent, headers={"Access-Token": token})).json()
        return body["code"], body["message"]

    role = {"bc_id": world.bc_id, "user_id": world.bob.id, "asset_type": "ADVERTISER", "asset_id": advertiser}
    code, message = await answer("/ad/create/", new)
    assert code == 40001
    assert "role operator on the ad account Northwind EU" in message
    assert (await answer("/bc/asset/assign/", {**role, "advertiser_role": "OPERATOR"}))[0] == 40001
    await call_api(world, admin, "POST", "/bc/asset/assign/", {**role, "advertiser_role": "ANALYST"})
    assert (await answer("/ad/create/", new))[0] == 40001
    await call_api(world, admin, "POST", "/bc/asset/assign/", {**role, "advertiser_role": "OPERATOR"})
    assert await answer("/ad/create/", new) == (0, "OK")
    await call_api(world, admin, "POST", "/bc/asset/unassign/", role)
    assert (await answer("/ad/create/", new))[0] == 40001
    await call_api(world, admin, "POST", "/bc/member/delete/", {"bc_id": world.bc_id, "user_id": world.bob.id})
    assert (await answer("/ad/create/", new))[0] == 40105


async def test_ads_are_paged_and_changed_within_their_ad_account(world: World) -> None:
    """Ads are paged newest first with a total; ids of another ad account are unknown and change nothing."""
    path = f"/business-centers/{world.bc_id}/access-tokens"
    token = (await world.alice.post(path, {"name": "Test"})).json()["token"]
    await world.link(world.mia, "new_videos_ads_only")
    who = {"identity_type": "BC_AUTH_TT", "identity_authorized_bc_id": world.bc_id, "identity_id": world.mia.id}
    made: dict[str, list[str]] = {}
    for advertiser in world.cast.advertisers:
        await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{advertiser}")
        for group in ("1", "2"):
            new = {"advertiser_id": advertiser, "adgroup_id": group, "creatives": [{**who, "video_id": "v1"}] * 2}
            ads = await call_api(world, token, "POST", "/ad/create/", new)
            made.setdefault(advertiser, []).extend(ads["ad_ids"])
    first, other = world.cast.advertisers[:2]

    async def listed(**sent: Any) -> tuple[list[str], dict[str, int]]:
        data = await call_api(world, token, "GET", "/ad/get/", {"advertiser_id": first, **sent})
        return [ad["ad_id"] for ad in data["list"]], data["page_info"]

    newest = made[first][::-1]
    info = {"page": 2, "page_size": 3, "total_number": 4, "total_page": 2}
    assert await listed(page=2, page_size=3) == (newest[3:], info)
    assert (await listed(page=10**18))[0] == []
    assert (await listed(filtering='{"adgroup_ids": ["1"]}'))[0] == newest[2:]
    assert (await listed(filtering='{"ad_ids": []}'))[0] == []
    mixed = {"advertiser_id": first, "ad_ids": [newest[0], made[other][0]], "operation_status": "DISABLE"}
    headers = {"Access-Token": token}
    answer = await world.client.post(f"{PREFIX}/ad/status/update/", json=mixed, headers=headers)
    assert answer.json()["code"] == 40007
    assert await world.scalar("SELECT COUNT(*) FROM spark_ads WHERE state <> 'enabled'") == 0
    twice = {**mixed, "ad_ids": [newest[0], newest[0]]}
    await call_api(world, token, "POST", "/ad/status/update/", twice)
    await call_api(world, token, "POST", "/ad/status/update/", {**twice, "operation_status": "DELETE"})
    assert (await listed())[0] == newest[1:]
