"""The only clock: every time that is stored or compared comes from here, aware and in UTC."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current time, aware, UTC, with microseconds."""
    return datetime.now(UTC)
