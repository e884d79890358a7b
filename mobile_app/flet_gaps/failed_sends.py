"""Drop what is sent to a device that is leaving.

Flet lets the failure end its work on the connection before it has freed the session, so whoever reloads at that moment
gets a new session and is logged out. The session learns of the leaving from what it receives.
"""

import logging

from starlette.types import Message, Send

log = logging.getLogger(__name__)


def dropping_failed_sends(send: Send) -> Send:
    """Return a `send` that does not fail when nobody is there."""

    async def send_or_drop(message: Message) -> None:
        try:
            await send(message)
        except OSError as error:
            log.debug("nobody there to send to: %r", error)

    return send_or_drop
