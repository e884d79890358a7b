"""The connection of a browser's tab, where flet's own way with it needs care: what is said before, and how it ends."""

import asyncio
import logging
from contextvars import ContextVar
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)
# Before it speaks flet's protocol (types 0 and 1), our page may say where its tab was: type 2.
PLACE_FRAME: Final = b"\x02"
PLACE_BYTES: Final = 4096
LEAVE_SECONDS: Final = 2  # flet ends a session in a few turns of the loop; less than a stopping server waits


def without_place(receive: Receive, brought: ContextVar[str]) -> Receive:
    """Take out what our page says about its place; flet's session begins in the same task and finds it there."""

    async def next_message() -> Message:
        while True:
            message = await receive()
            content = message.get("bytes") or b""
            if not content.startswith(PLACE_FRAME):
                return message
            if len(content) <= PLACE_BYTES:
                brought.set(content[1:].decode("ascii", "replace"))

    return next_message


async def serve_socket(flet: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a tab until it leaves. Flet would wait without end for one that left before it had said who it is."""
    gone = asyncio.Event()

    async def next_message() -> Message:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            gone.set()
        return message

    serving = asyncio.ensure_future(flet(scope, next_message, _while_it_stands(send)))
    leaving = asyncio.ensure_future(gone.wait())
    try:
        await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if gone.is_set():
            await asyncio.wait({serving}, timeout=LEAVE_SECONDS)
        if serving.done():
            serving.result()
    finally:
        serving.cancel()
        leaving.cancel()


def _while_it_stands(send: Send) -> Send:
    """Drop what is sent to a device that is leaving: its session hears of that by what it receives, or stays taken."""

    async def send_or_drop(message: Message) -> None:
        try:
            await send(message)
        except OSError as error:
            log.debug("nobody there to send to: %r", error)

    return send_or_drop
