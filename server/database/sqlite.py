"""SQLite: one writer with group commit, reads that never wait for it, and settings that survive a power cut.

One durable commit for all waiting jobs costs about a sixth of the CPU of ORM sessions in a thread pool (measured on a
prototype of the approve transaction). `BEGIN IMMEDIATE` keeps the limit of 800 exact; with plain `BEGIN`, nearly every
race is lost to "database is locked".

Jobs run on the event loop, because they read and write a few pages of a local file: handing each one to a thread and
back cost a third of an approval. Threads do what has to wait: the commit (for the disk), a lock held by another
program, and reads where there is no write-ahead log. docs/decisions/0010 has the measurements.
"""

import asyncio
import fcntl
import importlib
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from server.database.core import AfterCommit, Job, P, T, nobody_listens, take_remembered, tell
from server.database.prepared import DRIVER
from server.problems import Busy, DatabaseUnavailable, Problem

QUEUE_LIMIT: Final = 10_000
BATCH_LIMIT: Final = 32
READERS: Final = 2
BUSY_TIMEOUT_MS: Final = 5000
_FIXED_LINES: Final = ((3, 44, 6), (3, 50, 7))  # the first releases of older lines with the WAL-reset fix


class AlreadyOpen(Exception):
    """Another process has this database open. Only one process may serve a SQLite database."""


def _driver() -> ModuleType:
    # The SQLite in pysqlite3 does not have the WAL-reset bug; Python's own often has it.
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")


def journal_mode(version: tuple[int, ...]) -> str:
    """Return WAL, or DELETE if this SQLite has the WAL-reset bug (3.7.0 to 3.51.2, except the fixed lines)."""
    fixed = version >= (3, 51, 3) or any(line <= version < (line[0], line[1] + 1) for line in _FIXED_LINES)
    return "WAL" if fixed else "DELETE"


def make_engine(url: str, *, read_only: bool = False) -> sa.Engine:
    """Create an engine whose connections have safe settings and, to write, begin with BEGIN IMMEDIATE."""
    driver = _driver()
    engine = sa.create_engine(
        url,
        module=driver,
        poolclass=sa.NullPool,
        connect_args={"check_same_thread": False},
        hide_parameters=True,  # keeps values out of logged errors
    )
    pragmas = [
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"journal_mode={journal_mode(driver.sqlite_version_info)}",
        "synchronous=FULL",  # NORMAL loses acknowledged rows in a power cut
        "foreign_keys=ON",
        "cache_size=-65536",
    ]
    if read_only:
        pragmas.append("query_only=ON")

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the listener below, or `_read_on`, begins transactions
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    if not read_only:  # `_read_on` begins and ends the transactions of readers

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def connect(engine: sa.Engine) -> sa.Connection:
    """Open a connection on which prepared statements go straight to the driver."""
    connection = engine.connect()
    connection.info[DRIVER] = connection.connection.driver_connection
    return connection


def run_once(url: str, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `job` in one transaction on its own connection, even while a server has the database open."""
    with make_engine(url).begin() as connection:
        return job(connection, *args, **kwargs)


@dataclass(slots=True)
class _Waiting:
    run: Callable[[sa.Connection], Any]
    answer: "asyncio.Future[Any]"
    value: Any = None
    error: BaseException | None = None
    kept: bool = True  # its changes stay: it succeeded, or its refusal must be recorded
    events: list[Any] = field(default_factory=list)


class SqliteDatabase:
    """See `server.database.core.Database`."""

    def __init__(self, url: str) -> None:
        """Lock the database file for this process and open it.

        Raises:
            AlreadyOpen: another process has it.
        """
        self.after_commit: AfterCommit = nobody_listens
        path = Path(sa.make_url(url).database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _lock_file(path)
        self._write_engine = make_engine(url)
        self._read_engine = make_engine(url, read_only=True)
        self._waiting: deque[_Waiting] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._write_connection: sa.Connection | None = None
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-commit")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-read")
        self._local = threading.local()
        self._open_readers: list[sa.Connection] = []
        self._reader = self._open_reader() if journal_mode(_driver().sqlite_version_info) == "WAL" else None
        if self._reader is not None:
            self._reader.info[DRIVER].execute("PRAGMA busy_timeout=0")

    async def read(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.read`."""

        def run(connection: sa.Connection) -> T:
            return job(connection, *args, **kwargs)

        if self._reader is not None:
            try:
                return _read_on(self._reader, run)
            except OperationalError as error:
                if not _is_locked(error):
                    raise DatabaseUnavailable(retry_after_seconds=2) from error
        # Another program holds a lock, or there is no write-ahead log: a thread waits.
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, run)

    async def write(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.write`."""
        if len(self._waiting) >= QUEUE_LIMIT:
            raise Busy(retry_after_seconds=1)
        loop = asyncio.get_running_loop()
        waiting = _Waiting(lambda connection: job(connection, *args, **kwargs), loop.create_future())
        self._waiting.append(waiting)
        if self._writing is None or self._writing.done():
            self._writing = loop.create_task(self._write())
        return await waiting.answer  # type: ignore[no-any-return]

    async def close(self) -> None:
        """See `Database.close`."""
        if self._writing is not None:
            await self._writing
        self._committer.shutdown()
        self._readers.shutdown()
        for connection in [*self._open_readers, self._write_connection]:
            _discard(connection)
        self._lock.close()

    def _open_reader(self) -> sa.Connection:
        connection = connect(self._read_engine)
        self._open_readers.append(connection)
        return connection

    def _read(self, run: Callable[[sa.Connection], T]) -> T:
        connection: sa.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                connection = self._local.connection = self._open_reader()
            return _read_on(connection, run)
        except OperationalError as error:
            raise DatabaseUnavailable(retry_after_seconds=2) from error

    async def _write(self) -> None:
        """Run the waiting jobs, batch by batch, until none is left."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH_LIMIT, len(self._waiting)))]
            try:
                await self._commit_together(batch)
            except Exception as error:  # the commit or the connection failed: every job of the batch fails
                for waiting in batch:
                    waiting.value, waiting.error, waiting.events = None, _translated(error), []
                _discard(self._write_connection)
                self._write_connection = None
            self._deliver(batch)

    async def _commit_together(self, batch: list[_Waiting]) -> None:
        if self._write_connection is None:
            self._write_connection = connect(self._write_engine)
        connection = self._write_connection
        transaction = await self._begin(connection)
        if not all(_run_together(connection, waiting) for waiting in batch):
            transaction.rollback()
            if len(batch) == 1:
                return
            transaction = await self._begin(connection)
            for waiting in batch:
                _run_apart(connection, waiting)
        # Only waiting for the disk can move to another thread.
        await asyncio.get_running_loop().run_in_executor(self._committer, transaction.commit)

    async def _begin(self, connection: sa.Connection) -> sa.RootTransaction:
        driver = connection.info[DRIVER]
        driver.execute("PRAGMA busy_timeout=0")
        try:
            return connection.begin()
        except OperationalError:  # another program holds the lock: a thread waits for it, not the loop
            driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            return await asyncio.get_running_loop().run_in_executor(self._committer, connection.begin)
        finally:
            driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")

    def _deliver(self, batch: list[_Waiting]) -> None:
        tell(self.after_commit, [event for waiting in batch for event in waiting.events])
        for waiting in batch:
            if waiting.answer.cancelled():
                continue
            if waiting.error is not None:
                waiting.answer.set_exception(waiting.error)
            else:
                waiting.answer.set_result(waiting.value)


def _read_on(connection: sa.Connection, run: Callable[[sa.Connection], T]) -> T:
    """Run all reads of one job in one transaction, so that they see the same data."""
    driver = connection.info[DRIVER]
    driver.execute("BEGIN")
    try:
        return run(connection)
    finally:
        driver.execute("COMMIT")


def _run_together(connection: sa.Connection, waiting: _Waiting) -> bool:
    """Run one job of a batch; return False if it failed after changing something, so that the batch must be undone.

    There is no savepoint for each job: most refusals come before anything is written, and a savepoint makes SQLite copy
    every page that a job changes.
    """
    driver = connection.info[DRIVER]
    changes = driver.total_changes
    _run(connection, waiting)
    return waiting.kept or bool(driver.total_changes == changes)


def _run_apart(connection: sa.Connection, waiting: _Waiting) -> None:
    """Run one job of a rolled-back batch again, in a savepoint, so that it can be undone alone."""
    driver = connection.info[DRIVER]
    driver.execute("SAVEPOINT job")
    _run(connection, waiting)
    if not waiting.kept:
        driver.execute("ROLLBACK TO job")
    driver.execute("RELEASE job")


def _run(connection: sa.Connection, waiting: _Waiting) -> None:
    take_remembered(connection)
    waiting.value, waiting.error, waiting.kept = None, None, True
    try:
        waiting.value = waiting.run(connection)
    except Exception as error:
        if not connection.info[DRIVER].in_transaction:  # SQLite has undone the whole batch, as when the disk is full
            raise
        waiting.error = _translated(error)
        waiting.kept = isinstance(error, Problem) and error.commits
    waiting.events = take_remembered(connection) if waiting.kept else []


def _translated(error: Exception) -> Exception:
    return DatabaseUnavailable(retry_after_seconds=2) if isinstance(error, OperationalError) else error


def _is_locked(error: OperationalError) -> bool:
    # The low byte is the kind of error (BUSY or LOCKED), the others are its variant.
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


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
