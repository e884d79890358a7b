"""SQLite: one writer thread with group commit, a few readers, and settings that survive a power cut.

Measured on a prototype of the approve transaction: a savepoint per job and one durable commit for all
jobs that wait costs about a sixth of the CPU of ORM sessions in a thread pool. `BEGIN IMMEDIATE` is what
keeps the limit of 800 exact; with plain `BEGIN` nearly every race is lost to "database is locked".
"""

import asyncio
import fcntl
import importlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from server.db import AfterCommit, Job, P, T, nobody_listens, take_remembered, tell
from server.problems import Busy, DatabaseUnavailable, Problem

QUEUE_LIMIT: Final = 10_000
BATCH_LIMIT: Final = 128
READERS: Final = 2
_FIXED_LINES: Final = ((3, 44, 6), (3, 50, 7))  # releases of older lines with the WAL-reset fix


class AlreadyOpen(Exception):
    """Another process has this database open; SQLite is served by one process only."""


def _driver() -> ModuleType:
    # The bundled SQLite of pysqlite3 is without the WAL-reset defect; Python's own often has it.
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")


def journal_mode(version: tuple[int, ...]) -> str:
    """Return WAL, or DELETE where SQLite has the WAL-reset defect (3.7.0 to 3.51.2 but for fixed lines)."""
    fixed = version >= (3, 51, 3) or any(line <= version < (line[0], line[1] + 1) for line in _FIXED_LINES)
    return "WAL" if fixed else "DELETE"


def make_engine(url: str, *, read_only: bool = False) -> sa.Engine:
    """Make an engine whose connections have the safe settings and begin with BEGIN IMMEDIATE to write."""
    driver = _driver()
    engine = sa.create_engine(
        url,
        module=driver,
        poolclass=sa.NullPool,
        connect_args={"check_same_thread": False},
        hide_parameters=True,  # an error that is logged shows no values
    )
    pragmas = [
        "busy_timeout=5000",
        f"journal_mode={journal_mode(driver.sqlite_version_info)}",
        "synchronous=FULL",  # NORMAL loses acknowledged rows in a power cut
        "foreign_keys=ON",
        "cache_size=-65536",
    ]
    if read_only:
        pragmas.append("query_only=ON")

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin by ourselves
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


@dataclass(slots=True)
class _Waiting:
    run: Callable[[sa.Connection], Any]
    answer: "asyncio.Future[Any]"
    value: Any = None
    error: BaseException | None = None
    events: list[Any] = field(default_factory=list)


class SqliteDatabase:
    """See `server.db.Database`."""

    def __init__(self, url: str) -> None:
        """Lock the database file for this process and start the writer.

        Raises:
            AlreadyOpen: another process has it.
        """
        self.after_commit: AfterCommit = nobody_listens
        path = Path(sa.make_url(url).database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _lock_file(path)
        self._write_engine = make_engine(url)
        self._read_engine = make_engine(url, read_only=True)
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(QUEUE_LIMIT)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-read")
        self._local = threading.local()
        self._open_readers: list[sa.Connection] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer = threading.Thread(target=self._write_loop, name="sqlite-write", daemon=True)
        self._writer.start()

    async def read(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.read`."""
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, lambda: self._read(lambda connection: job(connection, *args, **kwargs))
        )

    async def write(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.write`."""
        self._loop = asyncio.get_running_loop()
        waiting = _Waiting(lambda connection: job(connection, *args, **kwargs), self._loop.create_future())
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            raise Busy(retry_after_seconds=1) from None
        return await waiting.answer  # type: ignore[no-any-return]

    async def close(self) -> None:
        """See `Database.close`."""
        self._queue.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        for connection in self._open_readers:
            connection.close()
        self._lock.close()

    def _read(self, run: Callable[[sa.Connection], T]) -> T:
        connection: sa.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                connection = self._local.connection = self._read_engine.connect()
                self._open_readers.append(connection)
            with connection.begin():
                return run(connection)
        except OperationalError as error:
            raise DatabaseUnavailable(retry_after_seconds=2) from error

    def _write_loop(self) -> None:
        connection: sa.Connection | None = None
        stopping = False
        while not stopping:
            batch = self._next_batch()
            stopping = any(waiting is None for waiting in batch)
            jobs = [waiting for waiting in batch if waiting is not None]
            try:
                connection = connection or self._write_engine.connect()
                _run_batch(connection, jobs)
            except Exception as error:  # the commit, or the connection itself, failed: nobody gets a yes
                for waiting in jobs:
                    waiting.value, waiting.error, waiting.events = None, _translated(error), []
                _discard(connection)
                connection = None
            self._answer(jobs)
        _discard(connection)

    def _next_batch(self) -> list[_Waiting | None]:
        batch = [self._queue.get()]
        while len(batch) < BATCH_LIMIT:
            try:
                batch.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return batch

    def _answer(self, jobs: list[_Waiting]) -> None:
        events = [event for waiting in jobs for event in waiting.events]
        if self._loop is None or self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._deliver, jobs, events)

    def _deliver(self, jobs: list[_Waiting], events: list[Any]) -> None:
        tell(self.after_commit, events)
        for waiting in jobs:
            if waiting.answer.cancelled():
                continue
            if waiting.error is not None:
                waiting.answer.set_exception(waiting.error)
            else:
                waiting.answer.set_result(waiting.value)


def _run_batch(connection: sa.Connection, jobs: list[_Waiting]) -> None:
    """Run all jobs in one transaction, each in a savepoint, and commit; raises if that fails."""
    if not jobs:
        return
    with connection.begin():
        for waiting in jobs:
            _run_one(connection, waiting)


def _run_one(connection: sa.Connection, waiting: _Waiting) -> None:
    connection.exec_driver_sql("SAVEPOINT job")
    take_remembered(connection)
    try:
        waiting.value = waiting.run(connection)
    except Exception as error:
        waiting.error = _translated(error)
        if not (isinstance(error, Problem) and error.commits):
            connection.exec_driver_sql("ROLLBACK TO job")
            take_remembered(connection)
    connection.exec_driver_sql("RELEASE job")
    waiting.events = take_remembered(connection)


def _translated(error: Exception) -> Exception:
    return DatabaseUnavailable(retry_after_seconds=2) if isinstance(error, OperationalError) else error


def _discard(connection: sa.Connection | None) -> None:
    if connection is not None:
        connection.close()


def _lock_file(path: Path) -> IO[str]:
    lock = path.with_name(path.name + ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise AlreadyOpen(
            f"Another Sparklink process has {path.name} open. Stop it, or set SPARKLINK_DATA_DIR to another folder."
        ) from None
    return lock
