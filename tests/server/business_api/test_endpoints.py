"""Every endpoint works and refuses through the vendor's client, and every answer is the envelope."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.business_api.endpoints import PREFIX
from server.business_api.resources import ENDPOINTS
from shared.permissions import Permission
from tests.server.business_api.story import GATES, Story
from tests.server.world import ABSENT

Row = tuple[str, str, dict[str, Any]]  # method, path, and parameters that work


def _center(story: Story) -> list[Row]:
    """Return calls about a Business Center and its assets; mia's account is linked before and after them."""
    center, asset = {"bc_id": story.bc_id}, story.asset()
    link = {**asset, "advertiser_id": story.advertiser}
    member = {**asset, "user_id": story.bob_id}
    return [
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
    ]


def _identity(story: Story) -> list[Row]:
    """Return calls about what ads use; make an ad and a Spark code for them."""
    posts = story.ask(story.mia, "GET", "/me/profile")["posts"]
    post = next(post["post_id"] for post in posts if not post["private"] and not post["ads_only"])
    (ad_id,) = story.call("POST", "/ad/create/", story.creative(tiktok_item_id=post))["ad_ids"]
    status = {"advertiser_id": story.advertiser, "ad_ids": [ad_id], "operation_status": "DISABLE"}
    code = story.ask(story.mia, "POST", f"/me/posts/{post}/spark-code", {"days": 7})["code"]
    by_code = {"advertiser_id": story.advertiser, "auth_code": code}
    return [
        (
            "GET",
            "/gmv_max/identity/get/",
            {"advertiser_id": story.advertiser, "store_id": "1", "store_authorized_bc_id": story.bc_id},
        ),
        ("GET", "/showcase/identity/get/", {"advertiser_id": story.advertiser}),
        ("GET", "/identity/get/", {"advertiser_id": story.advertiser}),
        ("GET", "/identity/info/", story.identity()),
        ("GET", "/identity/video/get/", story.identity()),
        ("GET", "/identity/video/info/", {**story.identity(), "item_id": post}),
        *(("GET", path, story.identity()) for path in GATES),
        ("GET", "/business/get/", {"business_id": story.account}),
        ("POST", "/ad/create/", story.creative(video_id="v1")),
        ("GET", "/ad/get/", {"advertiser_id": story.advertiser}),
        ("POST", "/ad/status/update/", status),
        ("POST", "/tt_video/authorize/", by_code),
        ("GET", "/tt_video/info/", by_code),
        ("GET", "/tt_video/list/", {"advertiser_id": story.advertiser}),
        ("POST", "/tt_video/unbind/", {"advertiser_id": story.advertiser, "item_id": post}),
    ]


def _people(story: Story) -> list[Row]:
    """Return calls about members and the change log, and those that unlink mia's account."""
    center, app = {"bc_id": story.bc_id}, {key: story.api[key] for key in ("app_id", "secret")}
    link = {**story.asset(), "advertiser_id": story.advertiser}
    return [
        ("POST", "/bc/asset/advertiser/unassign/", link),
        ("GET", "/bc/member/get/", {**center, "filtering": {"user_role": "STANDARD"}}),
        ("POST", "/bc/member/invite/", {**center, "emails": ["dora@example.test"], "user_role": "STANDARD"}),
        ("POST", "/bc/member/update/", {**center, "user_id": story.bob_id, "user_role": "STANDARD"}),
        ("POST", "/bc/member/delete/", {**center, "user_email": "dora@example.test"}),
        ("GET", "/oauth2/advertiser/get/", app),
        ("GET", "/changelog/get/", {**center, "filtering": {"activity_type": "MEMBER"}, "sort": {"sort_type": "ASC"}}),
        ("POST", "/bc/asset/admin/delete/", {**center, "asset_type": "TT_ACCOUNT", "asset_ids": [story.account]}),
    ]


def _get_and_end_a_token(story: Story) -> None:
    app = {key: story.api[key] for key in ("app_id", "secret")}
    made = story.ask(story.bob, "POST", f"/business-centers/{story.bc_id}/api-apps/{app['app_id']}/auth-codes")
    exchange = {**app, "auth_code": made["auth_code"]}
    story.refused(40002, "POST", "/oauth2/access_token/", {**exchange, "secret": "wrong"}, token="")
    token = story.call("POST", "/oauth2/access_token/", exchange, token="")["access_token"]
    story.refused(40110, "POST", "/oauth2/access_token/", exchange, token="")
    assert "Admin role" in story.refused(40001, "GET", "/changelog/get/", {"bc_id": story.bc_id}, token=token)
    story.refused(40002, "POST", "/oauth2/revoke_token/", {**app, "secret": "wrong", "access_token": token})
    story.call("POST", "/oauth2/revoke_token/", {**app, "access_token": token})
    story.refused(40105, "GET", "/bc/get/", token=token)


def test_every_endpoint_works_and_is_refused(story: Story) -> None:
    """Each endpoint succeeds and refuses here through the vendor's client; a new one without a row fails."""
    story.done.clear()  # calls by other tests do not count, so that their order does not matter
    story.link(*(item for item in Permission if item is not Permission.NEW_VIDEOS_ON_PROFILE))
    for method, path, sent in [*_center(story), *_identity(story), *_people(story)]:
        story.call(method, path, sent)
        story.refused(40104, method, path, sent, token="")
        story.refused(40105, method, path, sent, token="x" * 43)
        if "bc_id" in sent:
            assert "Business Center" in story.refused(40007, method, path, {**sent, "bc_id": ABSENT})
        if "advertiser_id" in sent:
            story.refused(40300, method, path, {**sent, "advertiser_id": ABSENT})
    _get_and_end_a_token(story)
    missing = [
        (endpoint.method, endpoint.path)
        for endpoint in ENDPOINTS
        if not {(endpoint.method, endpoint.path, ok) for ok in (True, False)} <= story.done
    ]
    assert missing == []


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
    """Garbage, wrong types, wrong methods and unknown paths get HTTP 200 and the envelope."""
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


def test_the_documentation_names_every_endpoint() -> None:
    """docs/business-api.md names each path, in full or as the ending of a full path earlier in the same line."""
    text = (Path(__file__).parents[3] / "docs" / "business-api.md").read_text(encoding="utf-8")
    roots = {endpoint.path.split("/")[1] for endpoint in ENDPOINTS}
    named: set[str] = set()
    for line in text.splitlines():
        beside = ""
        for path in re.findall(r"`([a-z0-9_/]+)`", line):
            if path.split("/")[0] in roots and "/" in path:
                beside = path
            named.add(f"/{path if path == beside else beside.rpartition('/')[0] + '/' + path}/")
    assert {endpoint.path for endpoint in ENDPOINTS} - named == set()
