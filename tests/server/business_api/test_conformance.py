"""The vendor's own client drives a running server: the story, every endpoint, and every set of permissions."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from business_api_client import ApiClient, Configuration
from business_api_client.api.authentication_api import AuthenticationApi
from business_api_client.api.bc_api import BCApi
from business_api_client.api.identity_api import IdentityApi
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError
from tiktok.business.client import TikTokBusinessClient

from server.business_api.catalogue import ENDPOINTS
from server.business_api.endpoints import PREFIX
from shared.permissions import NEW_VIDEOS, Permission
from tests.support.server import ServerProcess

SETS = [
    chosen
    for count in range(1, len(Permission))
    for chosen in itertools.combinations(Permission, count)
    if not set(chosen) >= NEW_VIDEOS
]
ABSENT = "1000000000000000001"


class Story:
    """A running server, its people by `/api/v1`, and the vendor's client."""

    def __init__(self, server: ServerProcess) -> None:
        self.url = server.url
        demo = server.demo_data
        self.api = demo["api"]
        self.bc_id, self.advertiser = self.api["bc_id"], self.api["advertiser_id"]
        configuration = Configuration()
        configuration.host = server.url
        self.client = ApiClient(configuration)
        self.bc, self.identities = BCApi(self.client), IdentityApi(self.client)
        self.oauth = AuthenticationApi(self.client)
        self.http = httpx.Client(base_url=server.url + "/api/v1", trust_env=False, timeout=30)
        self.alice = self._sign_in({key: demo["admin"][key] for key in ("email", "password")})
        self.bob = self._sign_in({key: demo["standard"][key] for key in ("email", "password")})
        self.bob_id = self.ask(self.bob, "GET", "/me")["actor"]["user_id"]
        self.mia = self._sign_in({key: demo["owners"][0][key] for key in ("handle", "password")})
        self.account = self.ask(self.mia, "GET", "/me")["actor"]["account"]["account_id"]
        self.done: set[tuple[str, str, bool]] = set()

    def _sign_in(self, login: dict[str, str]) -> str:
        return str(self.http.post("/sessions", json=login).json()["token"])

    def ask(self, token: str, method: str, path: str, body: Any = None) -> Any:
        """Call `/api/v1`."""
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.http.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def approve(self, url: str) -> str:
        """Scan and approve as mia; return the authorization's id."""
        preview = self.ask(self.mia, "POST", "/link-requests/open", {"code": url})
        body = {"code": url, "consent_hash": preview["consent_hash"]}
        path = f"/link-requests/{preview['link_request_id']}/approve"
        return str(self.ask(self.mia, "POST", path, body)["authorization_id"])

    def grant(self, permissions: tuple[Permission, ...]) -> str:
        """Ask for permissions as alice and approve them."""
        body = {"permissions": [permission.value for permission in permissions]}
        made = self.ask(self.alice, "POST", f"/business-centers/{self.bc_id}/link-requests", body)
        return self.approve(made["url"])

    def call(self, method: str, path: str, sent: dict[str, Any] | None = None, token: str | None = None) -> Any:
        """Call an endpoint by the SDK's `call_api`, and note that it worked or was refused."""
        values = sent or {}
        headers = {"Access-Token": self.api["access_token"] if token is None else token}
        query = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in values.items()}
        try:
            answer = self.client.call_api(
                PREFIX + path,
                method,
                query_params=list(query.items()) if method == "GET" else [],
                body=values if method == "POST" else None,
                header_params=headers | {"Content-Type": "application/json"},
                response_type="InlineResponse200",
                _return_http_data_only=True,
            )
        except TiktokSDKError:
            self.done.add((method, path, False))
            raise
        self.done.add((method, path, True))
        return answer["data"]

    def refused(self, code: int, method: str, path: str, sent: dict[str, Any] | None = None, **more: Any) -> str:
        """Check that an endpoint is refused with this code; return what is said."""
        with pytest.raises(TiktokSDKError) as error:
            self.call(method, path, sent, **more)
        assert str(code) in str(error.value), str(error.value)
        return str(error.value)

    def identity(self) -> dict[str, Any]:
        """Return the parameters that name mia's identity."""
        return {
            "advertiser_id": self.advertiser,
            "identity_type": "BC_AUTH_TT",
            "identity_authorized_bc_id": self.bc_id,
            "identity_id": self.account,
        }

    def asset(self) -> dict[str, str]:
        """Return the parameters that name mia's account."""
        return {"bc_id": self.bc_id, "asset_type": "TT_ACCOUNT", "asset_id": self.account}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A server of these tests' own."""
    server = ServerProcess(tmp_path_factory.mktemp("sdk") / "data")
    server.start()
    told = Story(server)
    yield told
    told.client.rest_client.pool_manager.clear()
    told.http.close()
    server.stop()


def test_the_story(story: Story) -> None:
    """List centers, make the QR code, let the owner approve, link, see the identity, revoke: it is gone at once."""
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


def test_every_set_of_permissions_shows_exactly_what_was_granted(story: Story) -> None:
    """For each of the 383 sets that can be granted, the identity says what was granted, and nothing more."""
    assert len(SETS) == 3 * 2**7 - 1
    token = story.api["access_token"]
    for chosen in SETS:
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


GATES = {
    "/identity/live/get/": "LIVE videos",
    "/identity/native_series/get/": "Series",
    "/showcase/region/get/": "Showcase",
    "/showcase/product/get/": "Showcase",
}


@pytest.mark.parametrize("path", GATES)
def test_a_missing_permission_is_named(story: Story, path: str) -> None:
    """What a permission gates works with it; without it, the refusal gives the permission's title."""
    story.grant((Permission.EXISTING_POSTS, Permission.LIVE_VIDEOS, Permission.SERIES, Permission.SHOWCASE))
    story.call("POST", "/bc/asset/advertiser/assign/", {**story.asset(), "advertiser_id": story.advertiser})
    assert any(isinstance(value, list) and value for value in story.call("GET", path, story.identity()).values())
    story.grant((Permission.EXISTING_POSTS,))
    assert f"“{GATES[path]}”" in story.refused(40001, "GET", path, story.identity())


def test_insights_need_managing(story: Story) -> None:
    """An account's numbers need Manage TikTok account in BC; the refusal gives the permission's title."""
    sent = {"business_id": story.account, "fields": ["username", "followers_count"]}
    story.grant((Permission.MANAGE_ACCOUNT,))
    assert story.call("GET", "/business/get/", sent) == {"username": "mia.bakes", "followers_count": 48_200}
    story.grant((Permission.EXISTING_POSTS,))
    assert "“Manage TikTok account in BC”" in story.refused(40001, "GET", "/business/get/", sent)


def _creative(story: Story, **more: Any) -> dict[str, Any]:
    """Return the body of /ad/create/ with one creative, with what the SDK adds to each."""
    added = {"aigc_disclosure_type": "NOT_DECLARED", "creative_authorized": False, "operation_status": "ENABLE"}
    named = {key: value for key, value in story.identity().items() if key != "advertiser_id"}
    creative = {**named, **added, "ad_name": "Launch", "ad_format": "SINGLE_VIDEO", **more}
    return {"advertiser_id": story.advertiser, "adgroup_id": "17", "creatives": [creative]}


def _link(story: Story, *permissions: Permission) -> str:
    authorization = story.grant(permissions)
    story.call("POST", "/bc/asset/advertiser/assign/", {**story.asset(), "advertiser_id": story.advertiser})
    return authorization


def _refused_to_pull(story: Story, item: str) -> str:
    return story.refused(40001, "POST", "/ad/create/", _creative(story, tiktok_item_id=item))


def test_pull_needs_existing_posts_the_link_and_the_authorization(story: Story) -> None:
    """An ad of a post runs while every layer stands; each missing one is named, and what ran says why it is paused."""
    posts = (Permission.EXISTING_POSTS, Permission.NEW_VIDEOS_ADS_ONLY)
    _link(story, *posts)
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
    made = story.call("POST", "/ad/create/", _creative(story, tiktok_item_id=item))

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
    """New content needs new videos; the profile needs the mode that allows it, and dark_post_status defaults to ON."""
    new = {"video_id": "v1", "ad_text": "Fresh bread"}
    _link(story, Permission.EXISTING_POSTS)
    assert "“Publish and manage new videos" in story.refused(40001, "POST", "/ad/create/", _creative(story, **new))
    story.grant((Permission.NEW_VIDEOS_ADS_ONLY,))
    (ad,) = story.call("POST", "/ad/create/", _creative(story, **new))["creatives"]
    assert ad["dark_post_status"] == "ON"
    off = _creative(story, **new, dark_post_status="OFF")
    assert "Show through ads only" in story.refused(40001, "POST", "/ad/create/", off)
    story.grant((Permission.NEW_VIDEOS_ON_PROFILE,))
    (ad,) = story.call("POST", "/ad/create/", off)["creatives"]
    assert ad["dark_post_status"] == "OFF"


def test_a_spark_code_is_enough_for_one_post(story: Story) -> None:
    """Without a link, the code of a post lets an ad account use that post until the code is taken back."""
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
    (ad,) = story.call("POST", "/ad/create/", _creative(story, **by_code))["creatives"]
    assert (ad["identity_type"], ad["secondary_status"]) == ("AUTH_CODE", "AD_STATUS_DELIVERY_OK")
    story.ask(story.mia, "DELETE", f"/me/posts/{post}/spark-code")
    story.refused(40110, "POST", "/ad/create/", _creative(story, **by_code))
    story.refused(40300, "GET", "/tt_video/list/", {"advertiser_id": ABSENT})
    unbind = {"advertiser_id": story.advertiser, "item_id": post}
    story.refused(40002, "POST", "/tt_video/unbind/", {"advertiser_id": story.advertiser})
    story.call("POST", "/tt_video/unbind/", unbind)


def test_every_endpoint_works_and_is_refused(story: Story) -> None:
    """Each endpoint has succeeded and has been refused through the vendor's client; a new one without a row fails."""
    story.grant((Permission.EXISTING_POSTS, Permission.NEW_VIDEOS_ADS_ONLY, Permission.LIVE_VIDEOS))
    center, asset = {"bc_id": story.bc_id}, story.asset()
    link = {**asset, "advertiser_id": story.advertiser}
    member = {**asset, "user_id": story.bob_id}
    app = {key: story.api[key] for key in ("app_id", "secret")}
    worked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/bc/get/", {"filtering": {"keyword": "north"}, "page_size": 1000}),
        ("GET", "/bc/asset/get/", {**center, "asset_type": "ADVERTISER", "filtering": {"keyword": "EU"}}),
        ("GET", "/bc/asset/admin/get/", {**center, "asset_type": "TT_ACCOUNT"}),
        ("POST", "/bc/asset/assign/", {**member, "tt_account_roles": ["POST"]}),
        ("GET", "/bc/asset/member/get/", asset),
        ("GET", "/bc/asset/partner/get/", asset),
        ("POST", "/bc/asset/unassign/", member),
        ("GET", "/bc/asset/account/authorization/", {**center, "is_ads_only_mode": True}),
        ("POST", "/bc/asset/account/authorization/", {**center, "is_ads_only_mode": False}),
        ("POST", "/bc/asset/advertiser/assign/", link),
        ("GET", "/bc/asset/advertiser/assigned/", asset),
        (
            "GET",
            "/gmv_max/identity/get/",
            {"advertiser_id": story.advertiser, "store_id": "1", "store_authorized_bc_id": story.bc_id},
        ),
        ("GET", "/showcase/identity/get/", {"advertiser_id": story.advertiser}),
        ("GET", "/identity/get/", {"advertiser_id": story.advertiser}),
        ("GET", "/identity/info/", story.identity()),
        ("POST", "/bc/asset/advertiser/unassign/", link),
        ("GET", "/bc/member/get/", {**center, "filtering": {"user_role": "STANDARD"}}),
        ("POST", "/bc/member/invite/", {**center, "emails": ["dora@example.test"], "user_role": "STANDARD"}),
        ("POST", "/bc/member/update/", {**center, "user_id": story.bob_id, "user_role": "STANDARD"}),
        ("POST", "/bc/member/delete/", {**center, "user_email": "dora@example.test"}),
        ("GET", "/oauth2/advertiser/get/", app),
        ("GET", "/changelog/get/", {**center, "filtering": {"activity_type": "MEMBER"}, "sort": {"sort_type": "ASC"}}),
        ("POST", "/bc/asset/admin/delete/", {**center, "asset_type": "TT_ACCOUNT", "asset_ids": [story.account]}),
    ]
    for method, path, sent in worked:
        story.call(method, path, sent)
        story.refused(40104, method, path, sent, token="")
        story.refused(40105, method, path, sent, token="x" * 43)
        if "bc_id" in sent:
            assert "Business Center" in story.refused(40007, method, path, {**sent, "bc_id": ABSENT})
        if "advertiser_id" in sent and path.startswith(("/identity", "/showcase", "/gmv_max")):
            story.refused(40300, method, path, {**sent, "advertiser_id": ABSENT})
    made = story.ask(story.bob, "POST", f"/business-centers/{story.bc_id}/api-apps/{app['app_id']}/auth-codes")
    exchange = {**app, "auth_code": made["auth_code"]}
    story.refused(40002, "POST", "/oauth2/access_token/", {**exchange, "secret": "wrong"}, token="")
    token = story.call("POST", "/oauth2/access_token/", exchange, token="")["access_token"]
    story.refused(40110, "POST", "/oauth2/access_token/", exchange, token="")
    assert "Admin role" in story.refused(40001, "GET", "/changelog/get/", center, token=token)
    story.refused(40002, "POST", "/oauth2/revoke_token/", {**app, "secret": "wrong", "access_token": token})
    story.call("POST", "/oauth2/revoke_token/", {**app, "access_token": token})
    story.refused(40105, "GET", "/bc/get/", token=token)
    missing = [
        (endpoint.method, endpoint.path)
        for endpoint in ENDPOINTS
        if endpoint.path not in GATES  # see test_a_missing_permission_is_named
        and not {(endpoint.method, endpoint.path, ok) for ok in (True, False)} <= story.done
    ]
    assert missing == []


@pytest.mark.filterwarnings("ignore:the load_module:DeprecationWarning")  # how that client finds its own parts
def test_the_public_client_gets_its_identities(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """TikTok-Business-API 1.9, pointed here by its class attribute, gets the list it asks for with page_size 1000."""
    monkeypatch.setattr(TikTokBusinessClient, "BUISNESS_URL", story.url + "/open_api")
    story.grant((Permission.EXISTING_POSTS,))
    story.call("POST", "/bc/asset/advertiser/assign/", {**story.asset(), "advertiser_id": story.advertiser})
    client = TikTokBusinessClient(story.api["access_token"], story.advertiser)
    answer = client.identity.get_identities({"page_size": 1000})
    client._session.close()
    assert [item["identity_id"] for item in answer["data"]["identity_list"]] == [story.account]


@pytest.mark.parametrize(
    ("method", "path", "content", "code"),
    [
        ("POST", "/bc/member/invite/", b"{not json", 40002),
        ("POST", "/bc/member/invite/", b"[1]", 40002),
        ("POST", "/bc/member/invite/", b"[" * 60_000, 40002),
        ("POST", "/bc/member/invite/", b"\xff\xfe\xfa", 40002),
        ("POST", "/bc/member/invite/", b"{" + b" " * 70_000 + b"}", 40002),
        ("POST", "/bc/member/invite/", b'{"bc_id": "1", "emails": ["\\u0000@a.b"], "user_role": "ADMIN"}', 40002),
        ("POST", "/bc/member/invite/", b'{"bc_id": "1", "emails": "\\ud800", "user_role": NaN}', 40002),
        ("GET", "/bc/get/?page=99999999999999999999", b"", 0),
        ("GET", "/bc/get/?page=0", b"", 40002),
        ("GET", "/bc/get/?page_size=-3", b"", 0),
        ("GET", "/bc/get/?page_size=many", b"", 40002),
        ("GET", "/bc/get/?filtering=%7Bnot", b"", 40002),
        ("GET", "/bc/get/?filtering=%7B%22keyword%22%3A%22%E7%8C%AB%22%7D", b"", 0),
        ("GET", "/bc/get/?filtering=%00", b"", 40002),
        ("GET", "/bc/get", b"", 0),
        ("PUT", "/bc/get/", b"", 40008),
        ("DELETE", "/bc/asset/assign/", b"", 40008),
        ("GET", "/nothing/", b"", 40008),
        ("GET", "/a%0Ab/", b"", 40008),
        ("GET", "/../../healthz%00", b"", 40008),
    ],
)
def test_nothing_but_the_envelope_leaves_the_prefix(
    story: Story, method: str, path: str, content: bytes, code: int
) -> None:
    """Garbage, wrong types, wrong methods and unknown paths are answered by HTTP 200 and the envelope."""
    headers = {"Access-Token": story.api["access_token"]}
    answer = httpx.request(method, story.url + PREFIX + path, content=content, headers=headers, trust_env=False)
    if "/../" in path:
        answer = httpx.request(method, story.url + "/open_api/v0", headers=headers, trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert set(body) == {"code", "message", "request_id", "data"}
    assert body["code"] == code, body


def test_the_log_has_the_calls_without_secrets(story: Story) -> None:
    """A refused call stands in the log with code, message and parameters; no token, secret or auth code does."""
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
    """A restart keeps the token of demo.json, which only its owner can read."""
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
