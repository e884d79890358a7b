"""PostgreSQL through asyncpg: READ COMMITTED, a connection pool, and retries after conflicts."""

import asyncio
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction, create_async_engine

from server.database.core import AfterCommit, Job, P, T, nobody_listens, take_remembered, tell
from server.problems import DatabaseUnavailable, MalformedRequest, OutcomeUnknown, Problem

POOL_SIZE: Final = 16
POOL_WAIT_SECONDS: Final = 30  # 850 simultaneous approvals take seconds on a small machine; waiting beats refusing
RETRIES: Final = 8
# serialization_failure, deadlock_detected, and unique_violation: a key that appeared between our check and our insert
_RETRYABLE: Final = frozenset({"40001", "40P01", "23505"})


class PostgresDatabase:
    """See `server.database.core.Database`; every transaction is retried on 40001, 40P01 and 23505."""

    def __init__(self, url: str) -> None:
        """Take a `postgresql://` URL. Connections open when first needed."""
        self.after_commit: AfterCommit = nobody_listens
        self._engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=POOL_WAIT_SECONDS,
            pool_pre_ping=False,
            isolation_level="READ COMMITTED",
            hide_parameters=True,  # keeps values out of logged errors
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
    # A commit is never retried: it may have succeeded although its answer was lost. An error that the database itself
    # reports means that it failed; classes 08 and 57 are lost connections and servers that stop.
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
    if state.startswith("22"):  # a value that PostgreSQL cannot store, such as text with a NUL
        return MalformedRequest(what="A value in the request cannot be stored. Correct it and send it again.")
    if state[:2] in {"08", "57", "53"} or state == "25006" or isinstance(error, InterfaceError | OperationalError):
        return DatabaseUnavailable(retry_after_seconds=2)
    return error


def async_url(url: str) -> str:
    """Return the URL with asyncpg as its driver."""
    return str(sa.make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False))


def is_postgres(url: str) -> bool:
    """Return whether the URL is that of a PostgreSQL database."""
    return sa.make_url(url).get_backend_name() in {"postgresql", "postgres"}


async def run_once(url: str, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `job` in one transaction on its own connection, without a time limit. For migrations."""
    engine = create_async_engine(async_url(url), poolclass=sa.NullPool)
    async with engine.begin() as connection:
        return await connection.run_sync(job, *args, **kwargs)
