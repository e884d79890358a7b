"""Migrate a database to this program's schema; refuse a newer one."""

import asyncio
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from server.database import postgres, sqlite
from server.database.schema import metadata

_ADVISORY_LOCK: Final = 7_312_451_001  # two servers that start together must not migrate at the same time


class NewerSchema(Exception):
    """A newer version of the program has migrated the database."""


def configuration(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration, which needs no file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def upgrade(connection: sa.Connection) -> str:
    """Migrate to the newest revision in the transaction of `connection`; return that revision.

    Raises:
        NewerSchema: the database is at a revision that this program does not know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    config = configuration(connection)
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerSchema(
            f"The database is at revision {current}, which this version does not know. "
            "Start the newer version again, or restore a backup made by this one."
        )
    command.upgrade(config, "head")
    head = scripts.get_current_head()
    assert head is not None
    return head


def upgrade_url(url: str) -> str:
    """Migrate the database at `url`; see `upgrade`. For callers without an event loop."""
    if postgres.is_postgres(url):
        return asyncio.run(postgres.run_once(url, upgrade))
    Path(sa.make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return sqlite.run_once(url, upgrade)
