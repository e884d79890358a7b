"""The three layers: what the account granted, which members may use it, which ad accounts are linked."""

from typing import Any

import pytest

from tests.server.world import SPARK, Person, World, problem_of

GATES = {
    "lives": "live_videos",
    "series": "series",
    "showcase": "showcase",
    "insights": "manage_account",
    "messages": "message_ads",
}
ALL = [*SPARK, *GATES.values()]


async def put(person: Person, path: str, body: dict[str, Any]) -> int:
    """Send a PUT request and return its status."""
    return (await person.call("PUT", path, body)).status_code


async def layers(world: World) -> dict[str, bool]:
    """Return which layers of mia's account are done."""
    answer = (await world.bob.get(f"{world.accounts}/{world.mia.id}/layers")).json()
    found = {layer["layer"]: layer["done"] for layer in answer["layers"]}
    assert answer["ready"] == all(found.values())
    assert all((layer["next_step"] is None) == layer["done"] for layer in answer["layers"])
    return found


async def test_each_layer_is_named_until_it_is_done(world: World) -> None:
    """A new link lacks members and an ad account; each step completes a layer, and unlinking reopens one."""
    await world.link(world.mia)
    mine, advertiser = f"{world.accounts}/{world.mia.id}", world.cast.advertisers[0]
    assert await layers(world) == {"authorization": True, "members": False, "ad_accounts": False}
    assert (await world.alice.put(f"{mine}/ad-accounts/{advertiser}")).status_code == 204
    assert await layers(world) == {"authorization": True, "members": False, "ad_accounts": True}
    assert await put(world.alice, f"{mine}/members/{world.bob.id}", {"roles": ["POST"]}) == 204
    assert await layers(world) == {"authorization": True, "members": True, "ad_accounts": True}
    assert (await world.alice.delete(f"{mine}/ad-accounts/{advertiser}")).status_code == 204
    assert not (await layers(world))["ad_accounts"]


async def test_missing_permissions_are_named(world: World) -> None:
    """The first layer says which permissions Spark Ads still need."""
    await world.link(world.mia, "existing_posts")
    answer = (await world.alice.get(f"{world.accounts}/{world.mia.id}/layers")).json()
    assert answer["layers"][0]["missing"] == ["new_videos_ads_only"]
    assert "Publish and manage new videos" in answer["layers"][0]["next_step"]


async def test_an_operator_counts_as_a_member(world: World) -> None:
    """Once an ad account is linked, whoever operates it can use the account; an analyst cannot."""
    await world.link(world.mia, *ALL)
    advertiser = world.cast.advertisers[0]
    role = f"/business-centers/{world.bc_id}/ad-accounts/{advertiser}/members/{world.bob.id}"
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{advertiser}")
    assert await put(world.alice, role, {"role": "analyst"}) == 204
    assert not (await layers(world))["members"]
    assert (await world.bob.get(f"{world.accounts}/{world.mia.id}/lives")).status_code == 403
    assert await put(world.alice, role, {"role": "operator"}) == 204
    assert (await layers(world))["members"]
    assert (await world.bob.get(f"{world.accounts}/{world.mia.id}/lives")).status_code == 200


@pytest.mark.parametrize(("what", "permission"), GATES.items())
async def test_each_permission_opens_its_own_gate(world: World, what: str, permission: str) -> None:
    """What is not granted is refused, even to admins; what is granted works until it is turned off."""
    authorization = await world.link(world.mia, *(value for value in ALL if value != permission))
    path = f"{world.accounts}/{world.mia.id}/{what}"
    refused = await world.alice.get(path)
    assert problem_of(refused) == (403, "permission-not-granted")
    authorization = await world.link(world.mia, *ALL)
    assert (await world.alice.get(path)).status_code == 200
    narrowed = f"/me/linked-businesses/{authorization['authorization_id']}"
    kept = [value for value in ALL if value != permission]
    assert (await world.mia.call("PATCH", narrowed, {"permissions": kept})).status_code == 200
    assert problem_of(await world.alice.get(path)) == (403, "permission-not-granted")
    await world.mia.delete(narrowed)
    assert problem_of(await world.alice.get(path)) == (404, "not-found")


async def test_gmv_max_says_why_it_is_unavailable(world: World) -> None:
    """LIVE GMV Max is available to its holder, occupied for others, and unauthorized where nobody asked for it."""
    path = f"{world.accounts}/{world.mia.id}/gmv-max"
    await world.link(world.mia, "existing_posts")
    assert (await world.bob.get(path)).json() == {"available": False, "unavailable_reason": "UNAUTHORIZED"}
    await world.link(world.mia, "live_gmv_max", by=world.charlie)
    assert (await world.bob.get(path)).json() == {"available": False, "unavailable_reason": "OCCUPIED"}
    assert (await world.charlie.get(path.replace(world.bc_id, world.other_bc_id))).json()["available"]


async def test_roles_follow_what_is_granted(world: World) -> None:
    """A role needs its permission: without it nobody can give the role, and a role given earlier has no effect."""
    authorization = await world.link(world.mia, *ALL)
    mine = f"{world.accounts}/{world.mia.id}/members"
    every = {"roles": ["DIRECT_MESSAGE", "LIVE", "POST"]}
    assert await put(world.alice, f"{mine}/{world.bob.id}", every) == 204
    assert (await world.bob.get(mine)).json()["items"][0]["roles"] == ["POST", "LIVE", "DIRECT_MESSAGE"]
    narrowed = f"/me/linked-businesses/{authorization['authorization_id']}"
    await world.mia.call("PATCH", narrowed, {"permissions": ["live_videos"]})
    assert (await world.bob.get(mine)).json()["items"][0]["roles"] == ["LIVE"]
    refused = await world.alice.call("PUT", f"{mine}/{world.bob.id}", {"roles": ["DIRECT_MESSAGE"]})
    assert problem_of(refused) == (403, "permission-not-granted")
    assert "Message ads" in refused.json()["detail"]


async def test_assignments_end_with_the_link(world: World) -> None:
    """After a revocation and a new link, no member is assigned any more."""
    authorization = await world.link(world.mia)
    mine = f"{world.accounts}/{world.mia.id}/members"
    await put(world.alice, f"{mine}/{world.bob.id}", {"roles": ["POST"]})
    await world.mia.delete(f"/me/linked-businesses/{authorization['authorization_id']}")
    await world.link(world.mia)
    assert (await world.alice.get(mine)).json()["items"] == []


async def test_messages_are_kept(world: World) -> None:
    """Message settings are off at first and then stay as somebody set them."""
    await world.link(world.mia, "message_ads")
    path = f"{world.accounts}/{world.mia.id}/messages"
    assert (await world.alice.get(path)).json() == {"enabled": False, "welcome_text": ""}
    wanted = {"enabled": True, "welcome_text": "Hello! Bread?"}
    assert await put(world.alice, path, wanted) == 200
    assert (await world.alice.get(path)).json() == wanted


async def test_insights_do_not_count_deleted_posts(world: World) -> None:
    """A deleted post no longer counts."""
    await world.link(world.mia, "manage_account")
    path = f"{world.accounts}/{world.mia.id}/insights"
    before = (await world.alice.get(path)).json()["post_count"]
    first = (await world.mia.get("/me/posts")).json()["items"][0]["post_id"]
    assert (await world.mia.delete(f"/me/posts/{first}")).status_code == 204
    assert (await world.alice.get(path)).json()["post_count"] == before - 1
