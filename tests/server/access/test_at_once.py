"""Admins change the same member at the same time: every change succeeds, and the last one counts."""

import asyncio

import pytest

from server.actor import Actor
from server.ad_accounts import members as ad_roles
from server.authorizations import gated
from server.authorizations import members as account_members
from server.business_centers import people
from server.problems import NotFound
from shared import wire
from shared.wire import AccountRole, AdRole
from tests.server.world import World, slowly

TIMES = 12


def _alice(world: World) -> Actor:
    return Actor("member", world.alice.id, "Alice Moreno")


async def test_roles_on_an_ad_account_given_at_once(world: World) -> None:
    """However many admins give a member a role on an ad account at once, each succeeds and one role remains."""
    roles = [AdRole.OPERATOR, AdRole.ANALYST] * (TIMES // 2)
    place = (_alice(world), world.bc_id, world.cast.advertisers[0], world.bob.id)
    await asyncio.gather(*(world.database.write(slowly(ad_roles.set_member), *place, role) for role in roles))
    left = await world.database.read(ad_roles.list_members, *place[:3])
    assert [member.role in roles for member in left.items] == [True]
    assert [row["type"] for row in await world.log()].count("ad_account.role_set") == TIMES


async def test_accounts_assigned_at_once(world: World) -> None:
    """The same is true for the roles on a TikTok account."""
    await world.link(world.mia)
    place = (_alice(world), world.bc_id, world.mia.id, world.bob.id)
    given = [[AccountRole.POST], []] * (TIMES // 2)
    await asyncio.gather(*(world.database.write(slowly(account_members.assign), *place, roles) for roles in given))
    left = await world.database.read(account_members.list_members, *place[:3])
    assert [member.roles in given for member in left.items] == [True]


async def test_messages_set_and_people_invited_at_once(world: World) -> None:
    """The same is true for an account's messages and for invitations of one person: only the last link works."""
    alice = _alice(world)
    await world.link(world.mia, "message_ads")
    settings = [wire.MessageSettings(enabled=True, welcome_text=f"Hello {number}") for number in range(TIMES)]
    setting = slowly(gated.set_messages)
    place = (alice, world.bc_id, world.mia.id)
    await asyncio.gather(*(world.database.write(setting, *place, wanted) for wanted in settings))
    assert await world.database.read(gated.get_messages, *place) in settings
    wanted = wire.Invite(email="dora@example.test")
    inviting = slowly(people.invite)
    made = await asyncio.gather(
        *(world.database.write(inviting, alice, world.bc_id, wanted, "https://x.test") for _ in range(TIMES))
    )
    tokens = [str(invitation.url).partition("#")[2] for invitation in made]
    assert [await _works(world, token) for token in tokens].count(True) == 1


async def _works(world: World, token: str) -> bool:
    try:
        await world.database.read(people.find_invitation, token)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("removed_first", [True, False])
async def test_a_removed_member_keeps_no_role(world: World, removed_first: bool) -> None:
    """A member who is removed while somebody gives them roles keeps none of them."""
    await world.link(world.mia)
    alice, bob = _alice(world), world.bob.id
    ad_place = (alice, world.bc_id, world.cast.advertisers[0], bob)

    async def give() -> None:
        await asyncio.sleep(0.05 * removed_first)
        for job, place, role in (
            (ad_roles.set_member, ad_place, AdRole.OPERATOR),
            (account_members.assign, (alice, world.bc_id, world.mia.id, bob), [AccountRole.POST]),
        ):
            try:
                await world.database.write(slowly(job), *place, role)
            except NotFound:
                continue

    async def remove() -> None:
        await asyncio.sleep(0.05 * (not removed_first))
        await world.database.write(slowly(account_members.remove_from_center), alice, world.bc_id, bob)

    await asyncio.gather(give(), remove())
    for table in ("ad_account_members", "account_members", "members"):
        assert await world.scalar(f"SELECT count(*) FROM {table} WHERE user_id = :id", id=bob) == 0, table
