"""The periodic loop: expires requests, deletes old rows, and picks up other processes' events. It contains no rules."""

import asyncio
import logging
from typing import Final

from server.auth import service as auth
from server.business_api import apps, calls
from server.database.core import Database
from server.events.stream import LiveFeed
from server.link_requests import service as link_requests
from server.problems import Problem

TICK_SECONDS: Final = 1.0
POLL_EVERY: Final = 2
FORGET_CALLS_EVERY: Final = 60
SESSIONS_EVERY: Final = 600
log = logging.getLogger(__name__)


async def run(database: Database, feed: LiveFeed, call_log: calls.CallLog) -> None:
    """Tick once a second until cancelled. The loop survives errors, such as an unavailable database."""
    tick = 0
    while True:
        try:
            await _tick(database, feed, call_log, tick)
        except Problem as problem:
            log.warning("the periodic loop skipped a tick: %s", problem.title)
        except Exception:
            log.exception("the periodic loop failed and continues")
        tick += 1
        await asyncio.sleep(TICK_SECONDS)


async def _tick(database: Database, feed: LiveFeed, call_log: calls.CallLog, tick: int) -> None:
    if await database.read(link_requests.any_due):
        await database.write(link_requests.expire_due)
    if tick % POLL_EVERY == 0:
        await feed.poll(database)
    await call_log.flush(database)
    if tick % FORGET_CALLS_EVERY == 0 and await database.read(calls.any_to_forget):
        await database.write(calls.forget_old)
    if tick % SESSIONS_EVERY == 0:
        await database.write(auth.delete_expired_sessions)
        await database.write(apps.forget_codes)
