"""SQLite: safe settings, one process, and groups of jobs in one commit that do not harm each other."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from server.business_centers.tables import members
from server.clock import utc_now
from server.database import sqlite
from server.database.sqlite import AlreadyOpen, SqliteDatabase
from server.problems import Busy, DatabaseUnavailable
from tests.server.database.test_db import Dropped, Kept, add_user, present
from tests.server.world import Template
from tests.support.databases import SqliteFiles


@pytest.fixture
def url(sqlite_files: SqliteFiles, prepare_database: Template) -> str:
    """Return the URL of the test's own database."""
    return sqlite_files.create_database(prepare_database)


@pytest.fixture
async def database(url: str) -> AsyncIterator[SqliteDatabase]:
    """Open the test's own database."""
    opened = SqliteDatabase(url)
    yield opened
    await opened.close()


class Gate:
    """Delay a commit, so that all jobs that arrive during the delay form one batch."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._open = threading.Event()

    async def __aenter__(self) -> None:
        self._database._committer.submit(self._open.wait, 30)
        self._held = asyncio.create_task(self._database.write(str))  # waits behind it in the same thread
        for _ in range(3):
            await asyncio.sleep(0)

    async def __aexit__(self, *_: object) -> None:
        self._open.set()
        await self._held


async def submit(jobs: list[asyncio.Task[object]]) -> None:
    """Let each task put its job into the queue."""
    for _ in jobs:
        await asyncio.sleep(0)


async def test_settings_read_back(database: SqliteDatabase) -> None:
    """The connections in use really have the settings that protect acknowledged rows."""
    expected = {"synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "journal_mode": "wal", "query_only": 0}
    for name, value in expected.items():
        pragma = f"PRAGMA {name}"
        assert await database.write(lambda connection, p=pragma: connection.exec_driver_sql(p).scalar_one()) == value
    reading = await database.read(lambda connection: connection.exec_driver_sql("PRAGMA query_only").scalar_one())
    assert reading == 1
    with pytest.raises(DatabaseUnavailable):
        await database.read(add_user, "1")


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 53, 4), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_journal_mode_by_version(version: tuple[int, ...], mode: str) -> None:
    """The write-ahead log is used only with SQLite versions that do not have the WAL-reset defect."""
    assert sqlite.journal_mode(version) == mode


async def test_a_batch_is_one_commit(database: SqliteDatabase) -> None:
    """Jobs that wait together are committed together, and one that fails harms none of the others."""
    commits = 0

    def count(_connection: sa.Connection) -> None:
        nonlocal commits
        commits += 1

    sa.event.listen(database._write_engine, "commit", count)
    ids = [str(number) for number in range(sqlite.BATCH_LIMIT - 1)]
    failing: dict[str, Exception] = {"7": Dropped(), "8": LookupError(), "9": Kept()}
    async with Gate(database):
        jobs = [asyncio.create_task(database.write(add_user, id, failing.get(id))) for id in ids]
        jobs.append(asyncio.create_task(database.write(add_user, "0")))  # the same key a second time
        await submit(jobs)
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(answers[int(id)]) for id in failing] == [Dropped, LookupError, Kept]
    assert isinstance(answers[-1], sa.exc.IntegrityError)
    assert [answer for answer in answers if isinstance(answer, str)] == [id for id in ids if id not in failing]
    assert await present(database, *ids) == set(ids) - {"7", "8"}
    assert commits == 2, "one for the job at the gate and one for all that waited"


async def test_a_failed_commit_fails_every_job(database: SqliteDatabase) -> None:
    """If a batch cannot be committed, every caller gets the error and nothing is stored; the next batch works."""

    def break_at_commit(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        row = {"bc_id": "nowhere", "user_id": "nobody", "role": "admin", "added_at": utc_now()}
        connection.execute(sa.insert(members), row)

    async with Gate(database):
        jobs = [
            asyncio.create_task(database.write(add_user, "1")),
            asyncio.create_task(database.write(break_at_commit)),
            asyncio.create_task(database.write(add_user, "2", Kept())),
        ]
        await submit(list(jobs))
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(answer) for answer in answers] == [sa.exc.IntegrityError] * 3
    assert await present(database, "1", "2") == set()
    assert await database.write(add_user, "3") == "3"


async def test_a_transaction_that_sqlite_rolls_back_fails_every_job(database: SqliteDatabase) -> None:
    """If SQLite rolls a batch back, as on a full disk, every caller gets the error and nothing is stored."""

    def give_up(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise DatabaseUnavailable

    async with Gate(database):
        jobs = [
            asyncio.create_task(database.write(add_user, "1")),
            asyncio.create_task(database.write(give_up)),
            asyncio.create_task(database.write(add_user, "2")),
        ]
        await submit(list(jobs))
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(answer) for answer in answers] == [DatabaseUnavailable] * 3
    assert await present(database, "1", "2") == set()
    assert await database.write(add_user, "3") == "3"


@pytest.mark.parametrize(("failing", "runs"), [(None, 1), (Kept(), 1), (Dropped(), 2)])
async def test_only_what_must_be_undone_costs_a_second_run(
    database: SqliteDatabase, failing: Exception | None, runs: int
) -> None:
    """A batch runs again, one job at a time, only if a job failed after it had written something."""
    counted = 0

    def count(_connection: sa.Connection) -> None:
        nonlocal counted
        counted += 1

    def refuse(_connection: sa.Connection) -> None:
        raise Dropped

    async with Gate(database):
        jobs = [asyncio.create_task(job) for job in (database.write(count), database.write(refuse))]
        jobs.append(asyncio.create_task(database.write(add_user, "1", failing)))
        await submit(list(jobs))
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None), Dropped, type(failing) if failing else str]
    assert counted == runs
    assert await present(database, "1") == (set() if isinstance(failing, Dropped) else {"1"})


async def test_a_job_alone_in_its_batch_runs_once(database: SqliteDatabase) -> None:
    """A job that fails alone in its batch is undone with the transaction and does not run again."""
    runs = 0

    def fails(connection: sa.Connection) -> None:
        nonlocal runs
        runs += 1
        add_user(connection, "1", Dropped())

    with pytest.raises(Dropped):
        await database.write(fails)
    assert runs == 1
    assert await present(database, "1") == set()
    assert await database.write(add_user, "1") == "1"


async def test_a_full_queue_refuses(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that do not fit into the queue are refused immediately; queued jobs are done."""
    monkeypatch.setattr(sqlite, "QUEUE_LIMIT", 3)
    database = SqliteDatabase(url)
    async with Gate(database):
        jobs = [asyncio.create_task(database.write(add_user, str(number))) for number in range(5)]
        await submit(jobs)
        done = [job for job in jobs if job.done()]
        assert [type(job.exception()) for job in done] == [Busy, Busy]
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert answers[:3] == ["0", "1", "2"]
    assert await present(database, *"01234") == {"0", "1", "2"}
    await database.close()


async def test_a_caller_who_leaves_disturbs_nobody(database: SqliteDatabase) -> None:
    """A job whose caller has gone still runs, and the others get their answers."""
    async with Gate(database):
        jobs = [asyncio.create_task(database.write(add_user, str(number))) for number in range(3)]
        await submit(jobs)
        jobs[1].cancel()
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert (answers[0], answers[2]) == ("0", "2")
    assert await present(database, "0", "1", "2") == {"0", "1", "2"}


async def test_closing_finishes_what_was_accepted(url: str) -> None:
    """Queued jobs are done and answered before the database closes."""
    database = SqliteDatabase(url)
    jobs = [asyncio.create_task(database.write(add_user, str(number))) for number in range(50)]
    await submit(jobs)
    await database.close()
    assert await asyncio.gather(*jobs) == [str(number) for number in range(50)]


async def test_one_process_at_a_time(url: str) -> None:
    """Until the first server stops, a second one on the same file is refused with advice on what to do."""
    first = SqliteDatabase(url)
    with pytest.raises(AlreadyOpen, match=r"Another Sparklink process has sparklink\.db open\. Stop it, or set"):
        SqliteDatabase(url)
    await first.close()
    await SqliteDatabase(url).close()


async def test_a_lock_held_by_another_program(
    database: SqliteDatabase, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program keeps the database locked, writes are refused and reads work; later both work."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
    other = sqlite.make_engine(url).connect()
    locked = other.begin()
    with pytest.raises(DatabaseUnavailable):
        await database.write(add_user, "1")
    assert await present(database, "1") == set()
    locked.rollback()
    other.close()
    assert await database.write(add_user, "1") == "1"


async def test_waiting_for_a_lock_blocks_nobody_else(database: SqliteDatabase, url: str) -> None:
    """While a write waits for another program's lock, reads are answered; then the write succeeds."""
    other = sqlite.make_engine(url).connect()
    locked = other.begin()
    write = asyncio.create_task(database.write(add_user, "1"))
    for _ in range(20):
        await asyncio.sleep(0.01)
        assert await present(database, "1") == set()
    assert not write.done()
    locked.rollback()
    other.close()
    assert await write == "1"


async def test_a_read_that_fails_is_not_run_again(database: SqliteDatabase) -> None:
    """A read runs again only if it met a lock; any other error is reported immediately."""
    runs = 0

    def broken(connection: sa.Connection) -> None:
        nonlocal runs
        runs += 1
        connection.exec_driver_sql("SELECT * FROM nowhere")

    with pytest.raises(DatabaseUnavailable):
        await database.read(broken)
    assert runs == 1


async def test_a_read_that_meets_a_lock_is_run_again(
    database: SqliteDatabase, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read waits for a lock in a thread, not on the event loop that everybody else needs."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
    holder, other = (sqlite.make_engine(url).connect() for _ in range(2))
    locked = holder.begin()
    threads = []

    def meets_a_lock(_connection: sa.Connection) -> str:
        threads.append(threading.current_thread())
        if len(threads) == 1:
            other.begin()  # refused: the database is locked
        return "read"

    assert await database.read(meets_a_lock) == "read"
    assert threads[0] is threading.main_thread() is not threads[1]
    locked.rollback()
    for connection in (holder, other):
        connection.close()
