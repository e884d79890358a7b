"""HEAD for every address that takes GET (RFC 9110, 9.3.2): the same answer without its content.

FastAPI answers 405, and naming both methods at each route would describe each operation of the API twice.
"""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _Enough(OSError):
    """Stops an answer that goes on after its headers; an OSError is what a lost client looks like to Starlette."""


class HeadRequests:
    """Has HEAD answered as GET, and ends the answer after its headers: a stream is not waited for."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application with the routes."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the companion app's files answer HEAD by themselves, without being read."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"].startswith("/app/"):
            await self._app(scope, receive, send)
            return

        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            elif message.get("more_body", False):
                raise _Enough

        try:
            headers = [pair for pair in scope["headers"] if pair[0] != b"range"]  # RFC 9110, 14.2: of GET alone
            await self._app({**scope, "method": "GET", "headers": headers}, receive, send_headers)
        except (_Enough, ClientDisconnect):
            return
