"""Run one service function against the database from a shell, beside a running server or without one."""

import asyncio
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server import db
from server.db import Job, P, T
from server.settings import Settings
from server.sqlite import make_engine

_ORIGIN_FILE = "origin.txt"


class Failure(Exception):
    """Something that the person at the shell can put right; the text says how."""


def settings_from_environment(**overrides: Any) -> Settings:
    """Read the settings; see `Settings` for what is refused."""
    return Settings(**overrides)


def remember_origin(settings: Settings) -> None:
    """Note the address that is being served, so that commands beside the server make codes for it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    (settings.data_dir / _ORIGIN_FILE).write_text(settings.origin, encoding="utf-8")


def served_origin(settings: Settings) -> str:
    """Return the address that codes carry: the one set, the one last served, or the default."""
    noted = settings.data_dir / _ORIGIN_FILE
    if settings.base_url is None and noted.exists():
        return noted.read_text(encoding="utf-8").strip()
    return settings.origin


def address_is_a_guess(settings: Settings) -> bool:
    """Say whether no server was started with this data directory yet, and nobody has named an address."""
    return settings.base_url is None and not (settings.data_dir / _ORIGIN_FILE).exists()


def run_job(settings: Settings, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `job` in one transaction and return its value after the commit.

    Raises:
        Failure: there is no database yet.
        Problem: what the job itself refuses.
    """
    url = settings.resolved_database_url
    if db.is_postgres(url):
        return asyncio.run(_on_postgres(url, job, *args, **kwargs))
    path = Path(sa.make_url(url).database or "")
    if not path.exists():
        raise Failure(
            f"There is no database at {path} yet. Run “sparklink migrate” first, or set SPARKLINK_DATA_DIR "
            "to the folder of the server you mean."
        )
    with make_engine(url).begin() as connection:
        return job(connection, *args, **kwargs)


async def _on_postgres(url: str, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    database = db.open_database(url)
    try:
        return await database.write(job, *args, **kwargs)
    finally:
        await database.close()
