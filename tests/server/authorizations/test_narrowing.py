"""An owner turns permissions off: immediately, visibly to the business, and until a new code grants them again."""

import asyncio

from server.actor import Actor
from server.authorizations.gate import PermissionNotGranted, require_use
from server.console import words
from server.events import service as events
from server.problems import NotFound
from shared import wire
from shared.permissions import Permission
from tests.server.world import SPARK, Person, World, problem_of

THREE = [*SPARK, "live_gmv_max"]


async def narrow(owner: Person, authorization: dict[str, object], *permissions: str) -> tuple[int, dict[str, object]]:
    """Keep only these permissions; return status and body."""
    answer = await owner.call("PATCH", _path(authorization), {"permissions": permissions})
    body: dict[str, object] = answer.json()
    return answer.status_code, body


def _path(authorization: dict[str, object]) -> str:
    return f"/me/linked-businesses/{authorization['authorization_id']}"


async def _allowed(world: World, permission: Permission) -> bool:
    alice = Actor("member", world.alice.id, "Alice Moreno")

    def ask(connection: object) -> bool:
        try:
            require_use(connection, alice, world.bc_id, world.mia.id, permission)  # type: ignore[arg-type]
        except (PermissionNotGranted, NotFound):
            return False
        return True

    return await world.database.read(ask)


async def test_turning_off_takes_effect_immediately(world: World) -> None:
    """The next use is refused, everything else keeps working, and both sides see the same permissions."""
    linked = await world.link(world.mia, *THREE)
    assert await _allowed(world, Permission.LIVE_GMV_MAX)
    status, now = await narrow(world.mia, linked, "new_videos_ads_only", "existing_posts")
    assert (status, now["permissions"], now["requested"]) == (200, SPARK, linked["requested"])
    assert str(now["updated_at"]) > str(linked["updated_at"])
    assert now["granted_at"] == linked["granted_at"]
    assert not await _allowed(world, Permission.LIVE_GMV_MAX)
    assert await _allowed(world, Permission.EXISTING_POSTS)
    row = (await world.alice.get(f"{world.accounts}/{world.mia.id}")).json()
    assert row["permissions"]["granted"] == SPARK
    assert (await world.mia.get(_path(linked))).json() == now


async def test_the_business_sees_one_event(world: World) -> None:
    """One event says who turned off what; turning the same off again changes and records nothing."""
    linked = await world.link(world.mia, *THREE)
    _, first = await narrow(world.mia, linked, *SPARK)
    before = await world.log()
    assert (before[0]["type"], before[0]["actor_id"]) == ("authorization.narrowed", world.mia.id)
    assert before[0]["data"] == {
        "authorization_id": linked["authorization_id"],
        "permissions": SPARK,
        "removed": ["live_gmv_max"],
        "handle": "mia.bakes",
    }
    event = wire.EventRow.model_validate(before[0])
    assert words.sentence(event) == "Permissions turned off by the account owner"
    assert words.about(event).endswith("LIVE GMV Max")
    assert await narrow(world.mia, linked, *SPARK) == (200, first)
    assert await world.log() == before
    _, findings = await world.database.read(events.verify)
    assert findings == []


async def test_turning_on_needs_a_new_code(world: World) -> None:
    """What is off stays off, whether it was granted before or never requested, and nothing else changes."""
    linked = await world.link(world.mia, *THREE)
    _, now = await narrow(world.mia, linked, "existing_posts")
    for wanted in (THREE, ["existing_posts", "showcase"], ["live_gmv_max"]):
        answer = await world.mia.call("PATCH", _path(linked), {"permissions": wanted})
        assert problem_of(answer) == (422, "invalid-permissions")
        assert "new QR code" in answer.json()["detail"]
    for malformed in ([], ["everything"], None):
        answer = await world.mia.call("PATCH", _path(linked), {"permissions": malformed})
        assert problem_of(answer) == (422, "malformed-request")
    assert (await world.mia.get(_path(linked))).json() == now
    again = await world.link(world.mia, *THREE)
    assert (again["authorization_id"], again["permissions"]) == (linked["authorization_id"], THREE)


async def test_the_exclusive_permission_is_free_again(world: World) -> None:
    """Once GMV Max is turned off for one Business Center, another can hold it."""
    linked = await world.link(world.mia, *THREE)
    code = await world.make_code("live_gmv_max", by=world.charlie)
    assert problem_of(await world.approve(world.mia, code)) == (409, "permission-occupied")
    await narrow(world.mia, linked, *SPARK)
    assert (await world.approve(world.mia, code)).status_code == 200


async def test_an_ended_link_can_be_read_but_not_changed(world: World) -> None:
    """After a revocation the detail says when the link ended, and narrowing it finds nothing."""
    linked = await world.link(world.mia, *SPARK)
    assert linked["ended_at"] is None
    await world.mia.delete(_path(linked))
    ended = (await world.mia.get(_path(linked))).json()
    assert ended["ended_at"] is not None
    assert ended["permissions"] == SPARK
    assert problem_of(await world.mia.call("PATCH", _path(linked), {"permissions": SPARK})) == (404, "not-found")


async def test_narrowing_at_once_never_widens(world: World) -> None:
    """Of two opposite changes at once one wins, and the other learns that its choice is already off."""
    linked = await world.link(world.mia, *SPARK)
    answers = await asyncio.gather(*(narrow(world.mia, linked, permission) for permission in SPARK))
    assert sorted(status for status, _ in answers) == [200, 422]
    (winner,) = (body["permissions"] for status, body in answers if status == 200)
    assert (await world.mia.get(_path(linked))).json()["permissions"] == winner
