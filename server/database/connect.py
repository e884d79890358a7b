"""Open the database at a URL, or run one job on it from a shell."""

import asyncio

from server.database import postgres, sqlite
from server.database.core import Database, Job, P, T


def open_database(url: str) -> Database:
    """Open `sqlite:///PATH` or `postgresql://...`.

    Raises:
        AlreadyOpen: another process has this SQLite file open.
    """
    if postgres.is_postgres(url):
        return postgres.PostgresDatabase(url)
    return sqlite.SqliteDatabase(url)


def run_once(url: str, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `job` in one transaction and return its value after the commit. A server may be running.

    For callers without an event loop.
    """
    if postgres.is_postgres(url):
        return asyncio.run(_write_once(url, job, *args, **kwargs))
    return sqlite.run_once(url, job, *args, **kwargs)


async def _write_once(url: str, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    database = open_database(url)
    try:
        return await database.write(job, *args, **kwargs)
    finally:
        await database.close()
