"""The databases, and the only place that commits: `read()` and `write()` run plain service functions.

A service function is `(connection, ...) -> value`. How it runs is decided here: on SQLite on the event loop, writes
that wait as a group with one commit (see `server/sqlite.py`); on PostgreSQL on an asyncpg pool. An answer leaves only
after the commit.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction, create_async_engine

from server.problems import DatabaseUnavailable, MalformedRequest, OutcomeUnknown, Problem

P = ParamSpec("P")
T = TypeVar("T")
Job = Callable[Concatenate[sa.Connection, P], T]
AfterCommit = Callable[[Sequence[Any]], None]

log = logging.getLogger(__name__)
POOL_SIZE: Final = 16
POOL_WAIT_SECONDS: Final = 30  # 850 approvals at once take seconds on a small machine; waiting beats refusing
RETRIES: Final = 8
# serialization_failure, deadlock_detected, and a key that appeared between our look and our insert
_RETRYABLE: Final = frozenset({"40001", "40P01", "23505"})


class Database(Protocol):
    """What the rest of the server knows of a database."""

    after_commit: AfterCommit

    async def read(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` on a consistent view of the data; it must not write."""
        ...

    async def write(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` in a transaction and return its value once that is durable.

        It may run more than once: what it did before was undone, but for what it did outside of the database.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted, then release everything."""
        ...


def remember(connection: sa.Connection, event: Any) -> None:
    """Keep an event for `after_commit`; it is dropped if the transaction is."""
    connection.info.setdefault("events", []).append(event)


def take_remembered(connection: sa.Connection) -> list[Any]:
    """Return and forget the events of the current job."""
    events: list[Any] = connection.info.pop("events", [])
    return events


def nobody_listens(events: Sequence[Any]) -> None:
    """Stand in for a listener."""


def tell(after_commit: AfterCommit, events: Sequence[Any]) -> None:
    """Tell a listener what was committed; a listener that fails takes nobody's answer away."""
    try:
        if events:
            after_commit(events)
    except Exception:
        log.exception("what was committed could not be passed on")


def insert_if_absent(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; return whether it was inserted. Safe under concurrency."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return connection.execute(insert(table).values(values).on_conflict_do_nothing()).rowcount == 1


def insert_or_replace(
    connection: sa.Connection, table: sa.Table, values: dict[str, Any], key: Sequence[str] = ()
) -> None:
    """Insert a row, or put its values in the place of those under its key, the primary one. Safe under concurrency."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    key = key or [column.name for column in table.primary_key]
    replaced = {name: value for name, value in values.items() if name not in key}
    connection.execute(insert(table).values(values).on_conflict_do_update(index_elements=key, set_=replaced))


class PostgresDatabase:
    """PostgreSQL through asyncpg: READ COMMITTED, every transaction retried on 40001 and 40P01."""

    def __init__(self, url: str) -> None:
        """Take a `postgresql://` URL; connections are made when first needed."""
        self.after_commit: AfterCommit = nobody_listens
        self._engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=POOL_WAIT_SECONDS,
            pool_pre_ping=False,
            isolation_level="READ COMMITTED",
            hide_parameters=True,  # an error that is logged shows no values
            connect_args={"command_timeout": 10, "server_settings": {"synchronous_commit": "on"}},
        )

    async def read(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.read`."""
        return await self._run(False, job, *args, **kwargs)

    async def write(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.write`."""
        return await self._run(True, job, *args, **kwargs)

    async def close(self) -> None:
        """See `Database.close`."""
        await self._engine.dispose()

    async def _run(self, writes: bool, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(RETRIES):
            try:
                async with self._engine.connect() as connection:
                    value, events = await self._attempt(connection, writes, job, *args, **kwargs)
            except DBAPIError as error:
                if _sqlstate(error) not in _RETRYABLE and not error.connection_invalidated:
                    raise _translated(error) from error
                await asyncio.sleep(0.002 * 2**attempt)
            except (OSError, TimeoutError, sa.exc.TimeoutError) as error:
                raise DatabaseUnavailable(retry_after_seconds=2) from error
            else:
                tell(self.after_commit, events)
                return _unwrap(value)
        raise DatabaseUnavailable(retry_after_seconds=2)

    async def _attempt(
        self, connection: AsyncConnection, writes: bool, job: Job[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T | Problem, list[Any]]:
        def run(sync: sa.Connection) -> tuple[T | Problem, list[Any]]:
            take_remembered(sync)
            try:
                value: T | Problem = job(sync, *args, **kwargs)
            except Problem as problem:
                if not problem.commits:
                    raise
                value = problem
            return value, take_remembered(sync)

        async with connection.begin() as transaction:
            outcome = await connection.run_sync(run)
            if writes:
                await _commit(transaction)
        return outcome


async def _commit(transaction: AsyncTransaction) -> None:
    # Not to be tried again: it may have been kept although the answer was lost. An error that the database reports of
    # itself is a plain no; classes 08 and 57 are lost connections and servers that stop.
    try:
        await transaction.commit()
    except DBAPIError as error:
        state = _sqlstate(error)
        if state is None or state[:2] in {"08", "57"}:
            raise OutcomeUnknown from error
        raise
    except (OSError, TimeoutError) as error:
        raise OutcomeUnknown from error


def _unwrap(value: T | Problem) -> T:
    if isinstance(value, Problem):
        raise value
    return value


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)


def _translated(error: DBAPIError) -> Exception:
    # Class 08: connection trouble; 57: operator intervention; 53: out of resources; 25006: read only.
    state = _sqlstate(error) or ""
    if state.startswith("22"):  # a value that this database cannot hold, such as a text with NUL in it
        return MalformedRequest(what="A value in the request cannot be stored. Correct it and send it again.")
    if state[:2] in {"08", "57", "53"} or state == "25006" or isinstance(error, InterfaceError | OperationalError):
        return DatabaseUnavailable(retry_after_seconds=2)
    return error


def async_url(url: str) -> str:
    """Return the URL with the asyncpg driver named."""
    return str(sa.make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False))


def is_postgres(url: str) -> bool:
    """Say whether the URL names a PostgreSQL database."""
    return sa.make_url(url).get_backend_name() in {"postgresql", "postgres"}


def open_database(url: str) -> Database:
    """Open the database that `url` names: `sqlite:///PATH` or `postgresql://...`."""
    if is_postgres(url.replace("postgres://", "postgresql://", 1)):
        return PostgresDatabase(url.replace("postgres://", "postgresql://", 1))
    from server.sqlite import SqliteDatabase  # it is built on this module

    return SqliteDatabase(url)
