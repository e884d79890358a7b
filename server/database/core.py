"""Run service functions through `Database.read` and `Database.write`, on either database.

A service function is `(connection, ...) -> value`. `sqlite.py` and `postgres.py` decide how it runs, and only they
commit. An answer leaves the server only after the commit.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

P = ParamSpec("P")
T = TypeVar("T")
Connection = sa.Connection  # the type, for modules that hold no SQL
Job = Callable[Concatenate[sa.Connection, P], T]
AfterCommit = Callable[[Sequence[Any]], None]

log = logging.getLogger(__name__)


class Database(Protocol):
    """The database as the rest of the server sees it."""

    after_commit: AfterCommit

    async def read(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` on a consistent view of the data; it must not write."""
        ...

    async def write(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` in a transaction and return its value once the commit is durable.

        `job` may run more than once; each time but the last, its changes to the database are undone.
        """
        ...

    async def close(self) -> None:
        """Finish all accepted jobs, then release everything."""
        ...


def remember(connection: sa.Connection, event: Any) -> None:
    """Keep an event for `after_commit`; a rollback drops it."""
    connection.info.setdefault("events", []).append(event)


def take_remembered(connection: sa.Connection) -> list[Any]:
    """Return the events of the current job and forget them."""
    events: list[Any] = connection.info.pop("events", [])
    return events


def nobody_listens(events: Sequence[Any]) -> None:
    """Do nothing: the default for `after_commit`."""


def tell(after_commit: AfterCommit, events: Sequence[Any]) -> None:
    """Pass committed events to a listener. Its errors are only logged, since the commit has succeeded."""
    try:
        if events:
            after_commit(events)
    except Exception:
        log.exception("committed events could not be passed on")


def insert_if_absent(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; return whether it was inserted. Safe under concurrency."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return connection.execute(insert(table).values(values).on_conflict_do_nothing()).rowcount == 1


def insert_or_replace(
    connection: sa.Connection, table: sa.Table, values: dict[str, Any], key: Sequence[str] = ()
) -> None:
    """Insert a row, or update the one with the same key (default: primary key). Safe under concurrency."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    key = key or [column.name for column in table.primary_key]
    replaced = {name: value for name, value in values.items() if name not in key}
    connection.execute(insert(table).values(values).on_conflict_do_update(index_elements=key, set_=replaced))
