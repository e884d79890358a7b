"""Every endpoint that uses a TikTok account goes through the gate; the tests find the endpoints, so none is missed."""

import json
from collections.abc import Iterator
from typing import Any, Final, get_args

from server.authorizations.gate import require_use
from server.business_api.endpoints import PREFIX, Endpoint
from server.business_api.envelope import Code
from server.business_api.parameters import Params
from server.business_api.resources import ENDPOINTS
from shared.permissions import NEW_VIDEOS, PERMISSIONS, Permission
from tests.server.test_tenancy import ACCOUNT, AD, ADMIN_ONLY, NO_AD_ROLE, TABLE, Objects, call_operation, make_objects
from tests.server.world import Person, World, problem_of
from tests.support.call_graph import CallGraph, api_routes

EVERYTHING: Final = [permission for permission in Permission if permission is not Permission.NEW_VIDEOS_ON_PROFILE]

# --- the Business API: by the names of parameters ------------------------------------------------------

OF_AN_ACCOUNT: Final = {"identity_id", "business_id", "asset_id", "asset_ids"}
OF_SOMETHING_ELSE: Final = {
    *("bc_id", "identity_authorized_bc_id", "store_authorized_bc_id", "store_id", "advertiser_id", "adgroup_id"),
    *("adgroup_ids", "ad_ids", "item_id", "item_ids", "tiktok_item_id", "video_id", "image_ids", "user_id", "app_id"),
}
UNGATED: Final = {
    "/bc/": "shows and changes who is linked and assigned; the role in the Business Center decides",
    "/identity/info/": "shows what an account grants and uses nothing",
}
BY_AD: Final = {"/ad/status/update/": "names an ad; tests/server/spark_ads/test_rules.py tests it"}


def _fields(params: type[Params]) -> Iterator[tuple[str, type[Params] | None, bool]]:
    """Yield each parameter's name, the model of its list items if there is one, and whether it is required."""
    for name, field in params.model_fields.items():
        parts = [part for part in (field.annotation, *get_args(field.annotation)) if isinstance(part, type)]
        yield name, next((part for part in parts if issubclass(part, Params)), None), field.is_required()


def _names(params: type[Params]) -> set[str]:
    nested = [inner for _, inner, _ in _fields(params) if inner is not None]
    return {name for name, _, _ in _fields(params)}.union(*(_names(inner) for inner in nested))


def _filled(params: type[Params], values: dict[str, Any]) -> dict[str, Any]:
    """Return parameters for an endpoint; fail if a required one has no value."""
    sent = {name: values[name] for name, _, _ in _fields(params) if name in values}
    for name, inner, required in _fields(params):
        if required and name not in sent:
            assert inner is not None, f"give {name} a value in _values"
            sent[name] = [_filled(inner, values)]
    return sent


def _gated() -> list[Endpoint]:
    of_accounts = [endpoint for endpoint in ENDPOINTS if _names(endpoint.params) & OF_AN_ACCOUNT]
    return [endpoint for endpoint in of_accounts if not endpoint.path.startswith(tuple(UNGATED))]


def _values(world: World, advertiser: str, post: str, **creative: str) -> dict[str, Any]:
    account = {"identity_id": world.mia.id, "business_id": world.mia.id, "identity_type": "BC_AUTH_TT"}
    center = {"bc_id": world.bc_id, "identity_authorized_bc_id": world.bc_id}
    return {**account, **center, "advertiser_id": advertiser, "adgroup_id": "17", "item_id": post, **creative}


async def _answer(world: World, token: str, endpoint: Endpoint, values: dict[str, Any]) -> tuple[int, str]:
    sent = _filled(endpoint.params, values)
    query = {name: value if isinstance(value, str) else json.dumps(value) for name, value in sent.items()}
    options: dict[str, Any] = {"params": query} if endpoint.method == "GET" else {"json": sent}
    headers = {"Access-Token": token}
    answer = await world.client.request(endpoint.method, PREFIX + endpoint.path, headers=headers, **options)
    body = answer.json()
    return body["code"], f"{endpoint.path}: {body['message']}"


async def _linked(world: World, *permissions: Permission) -> tuple[str, str, str]:
    """Link mia with one of two ad accounts; return the linked one, the other, and a post."""
    await world.link(world.mia, *permissions)
    linked, other = world.cast.advertisers
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{linked}")
    posts = (await world.mia.get("/me/profile")).json()["posts"]
    return linked, other, next(post["post_id"] for post in posts if not post["private"])


async def _token(world: World, person: Person) -> str:
    made = await person.post(f"/business-centers/{world.bc_id}/access-tokens", {"name": "Test"})
    return str(made.json()["token"])


async def _role(world: World, advertiser: str, role: str) -> None:
    path = f"/business-centers/{world.bc_id}/ad-accounts/{advertiser}/members/{world.bob.id}"
    assert (await world.alice.call("PUT", path, {"role": role})).status_code == 204


def test_endpoints_name_accounts_in_known_ways() -> None:
    """Each id parameter is known to name an account or not, and each endpoint that reaches the gate is tested below."""
    names = set().union(*(_names(endpoint.params) for endpoint in ENDPOINTS))
    assert {name for name in names if name.endswith(("_id", "_ids"))} <= OF_AN_ACCOUNT | OF_SOMETHING_ELSE
    graph, gated = CallGraph(), {endpoint.path for endpoint in _gated()}
    assert {
        endpoint.path for endpoint in ENDPOINTS if require_use in graph.of(endpoint.handler)
    } == gated | BY_AD.keys()


async def test_endpoints_require_every_layer(world: World) -> None:
    """An analyst and an ad account that is not linked are refused; otherwise every endpoint works."""
    linked, other, post = await _linked(world, *EVERYTHING)
    admin, analyst = await _token(world, world.alice), await _token(world, world.bob)
    await _role(world, linked, "analyst")
    for creative in ({"tiktok_item_id": post}, {"video_id": "v1"}):
        values = _values(world, linked, post, **creative)
        for endpoint in _gated():
            assert await _answer(world, admin, endpoint, values) == (Code.OK, f"{endpoint.path}: OK")
            assert (await _answer(world, analyst, endpoint, values))[0] == Code.NO_PERMISSION, endpoint.path
            if "advertiser_id" in _names(endpoint.params):
                refused = await _answer(world, admin, endpoint, {**values, "advertiser_id": other})
                assert refused[0] == Code.NO_PERMISSION, refused
                assert "is not linked" in refused[1]


async def test_each_endpoint_requires_its_permission(world: World) -> None:
    """Each endpoint works with some permissions; without them the refusal gives the title of one of them."""
    admin = await _token(world, world.alice)
    opened: dict[tuple[str, str], set[Permission]] = {}
    refusals: dict[tuple[str, str], set[str]] = {}
    for permission in Permission:
        linked, _, post = await _linked(world, permission)
        for creative in ({"tiktok_item_id": post}, {"video_id": "v1"}):
            for endpoint in _gated():
                code, message = await _answer(world, admin, endpoint, _values(world, linked, post, **creative))
                key = (endpoint.path, *creative)
                if code == Code.OK:
                    opened.setdefault(key, set()).add(permission)
                else:
                    refusals.setdefault(key, set()).add(message)
    assert len(opened) == 2 * len(_gated())
    for key, permissions in opened.items():
        assert len(permissions) == 1 or permissions == NEW_VIDEOS, (key, permissions)
        titles = [f"“{PERMISSIONS[permission].title}”" for permission in permissions]
        assert all(any(title in message for title in titles) for message in refusals[key]), refusals[key]


# --- /api/v1: by the table of every operation ----------------------------------------------------------

OPEN_TO_MEMBERS: Final = {
    ("GET", ACCOUNT): "says what an account grants",
    ("GET", ACCOUNT + "/layers"): "says what is missing",
    ("GET", ACCOUNT + "/members"): "says who is assigned",
    ("GET", ACCOUNT + "/gmv-max"): "says whether it can be used",
}
OPERATIONS: Final = [
    operation
    for operation, row in TABLE.items()
    if ("{account_id}" in operation[1] or "account_id" in row.body)
    and row.bob != ADMIN_ONLY  # the role in the Business Center decides about linking and assigning
    and operation not in OPEN_TO_MEMBERS
]


def test_operations_that_reach_the_gate_are_tested_here() -> None:
    """Every operation that reaches the gate is in the list above, except the one that names an ad."""
    graph = CallGraph()
    gated = {name for name, route in api_routes() if require_use in graph.of(route.endpoint)}
    assert gated == {" ".join(operation) for operation in OPERATIONS} | {f"PATCH {AD}"}


async def test_operations_require_every_layer(world: World) -> None:
    """Operators of an unlinked ad account and analysts of a linked one are refused; operators of a linked one pass."""
    things = await make_objects(world)
    linked, other = world.cast.advertisers
    for advertiser, role, missing in ((other, "operator", "ad-account-not-linked"), (linked, "analyst", NO_AD_ROLE[1])):
        await _role(world, advertiser, role)
        things.own["advertiser_id"] = advertiser
        for operation in OPERATIONS:
            expected = missing if "advertiser_id" in TABLE[operation].body else "member-not-assigned"
            answer = await call_operation(world.bob, operation, things.own, things)
            assert problem_of(answer) == (403, expected), operation
    await _role(world, linked, "operator")
    for operation in OPERATIONS:
        answer = await call_operation(world.bob, operation, things.own, things)
        assert answer.is_success, (operation, answer.text)


async def test_each_operation_requires_its_permission(world: World) -> None:
    """Each operation works with exactly one permission and is refused without it."""
    things: Objects = await make_objects(world)
    opened: dict[tuple[str, str], list[Permission]] = {operation: [] for operation in OPERATIONS}
    for permission in Permission:
        await world.link(world.mia, permission)
        for operation, permissions in opened.items():
            answer = await call_operation(world.alice, operation, things.own, things)
            if answer.is_success:
                permissions.append(permission)
            else:
                assert problem_of(answer) == (403, "permission-not-granted"), operation
    assert all(len(permissions) == 1 for permissions in opened.values()), opened
