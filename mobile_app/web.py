"""The companion app as a web page: the client from the installed flet_web, in our own shell, from this host alone.

Each file is read and compressed once, kept in memory, and tagged with its hash: a warm visit costs a few hundred bytes.
The page contacts no other host, because this one also serves the fonts that the client would fetch elsewhere.
"""

import asyncio
import gzip
import hashlib
import json
import mimetypes
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlsplit

import flet as ft
import flet_web.fastapi as flet_fastapi
import httpx
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mobile_app import texts
from mobile_app.app import make_main
from mobile_app.flet_gaps.early_leave import serve_until_left
from mobile_app.flet_gaps.restore_frame import taking_saved_session
from mobile_app.flet_gaps.web_client import client_file, in_our_shell
from mobile_app.state.app import Seal, Services
from mobile_app.state.client import Client
from mobile_app.state.storage import DeviceStorage
from shared.languages import LANGUAGES, speaking

TransportFactory = Callable[[str], httpx.AsyncBaseTransport]
SESSION_SECONDS: Final = 3600
SHELL: Final = Path(__file__).parent / "assets" / "web"
_FROM_SHELL: Final = {"index.html", "icon.svg", "manifest.json", "shell.css", "shell.js"}
_COMPRESSED: Final = {".wasm", ".js", ".mjs", ".json", ".html", ".css", ".svg", ".otf", ".ttf", ".bin", ".frag"}
_LASTING: Final = {".wasm", ".js", ".mjs", ".otf", ".ttf", ".woff2", ".frag", ".bin"}

# The client's engine needs `wasm-unsafe-eval` and blob:, and sets styles on elements. Every answer below
# the mount carries this policy; the server adds its own only to answers that have none.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self' blob: data:; manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class StoredFile:
    """A file, ready to send."""

    body: bytes
    packed: bytes | None
    etag: str
    headers: dict[str, str]


class WebClient:
    """Serve the files of the web client; each request says at which path they are mounted."""

    def __init__(self) -> None:
        # By file, not by address: any number of addresses lead to the fallback fonts.
        self._files: dict[tuple[Path, str], StoredFile] = {}
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one GET or HEAD request."""
        headers = Headers(scope=scope)
        root = scope.get("root_path", "")
        path = scope["path"].removeprefix(root).lstrip("/") or "index.html"
        stored = await self._stored(path, root)
        await self._answer(stored, scope["method"], headers)(scope, receive, send)

    async def _stored(self, path: str, root: str) -> StoredFile | None:
        source = SHELL / path if path in _FROM_SHELL else client_file(path)
        if source is None:
            return None
        key = (source, root if path == "index.html" else "")
        if key not in self._files:
            async with self._lock:
                if key not in self._files:
                    self._files[key] = await asyncio.to_thread(_store, path, source, root)
        return self._files[key]

    def _answer(self, stored: StoredFile | None, method: str, headers: Headers) -> Response:
        if method not in ("GET", "HEAD"):
            return Response(status_code=405, headers=HEADERS | {"Allow": "GET, HEAD"})
        if stored is None:
            return Response("Not found", 404, HEADERS, media_type="text/plain")
        if headers.get("if-none-match") == stored.etag:
            return Response(status_code=304, headers=stored.headers)
        if stored.packed is not None and "gzip" in headers.get("accept-encoding", ""):
            return Response(stored.packed, headers={**stored.headers, "Content-Encoding": "gzip"})
        return Response(stored.body, headers=stored.headers)


def _store(path: str, source: Path, root: str) -> StoredFile:
    body = source.read_bytes()
    base = f"{root}/" if root else "/"
    if path == "index.html":
        body = Template(body.decode()).substitute(base=base, words=_words()).encode()
    elif path == "flutter_bootstrap.js":
        body = in_our_shell(body.decode()).encode()
    packed = gzip.compress(body, 9, mtime=0) if source.suffix in _COMPRESSED else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    lasting = source.suffix in _LASTING and path not in ("flutter_bootstrap.js", "shell.js")
    media_type = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
    known = {".wasm": "application/wasm", ".mjs": "text/javascript", ".js": "text/javascript", ".woff2": "font/woff2"}
    headers = HEADERS | {
        "Content-Type": known.get(source.suffix, media_type),
        "ETag": etag,
        "Cache-Control": "public, max-age=604800" if lasting else "no-cache",
        "Vary": "Accept-Encoding",
    }
    return StoredFile(body, packed, etag, headers)


def _words() -> str:
    """Return what the page says while the connection is broken, by language, as JSON."""
    words = {}
    for language in LANGUAGES.values():
        with speaking(language):
            words[language.code] = {"title": texts.Away.TITLE, "text": texts.Away.TEXT, "dir": language.direction}
    return json.dumps(words).replace("<", "\\u003c")


def _is_ours(headers: Headers, base_url: str) -> bool:
    """Return whether a web socket was opened by our own page, or by no page at all (RFC 6455, section 10.2)."""
    origin = headers.get("origin")
    return origin in {None, base_url} or urlsplit(origin).netloc == headers.get("host")


def companion_asgi(
    base_url: str, transport_factory: TransportFactory, seal: Seal | None = None
) -> tuple[ASGIApp, AbstractAsyncContextManager[None]]:
    """Return the app to mount (at `/app`) and the context in which it runs.

    `transport_factory` is called once per person with the address of their device, so that the server's limits count
    people, not this process. It returns the transport to the API, usually in process. With `seal`, a tab keeps its
    session, which it cannot read, and continues it after a restart of the server.
    """
    saved_session: ContextVar[str] = ContextVar("saved_session", default="")

    def services(page: ft.Page) -> Services:
        address = page.client_ip or "unknown"

        def make(url: str) -> Client:
            return Client(url, transport_factory(address))

        return Services(base_url, make, DeviceStorage, seal=seal, saved_session=saved_session.get())

    sockets = flet_fastapi.app(make_main(services), no_cdn=True, session_timeout_seconds=SESSION_SECONDS)
    files = WebClient()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not _is_ours(Headers(scope=scope), base_url):
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "websocket":
            await serve_until_left(sockets, scope, taking_saved_session(receive, saved_session), send)
        else:
            await files(scope, receive, send)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        await flet_fastapi.app_manager.start()
        try:
            yield
        finally:
            await flet_fastapi.app_manager.shutdown()

    return app, running()
