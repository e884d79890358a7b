"""The request log: who called what, and the answer. Developers look here first.

Calls wait in memory after their answers have left and are written together once a second, so the log delays no
call. Rows and memory are bounded: under a flood, the log loses calls instead of filling the disk.
"""

import asyncio
import logging
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from server.actor import Actor
from server.business_api.tables import access_tokens, api_calls
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.database.columns import new_id
from server.database.core import Database
from server.database.pages import newest_first
from server.problems import Problem
from shared import wire

BUFFER_LIMIT: Final = 2_000  # calls waiting to be written
KEPT: Final = 10_000  # rows for each Business Center, and for all callers without a valid token together
KEPT_FOR: Final = timedelta(days=30)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One call in the log. Its parameters and message contain no secrets."""

    bc_id: str | None
    token_id: str | None
    request_id: str
    at: datetime
    method: str
    endpoint: str
    code: int
    message: str
    parameters: dict[str, Any]
    duration_ms: int


class CallLog:
    """The running application's calls that wait to be written."""

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: deque[Call] = deque()
        self._lost = 0
        self._lock = asyncio.Lock()

    def add(self, call: Call) -> None:
        """Keep a call until the next `flush`. When the buffer is full, only count it as lost."""
        if len(self._waiting) < BUFFER_LIMIT:
            self._waiting.append(call)
        else:
            self._lost += 1

    async def flush(self, database: Database) -> None:
        """Write the waiting calls. Calls that cannot be written are lost, so that the log does not fill the memory."""
        async with self._lock:  # a reader of the log also waits for calls that another flush is writing
            batch, lost = list(self._waiting), self._lost
            self._waiting.clear()
            self._lost = 0
            if lost:
                log.warning("the request log has lost %d calls: more came than can be written", lost)
            try:
                if batch:
                    await database.write(store, batch)
            except Problem as problem:
                log.warning("the request log has lost %d calls: %s", len(batch), problem.title)
            except Exception:
                log.exception("the request log has lost %d calls", len(batch))


def store(connection: sa.Connection, calls: list[Call]) -> None:
    """Write calls and the time when each token was last used."""
    connection.execute(sa.insert(api_calls), [{"call_id": new_id(), **asdict(call)} for call in calls])
    used = {call.token_id: call.at for call in calls if call.token_id is not None}
    for token_id, at in sorted(used.items()):
        connection.execute(sa.update(access_tokens).where(access_tokens.c.token_id == token_id).values(last_used_at=at))


@dataclass(frozen=True, slots=True)
class Filters:
    """Which calls to list; empty filters list all."""

    endpoint: str = ""  # part of its path
    only_errors: bool = False
    token_id: str | None = None


_VIEW = sa.select(
    api_calls, access_tokens.c.name.label("token_name"), access_tokens.c.hint.label("token_hint")
).outerjoin(access_tokens, access_tokens.c.token_id == api_calls.c.token_id)


def list_calls(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    filters: Filters | None = None,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> wire.Page[wire.ApiCall]:
    """Return calls, newest first. Admins see all of the Business Center's calls, others those of their own tokens.

    Calls with an unknown token belong to no Business Center, so nobody sees them.
    """
    membership = business_centers.require_member(connection, actor, bc_id)
    wanted = filters or Filters()
    query = _VIEW.where(api_calls.c.bc_id == bc_id)
    if membership.role is not wire.Role.ADMIN:
        query = query.where(access_tokens.c.user_id == actor.subject_id)
    if wanted.endpoint:
        query = query.where(api_calls.c.endpoint.contains(wanted.endpoint, autoescape=True))
    if wanted.only_errors:
        query = query.where(api_calls.c.code != 0)
    if wanted.token_id:
        query = query.where(api_calls.c.token_id == wanted.token_id)
    rows, following = newest_first(connection, query, api_calls.c.call_id, cursor, limit)
    return wire.Page[wire.ApiCall](items=[wire.ApiCall(**row._mapping) for row in rows], next_cursor=following)


def any_to_forget(connection: sa.Connection) -> bool:
    """Return whether `forget_old` has anything to do. This is a read, so an idle server writes nothing."""
    old = sa.select(api_calls.c.call_id).where(api_calls.c.at < utc_now() - KEPT_FOR).limit(1)
    return connection.execute(old).first() is not None or bool(connection.execute(_crowded()).all())


def _crowded() -> sa.Select[Any]:
    return sa.select(api_calls.c.bc_id).group_by(api_calls.c.bc_id).having(sa.func.count() > KEPT)


def forget_old(connection: sa.Connection) -> int:
    """Delete calls over a month old, and all but each Business Center's newest `KEPT`; return how many."""
    count = connection.execute(sa.delete(api_calls).where(api_calls.c.at < utc_now() - KEPT_FOR)).rowcount
    for bc_id in connection.execute(_crowded()).scalars().all():
        mine = api_calls.c.bc_id.is_(None) if bc_id is None else api_calls.c.bc_id == bc_id
        newest = sa.select(api_calls.c.call_id).where(mine).order_by(api_calls.c.call_id.desc())
        first_too_many = connection.execute(newest.offset(KEPT).limit(1)).scalar_one()
        count += connection.execute(sa.delete(api_calls).where(mine, api_calls.c.call_id <= first_too_many)).rowcount
    return count
