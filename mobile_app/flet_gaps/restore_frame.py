"""Receive the saved session that a tab sends before its first message of Flet's protocol.

Flet's client cannot send data of our own when it connects, so our page first sends a binary frame of type 2; Flet uses
types 0 and 1 and drops any other. `assets/web/shell.js` has the other end.
"""

from contextvars import ContextVar
from typing import Final

from starlette.types import Message, Receive

FRAME_TYPE: Final = b"\x02"
FRAME_BYTES: Final = 4096


def taking_saved_session(receive: Receive, saved_session: ContextVar[str]) -> Receive:
    """Return a `receive` that puts such a frame into `saved_session`; Flet starts the session in the same task."""

    async def next_message() -> Message:
        while True:
            message = await receive()
            content = message.get("bytes") or b""
            if not content.startswith(FRAME_TYPE):
                return message
            if len(content) <= FRAME_BYTES:
                saved_session.set(content[1:].decode("ascii", "replace"))

    return next_message
