"""Page through lists, newest first. The cursor of the next page is the id of the last row on this one."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def newest_first(
    connection: sa.Connection, query: sa.Select[Any], by: sa.ColumnElement[str], cursor: str | None, limit: int
) -> tuple[Sequence[sa.Row[Any]], str | None]:
    """Return up to `limit` rows after the cursor, and the next cursor or None. `by` is the id column of `query`."""
    if cursor:
        query = query.where(by < cursor)
    rows = connection.execute(query.order_by(None).order_by(by.desc()).limit(limit + 1)).all()
    return rows[:limit], getattr(rows[limit - 1], str(by.key)) if len(rows) > limit else None
