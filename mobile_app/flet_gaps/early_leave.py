"""End the connection of a tab that leaves when Flet is not prepared for it.

If a tab leaves before it has said who it is, Flet waits for it forever. If it leaves while Flet sends it something,
Flet stops at that failure and keeps the session taken, so that a reload logs the person out.
"""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAVE_SECONDS: Final = 2  # Flet ends a session in a few turns of the loop; a stopping server waits longer


async def serve_until_left(flet: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a tab until it leaves."""

    async def next_message() -> Message:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            patience.reschedule(asyncio.get_running_loop().time() + LEAVE_SECONDS)
        return message

    async def send_or_drop(message: Message) -> None:
        with suppress(OSError):  # what the session receives tells it that the tab has left
            await send(message)

    patience = asyncio.timeout(None)
    try:
        async with patience:
            await flet(scope, next_message, send_or_drop)
    except TimeoutError:
        if not patience.expired():
            raise
