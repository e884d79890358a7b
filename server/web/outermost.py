"""Our only layer around the whole application. It does what every request and every answer needs."""

from contextlib import suppress
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.web import errors, languages
from server.web.headers import SecurityHeaders
from shared.languages import speaking

# The files of the companion app and the Business API answer HEAD themselves.
_ANSWERS_HEAD: Final = ("/app/", "/open_api/")


class _HeadersSent(OSError, ClientDisconnect):
    """Stops an answer to HEAD that continues after its headers. Starlette treats it as a lost client."""


class Outermost:
    """Sets the person's language, adds the security headers, and answers HEAD like GET.

    It surrounds Starlette's own answer to a defect and its refusal of a large body, so both get the headers.
    """

    def __init__(self, app: ASGIApp, secure_cookies: bool, secure: bool, demo: bool) -> None:
        """Take the application; `languages.Chooser` and `SecurityHeaders` explain the rest."""
        self._app = app
        self._languages = languages.Chooser(secure_cookies)
        self._headers = SecurityHeaders(secure, demo)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request in and its answer out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD" and not scope["path"].startswith(_ANSWERS_HEAD):
            # RFC 9110, 9.3.2 and 14.2: the same answer without its content; ranges belong to GET.
            headers = [pair for pair in scope["headers"] if pair[0] != b"range"]
            scope, send = {**scope, "method": "GET", "headers": headers}, _headers_only(send)
        send = self._headers.adding(scope["path"], send)
        send = self._languages.remembering(scope, send)
        with speaking(languages.of_request(scope)), suppress(ClientDisconnect):
            await self._app(scope, receive, errors.in_our_words(scope, receive, send))


def _headers_only(send: Send) -> Send:
    async def send_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif message.get("more_body", False):
            raise _HeadersSent

    return send_headers
