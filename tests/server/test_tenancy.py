"""Everybody calls every operation of the API, with their own, others' and unknown objects."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.server.world import ABSENT, SPARK, Person, World, problem_of

NOT_SIGNED_IN, SESSION_OVER = (401, "not-signed-in"), (401, "session-over")
WRONG_KIND, NOT_FOUND, ADMIN_ONLY = (403, "wrong-kind-of-session"), (404, "not-found"), (403, "admin-role-required")
NOT_ASSIGNED = (403, "member-not-assigned")
NO_AD_ROLE = (403, "ad-account-role-required")
CODE_NOT_FOUND = (404, "code-not-found")
ALL_GATES = (*SPARK, "live_videos", "series", "showcase", "message_ads", "manage_account")
Expected = int | tuple[int, str]
CENTER = "/business-centers/{bc_id}"
CODE = CENTER + "/link-requests/{link_request_id}"
ACCOUNT = CENTER + "/tiktok-accounts/{account_id}"
AD_ACCOUNT = CENTER + "/ad-accounts/{advertiser_id}"
AD = CENTER + "/spark-ads/{ad_id}"
SPARK_CODES = AD_ACCOUNT + "/spark-codes"
POST = "/me/posts/{post_id}"
AD_LINK = ACCOUNT + "/ad-accounts/{advertiser_id}"


@dataclass(frozen=True, slots=True)
class Row:
    """What each caller gets from one operation. `other` is charlie for members, leo for owners."""

    mine: Expected  # the admin of the Business Center, or the owner of the account
    other: Expected
    bob: Expected = NOT_FOUND
    wrong_kind: Expected = WRONG_KIND  # an owner who calls a member's operation, or the reverse
    nobody: Expected = NOT_SIGNED_IN
    unknown: Expected = NOT_FOUND
    of: str = "member"
    body: dict[str, Any] = field(default_factory=dict)
    ids: tuple[str, ...] = ()  # the parts of the path that are replaced by foreign and unknown ids


def _center(mine: int, bob: Expected, body: dict[str, Any] | None = None) -> Row:
    return Row(mine, NOT_FOUND, bob, body=body or {}, ids=("bc_id",))


def _inside(mine: int, *ids: str, bob: Expected = ADMIN_ONLY, body: dict[str, Any] | None = None) -> Row:
    return Row(mine, NOT_FOUND, bob, body=body or {}, ids=("bc_id", *ids))


def _post(mine: int, body: dict[str, Any] | None = None) -> Row:
    return Row(mine, NOT_FOUND, of="owner", body=body or {}, ids=("post_id",))


_SIGNED = Row(NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, nobody=NOT_FOUND, of="anybody")
NEW_AD = {"mode": "pull", "name": "Ad", "post_id": "{post}", "account_id": "{account}", "advertiser_id": "{advertiser}"}


# `(method, path) -> who gets what`. The objects belong to mia and alice; a new operation without a row fails.
TABLE: dict[tuple[str, str], Row] = {
    ("POST", "/sessions"): Row(422, 422, 422, 422, nobody=422, of="anybody"),
    ("DELETE", "/sessions/current"): Row(204, 204, 204, 204, of="anybody"),
    ("GET", "/me"): Row(200, 200, 200, 200, of="anybody"),
    ("GET", "/demo"): Row(NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, nobody=NOT_FOUND, of="anybody"),
    ("GET", "/me/profile"): Row(200, 200, of="owner"),
    ("GET", "/profiles/{handle}"): Row(200, 200, of="owner", ids=("handle",)),
    ("POST", "/link-requests/open"): Row(200, 200, of="owner", body={"code": "{code}"}),
    ("POST", "/link-requests/{link_request_id}/approve"): Row(
        200,
        200,
        of="owner",
        body={"code": "{code}", "consent_hash": "{hash}"},
        unknown=CODE_NOT_FOUND,
        ids=("link_request_id",),
    ),
    ("POST", "/link-requests/{link_request_id}/decline"): Row(
        204, 204, of="owner", body={"code": "{code}"}, unknown=CODE_NOT_FOUND, ids=("link_request_id",)
    ),
    ("POST", "/link-requests/{link_request_id}/check"): Row(
        200, 200, of="owner", body={"code": "{code}"}, unknown=CODE_NOT_FOUND, ids=("link_request_id",)
    ),
    ("GET", "/me/linked-businesses"): Row(200, 200, of="owner"),
    ("GET", "/me/linked-businesses/{authorization_id}"): Row(200, NOT_FOUND, of="owner", ids=("authorization_id",)),
    ("PATCH", "/me/linked-businesses/{authorization_id}"): Row(
        200, NOT_FOUND, of="owner", body={"permissions": SPARK}, ids=("authorization_id",)
    ),
    ("GET", "/me/inbox"): Row(200, 200, of="owner"),
    ("DELETE", "/me/linked-businesses/{authorization_id}"): Row(204, NOT_FOUND, of="owner", ids=("authorization_id",)),
    ("GET", "/business-centers"): Row(200, 200, 200),
    ("GET", CENTER): _center(200, 200),
    ("GET", CENTER + "/members"): _center(200, 200),
    ("GET", CENTER + "/ad-accounts"): _center(200, 200),
    ("GET", CENTER + "/audit-log"): _center(200, ADMIN_ONLY),
    ("GET", CENTER + "/events"): _center(200, ADMIN_ONLY),
    ("GET", CENTER + "/tiktok-accounts"): _center(200, 200),
    ("GET", CENTER + "/link-requests"): _center(200, ADMIN_ONLY),
    ("POST", CENTER + "/link-requests"): _center(201, ADMIN_ONLY, {"permissions": SPARK}),
    ("GET", CODE): _inside(200, "link_request_id"),
    ("GET", CODE + "/qr.png"): _inside(200, "link_request_id"),
    ("GET", CODE + "/qr.svg"): _inside(200, "link_request_id"),
    ("POST", CODE + "/cancel"): _inside(200, "link_request_id"),
    ("POST", CODE + "/new-code"): _inside(200, "link_request_id"),
    ("GET", ACCOUNT): _inside(200, "account_id", bob=200),
    ("DELETE", ACCOUNT): _inside(204, "account_id"),
    ("PUT", AD_LINK): _inside(204, "account_id", "advertiser_id"),
    ("DELETE", AD_LINK): _inside(204, "account_id", "advertiser_id"),
    ("POST", CENTER + "/ad-accounts"): _center(201, ADMIN_ONLY, {"name": "Northwind Asia"}),
    ("GET", AD_ACCOUNT + "/members"): _inside(200, "advertiser_id", bob=200),
    ("PUT", AD_ACCOUNT + "/members/{user_id}"): _inside(204, "advertiser_id", "user_id", body={"role": "operator"}),
    ("DELETE", AD_ACCOUNT + "/members/{user_id}"): _inside(204, "advertiser_id", "user_id"),
    ("PATCH", CENTER + "/members/{user_id}"): _inside(204, "user_id", body={"role": "admin"}),
    ("DELETE", CENTER + "/members/{user_id}"): _inside(204, "user_id"),
    ("POST", CENTER + "/invitations"): _center(201, ADMIN_ONLY, {"email": "dora@example.test"}),
    ("GET", CENTER + "/invitations"): _center(200, ADMIN_ONLY),
    ("DELETE", CENTER + "/invitations/{invitation_id}"): _center(204, ADMIN_ONLY),  # an absent one counts as withdrawn
    ("GET", ACCOUNT + "/layers"): _inside(200, "account_id", bob=200),
    ("GET", ACCOUNT + "/members"): _inside(200, "account_id", bob=200),
    ("PUT", ACCOUNT + "/members/{user_id}"): _inside(204, "account_id", "user_id", body={"roles": ["POST"]}),
    ("DELETE", ACCOUNT + "/members/{user_id}"): _inside(204, "account_id", "user_id"),
    ("GET", ACCOUNT + "/gmv-max"): _inside(200, "account_id", bob=200),
    ("GET", ACCOUNT + "/lives"): _inside(200, "account_id", bob=NOT_ASSIGNED),
    ("GET", ACCOUNT + "/series"): _inside(200, "account_id", bob=NOT_ASSIGNED),
    ("GET", ACCOUNT + "/showcase"): _inside(200, "account_id", bob=NOT_ASSIGNED),
    ("GET", ACCOUNT + "/insights"): _inside(200, "account_id", bob=NOT_ASSIGNED),
    ("GET", ACCOUNT + "/messages"): _inside(200, "account_id", bob=NOT_ASSIGNED),
    ("PUT", ACCOUNT + "/messages"): _inside(
        200, "account_id", bob=NOT_ASSIGNED, body={"enabled": True, "welcome_text": "Hello"}
    ),
    ("POST", CENTER + "/access-tokens"): _center(201, 201, {"name": "Report"}),
    ("GET", CENTER + "/access-tokens"): _center(200, 200),
    ("DELETE", CENTER + "/access-tokens/{token_id}"): _inside(204, "token_id", bob=NOT_FOUND),
    ("POST", CENTER + "/api-apps"): _center(201, ADMIN_ONLY, {"name": "Planner"}),
    ("GET", CENTER + "/api-apps"): _center(200, ADMIN_ONLY),
    ("DELETE", CENTER + "/api-apps/{app_id}"): _inside(204, "app_id"),
    ("POST", CENTER + "/api-apps/{app_id}/auth-codes"): _inside(201, "app_id", bob=201),
    ("GET", CENTER + "/api-calls"): _center(200, 200),
    ("GET", "/me/posts"): Row(200, 200, of="owner"),
    ("POST", "/me/posts"): Row(422, 422, of="owner"),
    ("GET", POST): _post(200),
    ("PATCH", POST): _post(200, {"caption": "Other words"}),
    ("DELETE", POST): _post(204),
    ("GET", POST + "/spark-code"): _post(200),
    ("POST", POST + "/spark-code"): _post(201, {"days": 7}),
    ("DELETE", POST + "/spark-code"): _post(204),
    ("GET", "/posts/{post_id}/cover"): _SIGNED,  # the address itself is the key; console/test_ads.py tests a valid one
    ("GET", "/posts/{post_id}/media"): _SIGNED,
    ("GET", "/me/linked-businesses/{authorization_id}/ads"): Row(200, NOT_FOUND, of="owner", ids=("authorization_id",)),
    ("GET", SPARK_CODES): _inside(200, "advertiser_id", bob=NO_AD_ROLE),
    ("POST", SPARK_CODES): _inside(200, "advertiser_id", bob=NO_AD_ROLE, body={"auth_code": "{spark_code}"}),
    ("DELETE", SPARK_CODES + "/{post_id}"): _inside(204, "advertiser_id", bob=NO_AD_ROLE),
    ("GET", CENTER + "/spark-ads"): _center(200, 200),
    ("POST", CENTER + "/spark-ads"): _center(201, NO_AD_ROLE, NEW_AD),
    ("GET", AD): _inside(200, "ad_id", bob=200),
    ("PATCH", AD): _inside(200, "ad_id", bob=NO_AD_ROLE, body={"state": "paused"}),
    ("DELETE", AD): _inside(204, "ad_id", bob=NO_AD_ROLE),
}


@dataclass(slots=True)
class Objects:
    """One object of each kind for alice and mia, and one of the same kind for charlie and leo."""

    own: dict[str, str]
    foreign: dict[str, str]
    code: str
    consent_hash: str
    spark_code: str


async def make_objects(world: World) -> Objects:
    """Make one object of each kind on both sides."""
    mine = await world.link(world.mia, *ALL_GATES)
    theirs = await world.link(world.leo, by=world.charlie)
    code, other_code = await world.make_code("showcase"), await world.make_code("showcase", by=world.charlie)
    token, app = await _api_access(world.alice, world.bc_id)
    other_token, other_app = await _api_access(world.charlie, world.other_bc_id)
    # Open mia's consent first: leo's scan of the same code does not affect it.
    preview = await world.open(world.mia, code)
    ad = await _ad(world, world.alice, world.mia, world.bc_id, world.cast.advertisers[0])
    other_ad = await _ad(world, world.charlie, world.leo, world.other_bc_id, world.cast.other_advertiser)
    own = {
        "bc_id": world.bc_id,
        "link_request_id": code["link_request_id"],
        "account_id": world.mia.id,
        "advertiser_id": world.cast.advertisers[0],
        "authorization_id": mine["authorization_id"],
        "handle": "mia.bakes",
        "user_id": world.bob.id,
        "invitation_id": ABSENT,
        "token_id": token,
        "app_id": app,
        "ad_id": ad["ad_id"],
        "post_id": ad["post"]["post_id"],
    }
    foreign = {
        "bc_id": world.other_bc_id,
        "link_request_id": other_code["link_request_id"],
        "account_id": world.leo.id,
        "advertiser_id": world.cast.other_advertiser,
        "authorization_id": theirs["authorization_id"],
        "user_id": world.charlie.id,
        "invitation_id": ABSENT,
        "token_id": other_token,
        "app_id": other_app,
        "ad_id": other_ad["ad_id"],
        "post_id": other_ad["post"]["post_id"],
    }
    spark_code = (await world.mia.get(f"/me/posts/{own['post_id']}/spark-code")).json()["code"]
    return Objects(own, foreign, code["url"], preview["consent_hash"], spark_code)


async def _ad(world: World, admin: Person, owner: Person, bc_id: str, advertiser_id: str) -> dict[str, Any]:
    """Link an ad account and run an ad with a post that also has a Spark code; return the ad."""
    profile = (await owner.get("/me/profile")).json()
    post_id = next(post["post_id"] for post in profile["posts"] if not post["private"])
    await owner.post(f"/me/posts/{post_id}/spark-code", {"days": 30})
    await admin.put(f"/business-centers/{bc_id}/tiktok-accounts/{owner.id}/ad-accounts/{advertiser_id}")
    wanted = {"mode": "pull", "name": "Ad", "post_id": post_id, "account_id": owner.id, "advertiser_id": advertiser_id}
    answer = await admin.post(f"/business-centers/{bc_id}/spark-ads", wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _api_access(admin: Person, bc_id: str) -> tuple[str, str]:
    """Make an access token and a developer app; return their ids."""
    made = [
        await admin.post(f"/business-centers/{bc_id}/{kind}", {"name": "Planner"})
        for kind in ("access-tokens", "api-apps")
    ]
    return made[0].json()["token_id"], made[1].json()["app_id"]


async def call_operation(
    person: Person, operation: tuple[str, str], ids: dict[str, str], things: Objects, consent_hash: str = ""
) -> httpx.Response:
    """Call an operation of the table with its body and with these ids in its path."""
    method, path = operation
    filled = {"{code}": things.code, "{hash}": consent_hash or things.consent_hash, "{spark_code}": things.spark_code}
    filled |= {f"{{{name.removesuffix('_id')}}}": value for name, value in things.own.items()}
    body = {name: filled.get(str(value), value) for name, value in TABLE[operation].body.items()} or None
    if path.endswith("/events") and person.name == "alice" and ids["bc_id"] == things.own["bc_id"]:
        return httpx.Response(200)  # the stream never ends; test_live_feed.py reads it from a real server
    return await person.call(method, path.format(**ids), body)


def _check(answer: httpx.Response, expected: Expected, who: str) -> None:
    if isinstance(expected, tuple):
        assert problem_of(answer) == expected, who
    else:
        assert answer.status_code == expected, (who, answer.text)


def _operations(world: World) -> set[tuple[str, str]]:
    paths: dict[str, dict[str, Any]] = world.app.openapi()["paths"]
    return {(method.upper(), path.removeprefix("/api/v1")) for path, methods in paths.items() for method in methods}


async def test_every_operation_has_a_row(world: World) -> None:
    """The table above and the description of the API name the same operations."""
    assert _operations(world) == set(TABLE)


READS = [operation for operation in TABLE if operation[0] == "GET"]
WRITES = [operation for operation in TABLE if operation[0] != "GET"]


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: f"{operation[0]} {operation[1]}")
async def test_who_may_change(world: World, operation: tuple[str, str]) -> None:
    """Everybody gets exactly what the table says, and foreign objects look as if they did not exist."""
    await _check_operation(world, operation, await make_objects(world))


async def test_who_may_read(world: World) -> None:
    """The same is true for everything that changes nothing."""
    things = await make_objects(world)
    for operation in READS:
        await _check_operation(world, operation, things)


async def _check_operation(world: World, operation: tuple[str, str], things: Objects) -> None:
    row = TABLE[operation]
    owner_side = row.of == "owner"
    mine, other = (world.mia, world.leo) if owner_side else (world.alice, world.charlie)
    strangers = [world.alice, world.bob, world.charlie] if owner_side else [world.mia]
    _check(await call_operation(world.nobody, operation, things.own, things), row.nobody, f"{operation} nobody")
    if row.nobody == NOT_SIGNED_IN:
        stale = Person(world.client, "x" * 43)
        _check(await call_operation(stale, operation, things.own, things), SESSION_OVER, f"{operation} unknown token")
    for person in strangers:
        _check(
            await call_operation(person, operation, things.own, things), row.wrong_kind, f"{operation} {person.name}"
        )
    if not owner_side:
        _check(await call_operation(world.bob, operation, things.own, things), row.bob, f"{operation} bob")
    await _check_ids(row, operation, mine, things)
    if isinstance(row.other, tuple):
        _check(await call_operation(other, operation, things.own, things), row.other, f"{operation} {other.name}")
    _check(await call_operation(mine, operation, things.own, things), row.mine, f"{operation} {mine.name}")


async def _check_ids(row: Row, operation: tuple[str, str], mine: Person, things: Objects) -> None:
    """Replace each id in the path by a foreign and by an unknown one; the answers are the same, byte for byte."""
    for name in row.ids:
        unknown = await call_operation(mine, operation, {**things.own, name: ABSENT}, things)
        _check(unknown, row.unknown, f"unknown {name}")
        if name not in things.foreign:
            continue
        foreign = await call_operation(mine, operation, {**things.own, name: things.foreign[name]}, things)
        assert foreign.content == unknown.content, name
        assert foreign.status_code == unknown.status_code, name
        differing = {header for header in foreign.headers if foreign.headers[header] != unknown.headers.get(header)}
        assert not differing, name


async def test_nothing_of_another_center_is_visible(world: World) -> None:
    """What happens in one Business Center changes nothing that another's admin can read."""
    paths = ["", "/tiktok-accounts", "/link-requests", "/members", "/ad-accounts", "/audit-log"]
    mine = [f"/business-centers/{world.other_bc_id}{path}" for path in paths] + ["/business-centers", "/me"]
    before = [(await world.charlie.get(path)).content for path in mine]
    await _objects_of_alice(world)
    assert [(await world.charlie.get(path)).content for path in mine] == before


async def _objects_of_alice(world: World) -> None:
    await world.link(world.mia, "live_gmv_max")
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")
    await world.make_code(for_handle="leo.rides")


async def test_a_removed_member_is_a_stranger(world: World) -> None:
    """A demoted admin is refused immediately and a removed one finds nothing: sessions contain no roles."""
    code = await world.make_code()
    await world.sql("UPDATE members SET role = 'standard' WHERE user_id = :id", id=world.alice.id)
    assert problem_of(await world.alice.post(f"{world.codes}/{code['link_request_id']}/cancel")) == ADMIN_ONLY
    await world.sql("DELETE FROM members WHERE user_id = :id", id=world.alice.id)
    assert problem_of(await world.alice.get(f"/business-centers/{world.bc_id}")) == NOT_FOUND
    assert (await world.alice.get("/business-centers")).json()["items"] == []
