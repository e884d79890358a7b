"""Members join and leave: invitations, roles and the last admin."""

import asyncio

import pytest

from server.actor import Actor
from server.business_centers import people
from server.problems import NotFound
from tests.server.world import World, problem_of, slowly


async def test_an_invitation_makes_a_member_once(world: World) -> None:
    """An invitation's link is shown once, makes a member with the offered role, and then no longer works."""
    center = f"/business-centers/{world.bc_id}"
    made = (await world.alice.post(f"{center}/invitations", {"email": "Dora@Example.test"})).json()
    token = made["url"].partition("#")[2]
    listed = (await world.alice.get(f"{center}/invitations")).json()["items"]
    assert [(item["email"], item["role"], item["url"]) for item in listed] == [("dora@example.test", "standard", None)]
    assert await world.database.read(people.find_invitation, token) == ("Northwind Coffee", "dora@example.test", False)
    assert await world.database.write(people.accept, token, "Dora", "hashed") == world.bc_id
    members = (await world.alice.get(f"{center}/members")).json()["items"]
    assert ("Dora", "standard") in [(member["name"], member["role"]) for member in members]
    assert (await world.alice.get(f"{center}/invitations")).json()["items"] == []
    again = await world.alice.post(f"{center}/invitations", {"email": "dora@example.test"})
    assert problem_of(again) == (409, "already-a-member")


async def test_a_withdrawn_invitation_is_dead(world: World) -> None:
    """A withdrawn invitation cannot be accepted."""
    center = f"/business-centers/{world.bc_id}"
    made = (await world.alice.post(f"{center}/invitations", {"email": "dora@example.test"})).json()
    path = f"{center}/invitations/{made['invitation_id']}"
    assert (await world.charlie.delete(path)).status_code == 404
    assert (await world.alice.delete(path)).status_code == 204
    token = made["url"].partition("#")[2]
    try:
        await world.database.write(people.accept, token, "Dora", "hashed")
    except people.NotFound:
        return
    raise AssertionError("a withdrawn invitation was accepted")


async def test_withdrawing_and_accepting_at_once(world: World) -> None:
    """Accepting an invitation while it is being withdrawn makes no member."""
    center = f"/business-centers/{world.bc_id}"
    made = (await world.alice.post(f"{center}/invitations", {"email": "dora@example.test"})).json()
    token = made["url"].partition("#")[2]
    alice = Actor("member", world.alice.id, "Alice Moreno")

    async def accept() -> None:
        await asyncio.sleep(0.05)
        with pytest.raises(NotFound):
            await world.database.write(people.accept, token, "Dora", "hashed")

    withdrawing = slowly(people.withdraw)
    await asyncio.gather(
        world.database.write(withdrawing, alice, world.bc_id, made["invitation_id"]),
        accept(),
    )
    members = (await world.alice.get(f"{center}/members")).json()["items"]
    assert "Dora" not in [member["name"] for member in members]


async def test_the_last_admin_stays(world: World) -> None:
    """The only admin can neither leave nor step down; of two admins who remove each other at once, one stays."""
    members = f"/business-centers/{world.bc_id}/members"
    step_down = {"role": "standard"}
    alice, bob = f"{members}/{world.alice.id}", f"{members}/{world.bob.id}"
    assert problem_of(await world.alice.delete(alice)) == (409, "last-admin")
    assert problem_of(await world.alice.call("PATCH", alice, step_down)) == (409, "last-admin")
    assert (await world.alice.call("PATCH", bob, {"role": "admin"})).status_code == 204
    answers = await asyncio.gather(world.alice.delete(bob), world.bob.delete(alice))
    assert sorted(answer.status_code for answer in answers) in ([204, 404], [204, 409])
    left = await world.scalar("SELECT count(*) FROM members WHERE bc_id = :id AND role = 'admin'", id=world.bc_id)
    assert left == 1


async def test_a_removed_member_has_no_rights_left(world: World) -> None:
    """A removed member's session opens nothing of the Business Center, and the member's roles are gone."""
    await world.link(world.mia)
    await world.alice.call("PUT", f"{world.accounts}/{world.mia.id}/members/{world.bob.id}", {"roles": ["POST"]})
    advertiser = world.cast.advertisers[0]
    role = f"/business-centers/{world.bc_id}/ad-accounts/{advertiser}/members"
    await world.alice.call("PUT", f"{role}/{world.bob.id}", {"role": "operator"})
    assert (await world.alice.delete(f"/business-centers/{world.bc_id}/members/{world.bob.id}")).status_code == 204
    assert (await world.bob.get(f"/business-centers/{world.bc_id}")).status_code == 404
    assert (await world.alice.get(role)).json()["items"] == []
    assert (await world.alice.get(f"{world.accounts}/{world.mia.id}/members")).json()["items"] == []
