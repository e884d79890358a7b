"""How a service function runs: `Database.read` and `Database.write`, whatever the database behind them.

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
    """What the rest of the server uses of a database."""

    after_commit: AfterCommit

    async def read(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` on a consistent view of the data; it must not write."""
        ...

    async def write(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` in a transaction and return its value once that is durable.

        `job` may run more than once; each time but the last, its changes to the database are undone.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted, then release everything."""
        ...


def remember(connection: sa.Connection, event: Any) -> None:
    """Keep an event for `after_commit`; a rollback drops it."""
    connection.info.setdefault("events", []).append(event)


def take_remembered(connection: sa.Connection) -> list[Any]:
    """Return and forget the events of the current job."""
    events: list[Any] = connection.info.pop("events", [])
    return events


def nobody_listens(events: Sequence[Any]) -> None:
    """Ignore events: the default for `after_commit`."""


def tell(after_commit: AfterCommit, events: Sequence[Any]) -> None:
    """Pass committed events to the listener; if it fails, callers still get their answers."""
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
    """Insert a row, or update the one with the same key (by default the primary key). Safe under concurrency."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    key = key or [column.name for column in table.primary_key]
    replaced = {name: value for name, value in values.items() if name not in key}
    connection.execute(insert(table).values(values).on_conflict_do_update(index_elements=key, set_=replaced))
