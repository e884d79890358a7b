"""Run a service function on the database from a shell, whether or not a server is running."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.database import postgres
from server.database.connect import run_once
from server.database.core import Job, P, T
from server.settings import OperatorError, Settings

_ORIGIN_FILE = "origin.txt"


def settings_from_environment(**overrides: Any) -> Settings:
    """Read the settings; `Settings` rejects invalid ones."""
    return Settings(**overrides)


def remember_origin(settings: Settings) -> None:
    """Record the served address, so that other commands make codes for it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    (settings.data_dir / _ORIGIN_FILE).write_text(settings.origin, encoding="utf-8")


def served_origin(settings: Settings) -> str:
    """Return the address in codes: the configured one, the one last served, or the default."""
    noted = settings.data_dir / _ORIGIN_FILE
    if settings.base_url is None and noted.exists():
        return noted.read_text(encoding="utf-8").strip()
    return settings.origin


def address_is_a_guess(settings: Settings) -> bool:
    """Return whether no server has used this data directory yet and no address is configured."""
    return settings.base_url is None and not (settings.data_dir / _ORIGIN_FILE).exists()


def run_job(settings: Settings, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `job` in one transaction and return its value after the commit.

    Raises:
        OperatorError: there is no database yet.
        Problem: the job refused.
    """
    url = settings.resolved_database_url
    path = Path(sa.make_url(url).database or "")
    if not postgres.is_postgres(url) and not path.exists():
        raise OperatorError(
            f"There is no database at {path} yet. Run “sparklink migrate” first, or set SPARKLINK_DATA_DIR "
            "to the folder of the server you mean."
        )
    return run_once(url, job, *args, **kwargs)
