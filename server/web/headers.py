"""Plain ASGI middleware: security headers on every answer, and a limit on request bodies."""

import re
from contextlib import suppress
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.problems import TooLarge, problem_response

BODY_LIMIT_BYTES: Final = 64 * 1024
UPLOAD_LIMIT_BYTES: Final = 31 * 1024 * 1024  # 30 MB of picture or video, and the fields around it
_UPLOADS: Final = re.compile(r"/api/v1/me/posts|/bc/[0-9]+/ads/new/push")

_STRICT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
# Flutter's web client compiles WebAssembly, sets styles from script and runs workers from blobs.
_COMPANION: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' ws: wss: data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
_COMMON: Final = [
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
]
# In the demo, the presenter page has the console and the app in frames; it is in no frame itself.
_NEVER_FRAMED: Final = ("/api/", "/demo", "/healthz", "/metrics")


def _framed_by_us(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() != b"content-security-policy":
        return name, value
    return name, value.replace(b"frame-ancestors 'none'", b"frame-ancestors 'self'")


class SecurityHeaders:
    """Adds what THREATS asks of every answer; a header that the answer already has is left alone."""

    def __init__(self, app: ASGIApp, secure: bool, demo: bool = False) -> None:
        """`secure` says that people reach us by https, today and later; in a `demo` our own pages may be framed."""
        self._app = app
        self._demo = demo
        common = [*_COMMON]
        if secure:
            common.append((b"strict-transport-security", b"max-age=63072000; includeSubDomains"))
        self._page = [*common, (b"content-security-policy", _STRICT.encode())]
        self._companion = [*common, (b"content-security-policy", _COMPANION.encode())]
        self._api = [*self._page, (b"cache-control", b"no-store")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        extra = self._api if path.startswith("/api/") else self._page
        if path == "/app" or path.startswith("/app/"):
            extra = self._companion

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in extra if pair[0] not in present)]
                if self._demo and not path.startswith(_NEVER_FRAMED):
                    message["headers"] = [_framed_by_us(*pair) for pair in message["headers"]]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _counted(receive: Receive, limit_bytes: int) -> Receive:
    """Return a `receive` that raises `TooLarge` as soon as more has come than is allowed."""
    size = 0

    async def receive_counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit_bytes:
            raise TooLarge(limit_bytes=limit_bytes)
        return message

    return receive_counted


class BodyLimit:
    """Refuses bodies over 64 KiB before anything parses them; the two routes that take a file allow 31 MiB."""

    def __init__(self, app: ASGIApp, limit_bytes: int = BODY_LIMIT_BYTES) -> None:
        """Take the limit in bytes."""
        self._app = app
        self._limit = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse by the declared length, or as soon as more has come than declared."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "DELETE", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        is_upload = _UPLOADS.fullmatch(scope["path"]) is not None
        limit = UPLOAD_LIMIT_BYTES if is_upload else self._limit
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        if is_upload:  # not kept here: who sends it is checked first, and what comes goes into a file
            with suppress(ClientDisconnect):
                await self._app(scope, _counted(receive, limit), send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > limit:
                await self._refuse(limit, scope, receive, send)
                return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, replay, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        await problem_response(TooLarge(limit_bytes=limit))(scope, receive, send)
