"""The whole story through the API, as docs and screens tell it."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from tests.server.world import ORIGIN, OWNERS, PASSWORD, SPARK, Person, World, email, problem_of


async def test_sign_in_as_member(world: World) -> None:
    """A member signs in by email, in any case, and gets a token, its end, and the Business Centers with roles."""
    answer = await world.nobody.post("/sessions", {"email": " Alice@Example.Test ", "password": PASSWORD})
    assert answer.status_code == 201
    session = answer.json()
    actor = session["actor"]
    assert (actor["kind"], actor["name"], actor["email"]) == ("member", "Alice Moreno", email("alice"))
    assert actor["business_centers"] == [{"bc_id": world.bc_id, "name": "Northwind Coffee", "role": "admin"}]
    assert len(session["token"]) == 43
    me = await Person(world.client, session["token"]).get("/me")
    assert me.json() == {"actor": actor, "expires_at": session["expires_at"]}


async def test_sign_in_as_owner(world: World) -> None:
    """An owner signs in by handle, with or without @."""
    answer = await world.nobody.post("/sessions", {"handle": "@Mia.Bakes", "password": PASSWORD})
    assert answer.status_code == 201
    actor = answer.json()["actor"]
    assert (actor["kind"], actor["account"]["handle"]) == ("owner", "mia.bakes")
    profile = (await Person(world.client, answer.json()["token"]).get("/me/profile")).json()
    assert [post["private"] for post in profile["posts"]] == [True, False]


async def test_profile_of_another_account_hides_private_posts(world: World) -> None:
    """Another account's profile shows no private posts, and an unknown handle is not found."""
    profile = (await world.leo.get("/profiles/mia.bakes")).json()
    assert [post["private"] for post in profile["posts"]] == [False]
    assert problem_of(await world.leo.get("/profiles/nobody.at.all")) == (404, "not-found")


async def test_create_code(world: World) -> None:
    """A new code is pending for ten minutes and has permissions in the order of the table, a link and a typed code."""
    code = await world.make_code("new_videos_ads_only", "existing_posts", message="Hi Mia")
    assert code["state"] == "pending"
    assert code["permissions"] == SPARK
    assert code["url"].startswith(f"{ORIGIN}/l#")
    assert len(code["url"].partition("#")[2]) == 22
    assert len(code["typed_code"]) == 11
    assert code["requested_by"] == "Alice Moreno"
    assert (code["granted"], code["scanned_by"], code["decided_by"], code["authorization_id"]) == (None,) * 4
    assert await world.link_request(code) == code
    assert (await world.log())[0]["type"] == "link_request.created"


@pytest.mark.parametrize("scale", [1, 4, 10])
async def test_png_contains_the_code(world: World, scale: int) -> None:
    """ZXing and ZBar read exactly the link from a code's PNG, ZXing even at one pixel a module."""
    code = await world.make_code()
    answer = await world.alice.get(f"{world.codes}/{code['link_request_id']}/qr.png", params={"scale": scale})
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    assert picture.size == (41 * scale, 41 * scale)  # version 4 has 33 modules, and a quiet zone of 4 on each side
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [code["url"]]
    if scale > 1:
        assert [found.data.decode() for found in pyzbar.decode(picture)] == [code["url"]]


async def test_svg_is_a_picture_of_the_code(world: World) -> None:
    """The SVG is self-contained: black on white, with a size, without script or reference."""
    code = await world.make_code()
    answer = await world.alice.get(f"{world.codes}/{code['link_request_id']}/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.count("<path") == 1
    assert 'viewBox="0 0 41 41"' in answer.text
    assert "<script" not in answer.text
    assert "href" not in answer.text
    assert code["url"] not in answer.text


def _spellings(code: dict[str, Any]) -> list[str]:
    secret, typed = code["url"].partition("#")[2], code["typed_code"]
    return [secret, code["url"], f"  {code['url']}\n", typed, typed.lower(), typed.replace("-", ""), " ".join(typed)]


async def test_open_by_any_spelling(world: World) -> None:
    """A code opens by its 22 characters, its whole link, or its typed code in any case and spacing."""
    for spelling in range(7):
        code = await world.make_code()
        text = _spellings(code)[spelling]
        answer = await world.mia.post("/link-requests/open", {"code": text})
        assert answer.status_code == 200, text
        assert answer.json()["link_request_id"] == code["link_request_id"]
        assert (await world.link_request(code))["state"] == "scanned"


async def test_preview_says_everything(world: World) -> None:
    """Consent shows who asks for whom, the level, each permission with its consequence, and what would change."""
    code = await world.make_code(*SPARK, message="Spring campaign")
    preview = await world.open(world.mia, code)
    assert preview["business_center"] == {"bc_id": world.bc_id, "name": "Northwind Coffee", "verified": True}
    assert (preview["requested_by"], preview["requested_at"]) == ("Alice Moreno", code["created_at"])
    assert preview["account"]["handle"] == "mia.bakes"
    assert (preview["level"], preview["level_title"]) == ("deliver_ads", "Deliver ads")
    assert preview["message"] == "Spring campaign"
    assert [shown["value"] for shown in preview["permissions"]] == SPARK
    assert all(shown["title"] and shown["consequence"] for shown in preview["permissions"])
    assert preview["changes"] == {"added": SPARK, "removed": [], "kept": []}
    assert (preview["state"], preview["already_linked"]) == ("scanned", False)
    assert preview["expires_at"] == code["expires_at"]


async def test_preview_shows_the_difference_to_today(world: World) -> None:
    """A second request for a linked account shows what it adds, keeps and takes away."""
    await world.link(world.mia, "existing_posts", "showcase")
    preview = await world.open(world.mia, await world.make_code("existing_posts", "live_videos"))
    assert preview["already_linked"] is True
    assert preview["changes"] == {"added": ["live_videos"], "removed": ["showcase"], "kept": ["existing_posts"]}
    assert [shown["change"] for shown in preview["permissions"]] == ["kept", "added"]


async def test_approve_all(world: World) -> None:
    """Approving grants everything requested; both sides see it immediately, and the log says who did it."""
    code = await world.make_code()
    answer = await world.approve(world.mia, code)
    assert answer.status_code == 200
    authorization = answer.json()
    assert authorization["permissions"] == authorization["requested"] == SPARK
    (row,) = (await world.alice.get(world.accounts)).json()["items"]
    assert row["account"]["handle"] == "mia.bakes"
    assert row["level_title"] == "Deliver ads"
    assert row["permissions"] == {"granted": SPARK, "requested": SPARK}
    assert (row["spark_ads_ready"], row["added_by"], row["ad_accounts"]) == (True, "Alice Moreno", [])
    assert (await world.alice.get(f"{world.accounts}/{world.mia.id}")).json() == row
    (linked,) = (await world.mia.get("/me/linked-businesses")).json()["items"]
    assert linked == authorization
    found = await world.link_request(code)
    assert (found["state"], found["granted"], found["url"], found["typed_code"]) == ("approved", SPARK, None, None)
    assert found["decided_by"]["handle"] == "mia.bakes"
    assert found["authorization_id"] == authorization["authorization_id"]
    center = (await world.alice.get(f"/business-centers/{world.bc_id}")).json()
    assert (center["account_count"], center["account_limit"]) == (1, 800)
    event = (await world.log())[0]
    assert (event["type"], event["actor_kind"], event["actor_id"]) == ("link_request.approved", "owner", world.mia.id)
    assert event["data"]["granted"] == SPARK


async def test_approve_fewer(world: World) -> None:
    """The owner may grant less than requested; the row shows both, and Spark Ads are not ready."""
    answer = await world.approve(world.mia, await world.make_code(), permissions=["existing_posts"])
    assert answer.json()["permissions"] == ["existing_posts"]
    (row,) = (await world.alice.get(world.accounts)).json()["items"]
    assert row["permissions"] == {"granted": ["existing_posts"], "requested": SPARK}
    assert row["spark_ads_ready"] is False


@pytest.mark.parametrize(
    ("permissions", "problem"),
    [
        ([], "invalid-permissions"),
        (["showcase"], "invalid-permissions"),
        (["existing_posts", "new_videos_on_profile"], "invalid-permissions"),
        (["everything"], "malformed-request"),
    ],
)
async def test_approval_cannot_be_widened(world: World, permissions: list[str], problem: str) -> None:
    """An approval must grant something, and nothing that was not requested."""
    answer = await world.approve(world.mia, await world.make_code(), permissions=permissions)
    assert problem_of(answer) == (422, problem)
    assert (await world.alice.get(world.accounts)).json()["items"] == []


async def test_repeated_approval_gets_the_same_answer(world: World) -> None:
    """Repeating an approval, even with other permissions, returns the first result and changes nothing."""
    code = await world.make_code()
    first = await world.approve(world.mia, code)
    body = {"code": code["url"], "consent_hash": "0" * 64, "permissions": ["existing_posts"]}
    events = await world.log()
    again = await world.mia.post(f"/link-requests/{code['link_request_id']}/approve", body)
    assert (again.status_code, again.content) == (200, first.content)
    assert await world.log() == events


async def test_repeat_after_a_later_approval_still_returns_the_first_result(world: World) -> None:
    """Repeating an older approval shows what it granted, not what a later one granted."""
    code = await world.make_code()
    first = (await world.approve(world.mia, code)).json()
    await world.link(world.mia, "showcase")
    body = {"code": code["url"], "consent_hash": "0" * 64}
    again = (await world.mia.post(f"/link-requests/{code['link_request_id']}/approve", body)).json()
    for name in ("authorization_id", "link_request_id", "permissions", "requested", "requested_by", "granted_at"):
        assert again[name] == first[name], name


async def test_later_approval_replaces_permissions(world: World) -> None:
    """Approving the same Business Center's new request replaces the permissions of the one link."""
    first = await world.link(world.mia, "existing_posts", "showcase")
    second = await world.link(world.mia, "live_videos")
    assert second["authorization_id"] == first["authorization_id"]
    assert second["permissions"] == ["live_videos"]
    assert len((await world.mia.get("/me/linked-businesses")).json()["items"]) == 1
    assert (await world.alice.get(f"/business-centers/{world.bc_id}")).json()["account_count"] == 1


async def test_stale_consent_is_refused(world: World) -> None:
    """An approval of something that has changed since it was shown is refused and grants nothing."""
    code = await world.make_code("existing_posts", "live_videos")
    preview = await world.open(world.mia, code)
    await world.link(world.mia, "existing_posts")  # approving would now change other things than those shown
    body = {"code": code["url"], "consent_hash": preview["consent_hash"]}
    answer = await world.mia.post(f"/link-requests/{code['link_request_id']}/approve", body)
    assert problem_of(answer) == (409, "consent-changed")
    assert (await world.mia.get("/me/linked-businesses")).json()["items"][0]["permissions"] == ["existing_posts"]


async def test_revoke(world: World) -> None:
    """The owner revokes everything immediately; a second revocation succeeds, and the account can be linked again."""
    authorization = await world.link(world.mia)
    path = f"/me/linked-businesses/{authorization['authorization_id']}"
    assert [(await world.mia.delete(path)).status_code for _ in range(2)] == [204, 204]
    assert (await world.mia.get("/me/linked-businesses")).json()["items"] == []
    assert (await world.alice.get(world.accounts)).json()["items"] == []
    assert problem_of(await world.alice.get(f"{world.accounts}/{world.mia.id}")) == (404, "not-found")
    assert (await world.alice.get(f"/business-centers/{world.bc_id}")).json()["account_count"] == 0
    assert [event["type"] for event in await world.log()][:2] == ["authorization.revoked", "link_request.approved"]
    again = await world.link(world.mia)
    assert again["authorization_id"] != authorization["authorization_id"]


async def test_unlink(world: World) -> None:
    """An admin ends an authorization from the other side, and a second attempt finds nothing to end."""
    await world.link(world.mia)
    path = f"{world.accounts}/{world.mia.id}"
    assert (await world.alice.delete(path)).status_code == 204
    assert problem_of(await world.alice.delete(path)) == (404, "not-found")
    assert (await world.mia.get("/me/linked-businesses")).json()["items"] == []
    assert (await world.log())[0]["type"] == "authorization.unlinked"


async def test_ad_account_links(world: World) -> None:
    """PUT links an ad account and DELETE unlinks it, repeatedly; ending the authorization removes the links."""
    authorization = await world.link(world.mia)
    first, second = (f"{world.accounts}/{world.mia.id}/ad-accounts/{id}" for id in world.cast.advertisers)
    for path in (first, first, second):
        assert (await world.alice.put(path)).status_code == 204
    row = (await world.alice.get(f"{world.accounts}/{world.mia.id}")).json()
    assert [linked["name"] for linked in row["ad_accounts"]] == ["Northwind EU", "Northwind US"]
    assert [(await world.alice.delete(first)).status_code for _ in range(2)] == [204, 204]
    kinds = [event["type"] for event in await world.log()][:4]
    assert kinds == ["ad_account.unlinked", "ad_account.linked", "ad_account.linked", "link_request.approved"]
    await world.mia.delete(f"/me/linked-businesses/{authorization['authorization_id']}")
    assert problem_of(await world.alice.put(first)) == (404, "not-found")
    await world.link(world.mia)
    assert (await world.alice.get(f"{world.accounts}/{world.mia.id}")).json()["ad_accounts"] == []


async def _walk(person: Person, path: str, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        given = {"page_size": 2, **params, **({"cursor": cursor} if cursor else {})}
        page = (await person.get(path, params=given)).json()
        assert len(page["items"]) <= 2
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


async def test_lists_are_paged_by_cursor(world: World) -> None:
    """Walking a list by cursor gives each item once, in the order of one large page."""
    for owner in (world.mia, world.leo, world.nara):
        await world.link(owner)
        await world.link(owner, by=world.charlie)
    center = f"/business-centers/{world.bc_id}"
    places = [
        (world.alice, center + "/link-requests", 3),
        (world.alice, center + "/tiktok-accounts", 3),
        (world.alice, center + "/members", 2),
        (world.alice, center + "/ad-accounts", 2),
        (world.alice, center + "/audit-log", 12),
        (world.mia, "/me/linked-businesses", 2),
    ]
    for person, path, count in places:
        whole = (await person.get(path, params={"page_size": 100})).json()
        assert whole["next_cursor"] is None
        assert len(whole["items"]) == count, path
        assert await _walk(person, path) == whole["items"], path
        assert await _walk(person, path, page_size=1) == whole["items"], path


@pytest.mark.parametrize("cursor", ["abc", "", "-1", "1.5", "12 ", "9" * 20, "x|y"])
async def test_a_malformed_cursor_is_refused(world: World, cursor: str) -> None:
    """A cursor that no page issued gets a 422 that names the parameter, not a page."""
    center = f"/business-centers/{world.bc_id}"
    lists = ("link-requests", "tiktok-accounts", "members", "ad-accounts", "audit-log")
    places = [(world.alice, f"{center}/{name}") for name in lists]
    for person, path in [*places, (world.mia, "/me/linked-businesses")]:
        answer = await person.get(path, params={"cursor": cursor})
        assert problem_of(answer) == (422, "malformed-request"), path
        assert "cursor" in answer.json()["detail"], path


async def test_search_in_linked_accounts(world: World) -> None:
    """Search looks in handle and name, in any case, and SQL's special characters stand for themselves."""
    for owner in (world.mia, world.leo, world.nara):
        await world.link(owner)
    await world.sql("UPDATE tiktok_accounts SET display_name = 'Élan 100%' WHERE handle = 'leo.rides'")
    expected = {"MIA": ["mia.bakes"], "@mia.b": ["mia.bakes"], "bakes": ["mia.bakes"], "%": ["leo.rides"], "_": []}
    expected |= {"100%": ["leo.rides"], "Élan": ["leo.rides"], "i": ["studio.nara", "leo.rides", "mia.bakes"], "'": []}
    for text, handles in expected.items():
        items = (await world.alice.get(world.accounts, params={"search": text})).json()["items"]
        assert [item["account"]["handle"] for item in items] == handles, text
    assert set(OWNERS.values()) >= {"mia.bakes", "leo.rides", "studio.nara"}


async def test_sign_out_kills_the_token(world: World) -> None:
    """After signing out the token opens nothing, not even a second sign-out."""
    assert (await world.mia.delete("/sessions/current")).status_code == 204
    for answer in (await world.mia.get("/me"), await world.mia.delete("/sessions/current")):
        assert problem_of(answer) == (401, "session-over")
        assert answer.headers["www-authenticate"] == "Bearer"
