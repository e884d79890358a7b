"""End the connection of a tab that leaves before it has said who it is; Flet would wait for it without end."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAVE_SECONDS: Final = 2  # Flet ends a session in a few turns of the loop; a stopping server waits longer


async def serve_until_left(flet: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a tab until it leaves."""
    left = asyncio.Event()

    async def next_message() -> Message:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            left.set()
        return message

    serving = asyncio.ensure_future(flet(scope, next_message, send))
    leaving = asyncio.ensure_future(left.wait())
    try:
        await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if left.is_set():
            await asyncio.wait({serving}, timeout=LEAVE_SECONDS)
        if serving.done():
            serving.result()
    finally:
        serving.cancel()
        leaving.cancel()
