"""A job runs on either database completely or not at all, and nobody gets an answer before the commit."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from server.actor import SYSTEM
from server.business_centers.tables import users
from server.clock import utc_now
from server.database.connect import open_database
from server.database.core import Database
from server.database.postgres import RETRIES
from server.events import service as events
from server.problems import DatabaseUnavailable, MalformedRequest, OutcomeUnknown, Problem
from shared.events import EventType
from shared.problems import ProblemType
from tests.server.conftest import RefilledPostgres


class Kept(Problem):
    """A refusal that keeps its record."""

    type, status, title, detail = ProblemType.BUSY, 409, "Kept", "Kept."
    commits = True


class Dropped(Problem):
    """An ordinary refusal."""

    type, status, title, detail = ProblemType.BUSY, 409, "Dropped", "Dropped."


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open a database without an application."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


def add_user(connection: sa.Connection, user_id: str, error: Exception | None = None) -> str:
    """Insert a row, then raise `error` if there is one."""
    row = {"user_id": user_id, "email": f"{user_id}@example.test", "name": user_id, "password_hash": ""}
    connection.execute(sa.insert(users), {**row, "created_at": utc_now()})
    if error is not None:
        raise error
    return user_id


async def present(database: Database, *user_ids: str) -> set[str]:
    """Return the ids whose rows exist."""
    query = sa.select(users.c.user_id).where(users.c.user_id.in_(user_ids))
    return set(await database.read(lambda connection: connection.execute(query).scalars().all()))


async def test_a_successful_job_is_kept(database: Database) -> None:
    """A successful job's value comes back, and the next reader finds its rows."""
    assert await database.write(add_user, "1") == "1"
    assert await present(database, "1") == {"1"}


@pytest.mark.parametrize("error", [Dropped(), LookupError("defect")], ids=["refusal", "defect"])
async def test_a_job_that_fails_leaves_nothing(database: Database, error: Exception) -> None:
    """A failed job's writes are undone, and its caller gets the error."""
    with pytest.raises(type(error)) as raised:
        await database.write(add_user, "1", error)
    assert raised.value is error
    assert await present(database, "1") == set()


async def test_some_refusals_keep_their_record(database: Database) -> None:
    """A refusal with `commits` set is answered after its writes are committed."""
    with pytest.raises(Kept):
        await database.write(add_user, "1", Kept())
    assert await present(database, "1") == {"1"}


def _record(connection: sa.Connection, error: Exception | None = None) -> None:
    events.record(connection, SYSTEM, EventType.DEMO_SEEDED, account_id="1")
    if error is not None:
        raise error


async def test_listeners_hear_what_was_committed(database: Database) -> None:
    """Listeners get events once, after the commit, and get none from a failed job."""
    received: list[Any] = []
    database.after_commit = received.extend
    await database.write(_record)
    for error in (Dropped(), LookupError()):
        with pytest.raises(type(error)):
            await database.write(_record, error)
    with pytest.raises(Kept):
        await database.write(_record, Kept())
    assert [event.sequence for event in received] == [1, 2]


async def test_a_failing_listener_does_not_spoil_the_answer(database: Database) -> None:
    """A committed job is answered as such even if its listener fails."""

    def fail(received: Sequence[Any]) -> None:
        raise RuntimeError("a defect of the listener")

    database.after_commit = fail
    async with asyncio.timeout(10):
        await database.write(_record)
    assert await database.read(events.verify) == ((await database.read(events.verify))[0], [])


async def test_errors_show_no_values(database: Database) -> None:
    """The text of a database error, which is logged, does not contain the values."""
    await database.write(add_user, "1")

    def clash(connection: sa.Connection) -> None:
        row = {"user_id": "2", "email": "1@example.test", "name": "", "password_hash": "canary-hash"}
        connection.execute(sa.insert(users), {**row, "created_at": utc_now()})
        connection.execute(sa.text("SELECT :canary FROM no_such_table"), {"canary": "canary-hash"})

    with pytest.raises(Exception) as raised:  # noqa: PT011 - the type depends on the database
        await database.write(clash)
    assert "canary-hash" not in f"{raised.value}{raised.value.__cause__}"


# --- PostgreSQL -----------------------------------------------------------------------------------


@pytest.fixture
async def postgres(refilled_postgres: RefilledPostgres) -> AsyncIterator[Database]:
    """Open a PostgreSQL database."""
    refilled_postgres.refill()
    opened = open_database(refilled_postgres.url)
    yield opened
    await opened.close()


class Meeting:
    """Let two transactions each take a lock before either continues; from the second attempt on nobody waits."""

    def __init__(self) -> None:
        self.attempts = 0
        self._both = asyncio.Event()

    def meet(self) -> None:
        """Wait, inside a job, until the other job is here."""
        self.attempts += 1
        if self.attempts == 2:
            self._both.set()
        sa.util.await_only(self._both.wait())


def _rename(connection: sa.Connection, user_id: str, name: str) -> None:
    connection.execute(sa.update(users).where(users.c.user_id == user_id).values(name=users.c.name + name))


async def test_a_deadlock_is_retried(postgres: Database) -> None:
    """Two transactions that wait for each other both succeed in the end (40P01)."""
    for user_id in ("1", "2"):
        await postgres.write(add_user, user_id)
    meeting = Meeting()

    def job(connection: sa.Connection, first: str, second: str) -> None:
        _rename(connection, first, "x")
        meeting.meet()
        _rename(connection, second, "x")

    await asyncio.gather(postgres.write(job, "1", "2"), postgres.write(job, "2", "1"))
    names = await postgres.read(lambda connection: connection.execute(sa.select(users.c.name)).scalars().all())
    assert {"1xx", "2xx"} <= set(names)
    assert meeting.attempts == 3


async def test_a_serialization_failure_is_retried(postgres: Database) -> None:
    """A transaction that another one overtook runs again with the current data (40001)."""
    await postgres.write(add_user, "1")
    meeting = Meeting()

    def job(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(sa.select(users.c.name)).all()
        meeting.meet()
        _rename(connection, "1", "x")

    await asyncio.gather(postgres.write(job), postgres.write(job))
    query = sa.select(users.c.name).where(users.c.user_id == "1")
    assert await postgres.read(lambda connection: connection.execute(query).scalar_one()) == "1xx"
    assert meeting.attempts == 3


async def test_retries_end(postgres: Database) -> None:
    """A transaction that never gets through is refused as unavailable."""
    attempts = 0

    def job(connection: sa.Connection) -> None:
        nonlocal attempts
        attempts += 1
        connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")

    with pytest.raises(DatabaseUnavailable):
        await postgres.write(job)
    assert attempts == RETRIES


async def test_values_that_cannot_be_stored(postgres: Database) -> None:
    """Text that contains NUL is the caller's mistake, not the server's."""
    with pytest.raises(MalformedRequest):
        await postgres.write(add_user, "1\x00")


async def test_lost_connections_are_replaced(postgres: Database, refilled_postgres: RefilledPostgres) -> None:
    """Connections that the database has closed are replaced without anybody noticing."""
    await asyncio.gather(*(postgres.write(add_user, str(number)) for number in range(20)))
    others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
    refilled_postgres.run(f"{others} AND pid <> pg_backend_pid()")
    assert await present(postgres, "1", "2") == {"1", "2"}
    assert await postgres.write(add_user, "99") == "99"


@pytest.fixture
def lost_at_commit(refilled_postgres: RefilledPostgres) -> Iterator[None]:
    """Cut the connection while it commits a new user, after everything before has succeeded."""
    cut = "BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END"
    refilled_postgres.run(
        f"CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ {cut} $$; "
        "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION cut()"
    )
    yield
    refilled_postgres.run("DROP TRIGGER cut ON users; DROP FUNCTION cut()")


@pytest.mark.usefixtures("lost_at_commit")
async def test_a_commit_without_an_answer_is_unknown(postgres: Database) -> None:
    """A connection lost during the commit leaves the outcome unknown, and the job does not run again."""
    runs: list[str] = []

    def job(connection: sa.Connection) -> None:
        runs.append(add_user(connection, "1"))

    with pytest.raises(OutcomeUnknown) as raised:
        await postgres.write(job)
    assert runs == ["1"]
    assert "may or may not have been made" in raised.value.text
    assert await present(postgres, "1") == set()


async def test_a_database_that_does_not_answer() -> None:
    """A database that does not answer never confirms anything."""
    away = open_database("postgresql://nobody@/nothing?host=/no/such/directory")
    for run in (away.read, away.write):
        with pytest.raises(DatabaseUnavailable) as raised:
            await run(lambda connection: connection.exec_driver_sql("SELECT 1").scalar_one())
        assert raised.value.status == 503
        assert raised.value.headers()["Retry-After"] == "2"
    await away.close()


async def test_commits_are_durable(postgres: Database) -> None:
    """The connection in use really has the settings that an acknowledgement depends on."""
    for name, value in (("synchronous_commit", "on"), ("transaction_isolation", "read committed")):
        shown = await postgres.write(lambda connection, n=name: connection.exec_driver_sql(f"SHOW {n}").scalar_one())
        assert shown == value
