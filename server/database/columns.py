"""Column types and ids that behave the same on SQLite (STRICT tables) and PostgreSQL."""

import json
import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Created once: `json.dumps` creates an encoder for every call with options.
_canonical: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
BIGINT: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Timestamp(TypeDecorator[datetime]):
    """An aware UTC time, stored as whole microseconds since 1970: exact, sortable, and the same on both databases."""

    impl = BIGINT
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Reject naive times, which would be interpreted in the machine's time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must carry its time zone")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the time, aware, UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Flag(TypeDecorator[bool]):
    """A bool, stored as 1 or 0: STRICT tables have no boolean type."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Store 1 or 0."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """Return a real bool."""
        return None if value is None else bool(value)


class JsonText(TypeDecorator[Any]):
    """A JSON value as canonical text: sorted keys and no spaces, so that equal values have equal bytes."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Serialise canonically."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Parse the stored text."""
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """Return the canonical JSON text of a value: sorted keys, no spaces, non-ASCII characters unescaped."""
    return _canonical(value)


class _Ids:
    """Generates increasing ids: each is greater than the one before, even within one millisecond."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> str:
        with self._lock:
            millisecond = time.time_ns() // 1_000_000 << 20
            # Random bits come from the system: fetch them once per millisecond, not for each id.
            self._last = self._last + 1 if self._last >= millisecond else millisecond | secrets.randbits(20)
            return str(self._last)


_ids = _Ids()


def new_id() -> str:
    """Return a 19-digit id: ordered by time, unique in this process, with 20 random bits against other processes.

    The vendor's ids have this form. They do not come from a sequence, so that a distributed database would work, too.
    """
    return _ids.next()


def identifier(name: str, *constraints: Any, primary_key: bool = False, nullable: bool = False) -> sa.Column[str]:
    """Declare a column for an id."""
    return sa.Column(name, sa.Text, *constraints, primary_key=primary_key, nullable=nullable)


def table(name: str, *items: Any, **options: Any) -> sa.Table:
    """Declare a table. It is STRICT on SQLite, so that a wrong type is an error there, too."""
    return sa.Table(name, metadata, *items, sqlite_strict=True, **options)
