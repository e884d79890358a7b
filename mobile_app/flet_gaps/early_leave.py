"""End the connection of a tab that leaves at a moment for which Flet is not prepared.

A tab may leave before it has said who it is: Flet would wait for it without end. It may leave while something is sent
to it: Flet would stop at that failure and keep the session taken, and whoever reloads would be logged out.
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
        with suppress(OSError):  # the session learns of the leaving from what it receives
            await send(message)

    patience = asyncio.timeout(None)
    try:
        async with patience:
            await flet(scope, next_message, send_or_drop)
    except TimeoutError:
        if not patience.expired():
            raise
