"""The audit log is append-only, and any change to it is detected."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.actor import SYSTEM
from server.events import service
from server.events.tables import events
from shared.events import EventType
from tests.server.world import ABSENT, Template, World, running

COLUMNS = [column.name for column in events.columns]


@pytest.fixture
async def sabotaged(own_database_url: str, prepare_database: Template, tmp_path: Path) -> AsyncIterator[World]:
    """Run a server with some history whose triggers were dropped."""
    async with running(own_database_url, tmp_path, prepare_database.cast(own_database_url)) as world:
        await world.link(world.mia)
        await world.link(world.leo)
        if own_database_url.startswith("sqlite"):
            for verb in ("update", "delete"):
                await world.sql(f"DROP TRIGGER events_no_{verb}")
        else:
            await world.sql("DROP TRIGGER events_append_only ON events")
        yield world


async def _findings(world: World) -> list[service.Finding]:
    return (await world.database.read(service.verify))[1]


async def _undoing(world: World, change: Callable[[sa.Connection], object]) -> list[service.Finding]:
    """Return what `verify` finds after a change, then undo the change."""

    class Undo(Exception):
        pass

    found: list[service.Finding] = []

    def run(connection: sa.Connection) -> None:
        change(connection)
        found.extend(service.verify(connection)[1])
        raise Undo

    with pytest.raises(Undo):
        await world.database.write(run)
    return found


def _row(world: World, sequence: int) -> Any:
    return sa.and_(events.c.chain == f"bc:{world.bc_id}", events.c.sequence == sequence)


async def test_every_change_is_found(sabotaged: World) -> None:
    """A change to any column of any row, even by one character, is found in the row's own chain."""
    assert await _findings(sabotaged) == []
    rows = await sabotaged.sql("SELECT chain, sequence FROM events")
    changes = {name: sa.literal_column(f"{name} || ' '") for name in COLUMNS}
    changes["sequence"] = events.c.sequence + 1_000
    changes["at"] = sa.type_coerce(sa.literal_column('"at" + 1'), events.c.at.type)
    changes["actor_id"] = changes["bc_id"] = changes["account_id"] = sa.literal(ABSENT)
    changes["data"] = sa.literal({"forged": True}, type_=events.c.data.type)
    assert set(changes) == set(COLUMNS)
    for chain, sequence in rows:
        for name, value in changes.items():

            def change(
                connection: sa.Connection, chain: str = chain, sequence: int = sequence, name: str = name
            ) -> None:
                mine = sa.and_(events.c.chain == chain, events.c.sequence == sequence)
                changed = connection.execute(sa.update(events).where(mine).values({name: changes[name]}))
                assert changed.rowcount == 1

            assert await _undoing(sabotaged, change), (chain, sequence, name, value)
    assert await _findings(sabotaged) == []


async def test_missing_rows_are_found(sabotaged: World) -> None:
    """Deleting the first, a middle or the last row, or a whole chain, is found."""
    last: int = await sabotaged.scalar("SELECT max(sequence) FROM events WHERE bc_id = :bc", bc=sabotaged.bc_id)
    for sequence in (1, last // 2, last):
        found = await _undoing(
            sabotaged, lambda connection, n=sequence: connection.execute(sa.delete(events).where(_row(sabotaged, n)))
        )
        assert found, sequence
    everything = sa.delete(events).where(events.c.chain == f"bc:{sabotaged.bc_id}")
    assert await _undoing(sabotaged, lambda connection: connection.execute(everything))


async def test_swapped_and_inserted_rows_are_found(sabotaged: World) -> None:
    """Swapped rows, an inserted row and a row moved to another chain are found."""

    def swap(connection: sa.Connection) -> None:
        for old, new in ((2, 9_999), (3, 2), (9_999, 3)):
            connection.execute(sa.update(events).where(_row(sabotaged, old)).values(sequence=new))

    def insert(connection: sa.Connection) -> None:
        (row,) = connection.execute(sa.select(events).where(_row(sabotaged, 3)))
        forged = {**row._mapping, "event_id": ABSENT, "sequence": 9_999}
        connection.execute(sa.insert(events), forged)

    def move_to_another_chain(connection: sa.Connection) -> None:
        last = sa.select(sa.func.max(events.c.sequence)).where(events.c.chain == f"bc:{sabotaged.bc_id}")
        mine = _row(sabotaged, connection.execute(last).scalar_one())
        connection.execute(sa.update(events).where(mine).values(chain=f"bc:{ABSENT}", sequence=1))

    for change in (swap, insert, move_to_another_chain):
        assert await _undoing(sabotaged, change), change.__name__


async def test_a_forged_row_with_a_right_hash_is_found(sabotaged: World) -> None:
    """Recomputing the hash of a changed row does not help, because the next row contains the old one."""

    def forge(connection: sa.Connection) -> None:
        (row,) = connection.execute(sa.select(events).where(_row(sabotaged, 2)))
        forged = {**row._mapping, "actor_name": "Nobody at all"}
        values = {"actor_name": "Nobody at all", "hash": service.row_hash(forged)}
        connection.execute(sa.update(events).where(_row(sabotaged, 2)).values(values))

    (finding,) = await _undoing(sabotaged, forge)
    assert (finding.sequence, finding.what) == (3, "the row does not follow the one before it")


@pytest.mark.parametrize("statement", ["UPDATE events SET actor_name = 'x'", "DELETE FROM events"])
async def test_the_database_refuses_to_change_history(world: World, statement: str) -> None:
    """Not even the program itself can change or delete an event."""
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        await world.sql(statement)
    assert await _findings(world) == []


async def test_concurrent_writers_leave_no_gap(world: World) -> None:
    """200 events written to two chains at once are numbered without gaps or duplicates."""

    def write(connection: sa.Connection, number: int) -> None:
        bc_id = (world.bc_id, world.other_bc_id)[number % 2]
        service.record(connection, SYSTEM, EventType.DEMO_SEEDED, bc_id=bc_id, data={"number": number})

    before = {bc_id: await world.database.read(service.head, bc_id) for bc_id in (world.bc_id, world.other_bc_id)}
    await asyncio.gather(*(world.database.write(write, number) for number in range(200)))
    for bc_id, head in before.items():
        numbers = [
            row.sequence
            for row in await world.sql("SELECT sequence FROM events WHERE bc_id = :bc ORDER BY 1", bc=bc_id)
        ]
        assert numbers == list(range(1, head + 101))
    assert await _findings(world) == []


async def test_a_refusal_leaves_no_event(world: World) -> None:
    """An event that is rolled back is not in the log, and its number is still free."""
    head = await world.database.read(service.head, world.bc_id)

    def write_and_fail(connection: sa.Connection) -> None:
        service.record(connection, SYSTEM, EventType.DEMO_SEEDED, bc_id=world.bc_id)
        raise LookupError

    with pytest.raises(LookupError):
        await world.database.write(write_and_fail)
    assert await world.database.read(service.head, world.bc_id) == head
    assert await _findings(world) == []


async def test_each_change_writes_one_event(world: World) -> None:
    """Every step of the story leaves exactly one row, with actor and subject."""
    authorization = await world.link(world.mia)
    path = f"{world.accounts}/{world.mia.id}"
    for call in ("PUT", "DELETE"):
        await world.alice.call(call, f"{path}/ad-accounts/{world.cast.advertisers[0]}")
    await world.mia.delete(f"/me/linked-businesses/{authorization['authorization_id']}")
    kinds = [event["type"] for event in reversed(await world.log())]
    assert kinds[2:] == [
        "member.added",
        "link_request.created",
        "link_request.scanned",
        "link_request.approved",
        "ad_account.linked",
        "ad_account.unlinked",
        "authorization.revoked",
    ]


def test_every_event_type_has_a_sentence() -> None:
    """The console and the CLI have a sentence for each type of event."""
    assert len({happened.sentence for happened in EventType}) == len(EventType)
