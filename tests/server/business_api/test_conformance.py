"""The vendor's own client drives a running server through the whole story and every set of permissions."""

import itertools
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from tiktok.business.client import TikTokBusinessClient

from server.business_api.endpoints import PREFIX
from shared.permissions import NEW_VIDEOS, Permission
from tests.server.business_api.story import GATES, Story
from tests.server.world import ABSENT
from tests.support.server import ServerProcess

SETS = [
    chosen
    for count in range(1, len(Permission))
    for chosen in itertools.combinations(Permission, count)
    if not set(chosen) >= NEW_VIDEOS
]


def test_the_story(story: Story) -> None:
    """The vendor's client can make a code, link and read the identity, which is gone immediately after a revocation."""
    token = story.api["access_token"]
    (center,) = story.bc.bc_get(token)["data"]["list"]
    assert center["bc_info"]["bc_id"] == story.bc_id
    assert center["user_role"] == "ADMIN"
    url = story.call("GET", "/bc/asset/account/authorization/", {"bc_id": story.bc_id})["bc_auth_qr_code"]
    authorization = story.approve(url)
    assert "is not linked" in story.refused(40001, "GET", "/identity/info/", story.identity())
    story.call("POST", "/bc/asset/advertiser/assign/", {**story.asset(), "advertiser_id": story.advertiser})
    found = story.identities.identity_get(
        story.advertiser, token, identity_type="BC_AUTH_TT", identity_authorized_bc_id=story.bc_id, page_size=1000
    )
    (identity,) = found["data"]["identity_list"]
    assert (identity["identity_id"], identity["ads_only_mode"]) == (story.account, True)
    story.ask(story.mia, "DELETE", f"/me/linked-businesses/{authorization}")
    assert story.call("GET", "/identity/get/", {"advertiser_id": story.advertiser})["identity_list"] == []
    assert "No authorization" in story.refused(40001, "GET", "/identity/info/", story.identity())


def _expected(chosen: tuple[Permission, ...]) -> dict[str, bool]:
    return {
        "ads_only_mode": Permission.NEW_VIDEOS_ADS_ONLY in chosen,
        "can_pull_video": Permission.EXISTING_POSTS in chosen,
        "can_push_video": Permission.NEW_VIDEOS_ADS_ONLY in chosen or Permission.NEW_VIDEOS_ON_PROFILE in chosen,
        "can_use_live_ads": Permission.LIVE_VIDEOS in chosen,
        "can_manage_message": Permission.MESSAGE_ADS in chosen,
    }


@pytest.mark.parametrize("count", range(1, len(Permission)))
def test_every_set_of_permissions_shows_exactly_what_was_granted(story: Story, count: int) -> None:
    """For each grantable set of this size, the identity shows exactly the permissions that were granted."""
    assert len(SETS) == 3 * 2 ** (len(Permission) - 2) - 1  # one mode of new videos or none, and any of the others
    token = story.api["access_token"]
    for chosen in (chosen for chosen in SETS if len(chosen) == count):
        story.grant(chosen)
        story.call("POST", "/bc/asset/advertiser/assign/", {**story.asset(), "advertiser_id": story.advertiser})
        (identity,) = story.identities.identity_get(story.advertiser, token)["data"]["identity_list"]
        assert {name: identity[name] for name in _expected(chosen)} == _expected(chosen), chosen
        gmv = story.identities.gmv_max_identity_get(story.advertiser, "1", story.bc_id, token)["data"]
        assert [row["live_gmv_max_available"] for row in gmv["identity_list"]] == [Permission.LIVE_GMV_MAX in chosen]
        showcase = story.call("GET", "/showcase/identity/get/", {"advertiser_id": story.advertiser})["identity_list"]
        assert bool(showcase) is (Permission.SHOWCASE in chosen), chosen
        managed = {"bc_id": story.bc_id, "asset_type": "MANAGED_BUSINESS_ACCOUNT"}
        listed = story.call("GET", "/bc/asset/get/", managed)["list"]
        assert bool(listed) is (Permission.MANAGE_ACCOUNT in chosen), chosen


@pytest.mark.parametrize("path", GATES)
def test_a_missing_permission_is_named(story: Story, path: str) -> None:
    """An endpoint works with its permission; without it the refusal gives the permission's title."""
    story.grant(tuple(item for item in Permission if item is not Permission.NEW_VIDEOS_ON_PROFILE))
    story.call("POST", "/bc/asset/advertiser/assign/", {**story.asset(), "advertiser_id": story.advertiser})
    assert any(isinstance(value, list) and value for value in story.call("GET", path, story.identity()).values())
    story.grant((Permission.EXISTING_POSTS,))
    assert f"“{GATES[path]}”" in story.refused(40001, "GET", path, story.identity())


def test_insights_need_managing(story: Story) -> None:
    """Reading an account's numbers needs Manage TikTok account in BC; the refusal gives that title."""
    sent = {"business_id": story.account, "fields": ["username", "followers_count"]}
    story.grant((Permission.MANAGE_ACCOUNT,))
    assert story.call("GET", "/business/get/", sent) == {"username": "mia.bakes", "followers_count": 48_200}
    story.grant((Permission.EXISTING_POSTS,))
    assert "“Manage TikTok account in BC”" in story.refused(40001, "GET", "/business/get/", sent)


def _refused_to_pull(story: Story, item: str) -> str:
    return story.refused(40001, "POST", "/ad/create/", story.creative(tiktok_item_id=item))


def test_pull_needs_existing_posts_the_link_and_the_authorization(story: Story) -> None:
    """An ad with a post needs every layer; a refusal, and the status of a paused ad, name the missing one."""
    posts = (Permission.EXISTING_POSTS, Permission.NEW_VIDEOS_ADS_ONLY)
    story.link(*posts)
    listed = story.call("GET", "/identity/video/get/", {**story.identity(), "count": 2})
    assert listed["has_more"]
    item = listed["video_list"][0]["item_id"]
    story.call("GET", "/identity/video/info/", {**story.identity(), "item_ids": [item]})
    detail = story.identities.identity_video_info(
        story.api["access_token"],
        story.advertiser,
        "BC_AUTH_TT",
        story.account,
        item,
        identity_authorized_bc_id=story.bc_id,
    )
    assert detail["data"]["video_detail"]["item_id"] == item
    made = story.call("POST", "/ad/create/", story.creative(tiktok_item_id=item))

    def ad() -> dict[str, Any]:
        sent = {"advertiser_id": story.advertiser, "filtering": {"ad_ids": made["ad_ids"]}}
        (found,) = story.call("GET", "/ad/get/", sent)["list"]
        return dict(found)

    assert (ad()["secondary_status"], ad()["status_reason"]) == ("AD_STATUS_DELIVERY_OK", None)
    link = {**story.asset(), "advertiser_id": story.advertiser}
    story.call("POST", "/bc/asset/advertiser/unassign/", link)
    assert "is not linked" in _refused_to_pull(story, item)
    assert "no longer linked" in ad()["status_reason"]
    story.call("POST", "/bc/asset/advertiser/assign/", link)
    story.grant((Permission.NEW_VIDEOS_ADS_ONLY,))
    assert "“Existing posts”" in _refused_to_pull(story, item)
    assert "“Existing posts”" in story.refused(40001, "GET", "/identity/video/get/", story.identity())
    assert "Existing posts" in ad()["status_reason"]
    authorization = story.grant(posts)
    assert ad()["secondary_status"] == "AD_STATUS_DELIVERY_OK"
    story.ask(story.mia, "DELETE", f"/me/linked-businesses/{authorization}")
    assert "No authorization" in _refused_to_pull(story, item)
    assert "no longer linked" in ad()["status_reason"]
    status = {"advertiser_id": story.advertiser, "ad_ids": made["ad_ids"]}
    story.refused(40002, "POST", "/ad/status/update/", {**status, "operation_status": "NO"})
    story.call("POST", "/ad/status/update/", {**status, "operation_status": "DELETE"})
    story.refused(40300, "GET", "/ad/get/", {"advertiser_id": ABSENT})
    story.refused(40001, "GET", "/identity/video/info/", {**story.identity(), "item_id": item})


def test_push_needs_new_videos_and_keeps_ads_only_locked(story: Story) -> None:
    """New content needs new videos, and the profile needs the mode for it; dark_post_status defaults to ON."""
    new = {"video_id": "v1", "ad_text": "Fresh bread"}
    story.link(Permission.EXISTING_POSTS)
    assert "“Publish and manage new videos" in story.refused(40001, "POST", "/ad/create/", story.creative(**new))
    story.grant((Permission.NEW_VIDEOS_ADS_ONLY,))
    (ad,) = story.call("POST", "/ad/create/", story.creative(**new))["creatives"]
    assert ad["dark_post_status"] == "ON"
    off = story.creative(**new, dark_post_status="OFF")
    assert "Show through ads only" in story.refused(40001, "POST", "/ad/create/", off)
    story.grant((Permission.NEW_VIDEOS_ON_PROFILE,))
    (ad,) = story.call("POST", "/ad/create/", off)["creatives"]
    assert ad["dark_post_status"] == "OFF"


def test_a_spark_code_is_enough_for_one_post(story: Story) -> None:
    """Without a link, a post's code lets an ad account use that post until the owner takes the code back."""
    posts = story.ask(story.mia, "GET", "/me/profile")["posts"]
    post = next(post["post_id"] for post in posts if not post["private"] and not post["ads_only"])
    code = story.ask(story.mia, "POST", f"/me/posts/{post}/spark-code", {"days": 7})["code"]
    sent = {"advertiser_id": story.advertiser, "auth_code": code}
    story.refused(40007, "GET", "/tt_video/info/", sent)
    story.refused(40007, "POST", "/tt_video/authorize/", {**sent, "auth_code": "#" + "A" * 63})
    story.call("POST", "/tt_video/authorize/", sent)
    assert story.call("GET", "/tt_video/info/", sent)["item_info"]["item_id"] == post
    assert len(story.call("GET", "/tt_video/list/", {"advertiser_id": story.advertiser})["list"]) == 1
    by_code = {"identity_type": "AUTH_CODE", "identity_authorized_bc_id": None, "tiktok_item_id": post}
    (ad,) = story.call("POST", "/ad/create/", story.creative(**by_code))["creatives"]
    assert (ad["identity_type"], ad["secondary_status"]) == ("AUTH_CODE", "AD_STATUS_DELIVERY_OK")
    story.ask(story.mia, "DELETE", f"/me/posts/{post}/spark-code")
    story.refused(40110, "POST", "/ad/create/", story.creative(**by_code))
    story.refused(40300, "GET", "/tt_video/list/", {"advertiser_id": ABSENT})
    unbind = {"advertiser_id": story.advertiser, "item_id": post}
    story.refused(40002, "POST", "/tt_video/unbind/", {"advertiser_id": story.advertiser})
    story.call("POST", "/tt_video/unbind/", unbind)


@pytest.mark.filterwarnings("ignore:the load_module:DeprecationWarning")  # that client loads its modules this way
def test_the_public_client_gets_its_identities(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """TikTok-Business-API 1.9, pointed here by its class attribute, gets its identities with page_size 1000."""
    monkeypatch.setattr(TikTokBusinessClient, "BUISNESS_URL", story.url + "/open_api")
    story.grant((Permission.EXISTING_POSTS,))
    story.call("POST", "/bc/asset/advertiser/assign/", {**story.asset(), "advertiser_id": story.advertiser})
    client = TikTokBusinessClient(story.api["access_token"], story.advertiser)
    answer = client.identity.get_identities({"page_size": 1000})
    client._session.close()
    assert [item["identity_id"] for item in answer["data"]["identity_list"]] == [story.account]


def test_the_log_has_the_calls_without_secrets(story: Story) -> None:
    """The log shows a refused call with code, message and parameters, but no token, secret or auth code."""
    sent = {"app_id": story.api["app_id"], "secret": story.api["secret"], "note": story.api["access_token"]}
    story.call("GET", "/oauth2/advertiser/get/", sent)
    story.refused(40300, "GET", "/identity/get/", {"advertiser_id": ABSENT})
    path = f"/business-centers/{story.bc_id}/api-calls"
    calls = story.ask(story.alice, "GET", path)["items"]
    assert [call["code"] for call in calls[:2]] == [40300, 0]
    assert calls[0]["parameters"] == {"advertiser_id": ABSENT}
    assert calls[0]["token_hint"] == story.api["access_token"][-4:]
    everything = json.dumps(calls)
    assert story.api["access_token"] not in everything
    assert story.api["secret"] not in everything


def test_the_demo_keeps_its_token(tmp_path: Path) -> None:
    """A restart keeps the token in demo.json, which only its owner can read."""
    server = ServerProcess(tmp_path / "data")
    server.start()
    before = server.demo_data["api"]
    server.stop()
    server.start()
    try:
        assert server.demo_data["api"] == before
        assert (tmp_path / "data" / "demo.json").stat().st_mode & 0o777 == 0o600
        headers = {"Access-Token": before["access_token"]}
        answer = httpx.get(f"{server.url}{PREFIX}/bc/get/", headers=headers, trust_env=False)
        assert answer.json()["code"] == 0
    finally:
        server.stop()
