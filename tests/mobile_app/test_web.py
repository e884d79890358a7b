"""The web client as it is served: from this host alone, small, and cached."""

import asyncio
import re
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgpack
import pytest
from flet.messaging.protocol import MessageAction
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from mobile_app.web import CONTENT_SECURITY_POLICY, companion_asgi

BUDGET_BYTES = 5_500_000
COLD = (
    "",
    "shell.css",
    "shell.js",
    "icon.svg",
    "flutter_bootstrap.js",
    "main.dart.wasm",
    "main.dart.mjs",
    "canvaskit/skwasm.js",
    "canvaskit/skwasm.wasm",
    "assets/AssetManifest.bin.json",
    "assets/FontManifest.json",
    "assets/fonts/MaterialIcons-Regular.otf",
    "assets/fonts/roboto.woff2",
    "assets/fonts/roboto-600.woff2",
)


@pytest.fixture(scope="module")
async def web() -> AsyncIterator[httpx.AsyncClient]:
    """Open a client that sends requests to the mounted app."""
    asgi, running = companion_asgi("https://link.example.test", lambda address: httpx.ASGITransport(Starlette()))
    mounted = httpx.ASGITransport(Starlette(routes=[Mount("/app", asgi)]))
    async with running, httpx.AsyncClient(transport=mounted, base_url="https://link.example.test/app") as client:
        yield client


async def test_a_cold_visit_stays_within_the_budget(web: httpx.AsyncClient) -> None:
    """A first visit in Chromium fetches at most 5.5 MB, and a second visit almost nothing."""
    total = 0
    for path in COLD:
        answer = await web.get(f"/{path}", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, path
        total += int(answer.headers["content-length"])
        known = await web.get(f"/{path}", headers={"If-None-Match": answer.headers["etag"]})
        assert known.status_code == 304, path
        if path.endswith((".wasm", ".otf", ".woff2", ".mjs")):
            assert "max-age=604800" in answer.headers["cache-control"]
    assert total < BUDGET_BYTES


async def test_the_page_names_no_other_host(web: httpx.AsyncClient) -> None:
    """The shell and the policy give the client no way to another host."""
    page = await web.get("/")
    assert '<base href="/app/">' in page.text
    assert "<title>Sparklink</title>" in page.text
    for path in ("", "shell.js", "shell.css", "manifest.json"):
        text = (await web.get(f"/{path}")).text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://", text), path
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert page.headers["cross-origin-embedder-policy"] == "require-corp"


async def test_fallback_fonts_are_answered_here(web: httpx.AsyncClient) -> None:
    """When the text font lacks a glyph, the client requests a Noto font and gets one from us."""
    answer = await web.get("/assets/fonts/notosanssc/v37/some.woff2")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "font/woff2"


async def test_memory_does_not_grow_with_the_addresses_of_fallback_fonts(web: httpx.AsyncClient) -> None:
    """A stranger can make up any number of font addresses; they share one copy of each font."""
    await web.get("/assets/fonts/notosansx/0.woff2")
    tracemalloc.start()
    for number in range(300):
        assert (await web.get(f"/assets/fonts/notosansx/{number}.woff2")).status_code == 200
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 1_000_000


async def test_nothing_but_the_client_is_served(web: httpx.AsyncClient) -> None:
    """No file outside, other runtime, directory or other method is served."""
    for path in ("../web.py", "%2e%2e/%2e%2e/pyproject.toml", "pyodide/pyodide.js", "assets", "missing", "l/CODE"):
        assert (await web.get(f"/{path}")).status_code == 404, path
    assert (await web.post("/")).status_code == 405


async def test_every_answer_has_the_policy(web: httpx.AsyncClient) -> None:
    """Files, unchanged files, missing files and refused methods all have the app's own policy."""
    etag = (await web.get("/shell.js")).headers["etag"]
    answers = {
        200: await web.get("/shell.js"),
        304: await web.get("/shell.js", headers={"If-None-Match": etag}),
        404: await web.get("/missing"),
        405: await web.post("/"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


async def test_compression_keeps_the_content(web: httpx.AsyncClient) -> None:
    """The compressed file has the same content."""
    answer = await web.get("/shell.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    plain = await web.get("/shell.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


class Device:
    """One connection of a browser tab, at the level of ASGI."""

    def __init__(self, app: ASGIApp, *more_headers: tuple[bytes, bytes]) -> None:
        self.leaving = False
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        headers = [(b"host", b"link.example.test"), (b"user-agent", b"test"), *more_headers]
        scope = {"type": "websocket", "path": "/ws", "root_path": "", "headers": headers, "query_string": b""}
        scope |= {"scheme": "ws", "server": ("link.example.test", 80), "client": ("192.0.2.7", 1), "subprotocols": []}
        self.connection = asyncio.ensure_future(app(scope, self._said.get, self._send))
        self.says(type="websocket.connect")

    def says(self, **message: Any) -> None:
        """Send a message to the app."""
        self._said.put_nowait(message)

    async def _send(self, message: Any) -> None:
        if self.leaving:
            raise OSError("connection is closing")
        self._heard.put_nowait(message)

    async def first_answer(self) -> str:
        """Return the type of the first message that comes back."""
        return str((await self._heard.get())["type"])

    async def register(self, session_id: str = "") -> str:
        """Send the first message, and return the id of the session that answers."""
        body = {"session_id": session_id, "page_name": "", "page": {"route": "/", "web": True}}
        self.says(type="websocket.receive", bytes=b"\x00" + msgpack.packb([MessageAction.REGISTER_CLIENT.value, body]))
        assert await self.first_answer() == "websocket.accept"
        answer = msgpack.unpackb((await self._heard.get())["bytes"][1:], strict_map_key=False, ext_hook=msgpack.ExtType)
        return str(answer[1]["session_id"])


@pytest.mark.parametrize(
    ("origin", "first_answer"),
    [
        (b"https://link.example.test", "websocket.accept"),
        (b"http://link.example.test", "websocket.accept"),  # a proxy ends https
        (b"https://elsewhere.example", "websocket.close"),
        (b"https://link.example.test.elsewhere.example", "websocket.close"),
        (b"null", "websocket.close"),
    ],
)
async def test_no_other_page_opens_a_socket(origin: bytes, first_answer: str) -> None:
    """A socket that another site's page opens is closed before anything is served."""
    asgi, running = companion_asgi("https://link.example.test", lambda address: httpx.ASGITransport(Starlette()))
    async with running:
        device = Device(asgi, (b"origin", origin))
        assert await device.first_answer() == first_answer
        device.says(type="websocket.disconnect", code=1001)
        await asyncio.wait_for(device.connection, 20)


async def test_a_device_that_leaves_during_a_message_finds_its_session_again() -> None:
    """A message that can no longer be sent causes no error, and the returning page gets its session back."""
    asgi, running = companion_asgi("https://link.example.test", lambda address: httpx.ASGITransport(Starlette()))
    async with running:
        first = Device(asgi)
        session_id = await first.register()
        first.leaving = True
        await asyncio.sleep(0.2)  # the app sends the first screen to nobody
        first.says(type="websocket.disconnect", code=1001)
        await asyncio.wait_for(first.connection, 5)
        second = Device(asgi)
        assert await second.register(session_id) == session_id
        second.says(type="websocket.disconnect", code=1001)
        await asyncio.wait_for(second.connection, 5)


async def test_a_device_that_leaves_before_it_registers_leaves_nothing_behind() -> None:
    """Its connection ends, so that it neither uses memory nor delays a server that stops."""
    asgi, running = companion_asgi("https://link.example.test", lambda address: httpx.ASGITransport(Starlette()))
    async with running:
        before = asyncio.all_tasks()
        device = Device(asgi)
        device.says(type="websocket.disconnect", code=1001)
        await asyncio.wait_for(device.connection, 20)
        await asyncio.sleep(0.1)
        assert asyncio.all_tasks() == before
