"""The helpers of the browser tests, checked on small pages and on a small Flet app."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flet as ft
import flet_web.fastapi
import numpy as np
import pytest
import uvicorn
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser import DESKTOP, PHONE, Contexts
from tests.support.flet import enable_semantics, expect_text, fill, open_flet, shown_text, tap, tid
from tests.support.server import free_port

ANDROID = {
    **PHONE,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36",
}


async def greeter(page: ft.Page) -> None:
    """Show a field, a button and the greeting that it makes."""
    name = ft.TextField(label="Name")
    greeting = ft.Text("Nobody yet")

    async def greet(_: ft.Event[ft.Button]) -> None:
        greeting.value = f"Hello, {name.value}!"
        page.update()

    page.add(
        ft.Semantics(identifier="name", content=name),
        ft.Semantics(identifier="greet", content=ft.Button("Greet", on_click=greet)),
        ft.Semantics(identifier="greeting", content=greeting),
    )


@pytest.fixture(scope="module")
def flet_url() -> Iterator[str]:
    """Serve the small Flet app; yield its address."""
    port = free_port()
    app = flet_web.fastapi.app(greeter, no_cdn=True)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


def test_a_page_is_shown(page: Page) -> None:
    """Chromium runs scripts, and tests can read the result."""
    page.goto("data:text/html,<title>Hi</title><p id=p><script>p.textContent = 6 * 7</script>")
    expect(page.locator("#p")).to_have_text("42")
    expect(page).to_have_title("Hi")


def test_the_log_tells_errors(contexts: Contexts) -> None:
    """Console errors and uncaught exceptions are errors; plain messages and allowed errors are not."""
    page = contexts.open()
    log = contexts.log(page)
    with page.expect_console_message(lambda message: message.text == "last"):
        page.goto("data:text/html,<script>console.log('fine'); console.error('bad one'); console.log('last')</script>")
    assert any("fine" in line for line in log.lines)
    with pytest.raises(AssertionError, match="bad one"):
        log.expect_clean()
    log.expect_clean("bad one")
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('worse') })")
    with pytest.raises(AssertionError, match="worse"):
        log.expect_clean("bad one")


def test_failures_leave_pictures(contexts: Contexts, tmp_path: Path) -> None:
    """A failure saves a picture of each open page and each person's console."""
    contexts.open("admin").goto("data:text/html,<script>console.log('seen')</script>")
    contexts.open("owner")
    names = {file.name for file in contexts.save_failure(tmp_path)}
    assert names == {"1-admin-1.png", "1-admin-console.txt", "2-owner-1.png", "2-owner-console.txt"}
    assert "seen" in (tmp_path / "1-admin-console.txt").read_text()


def test_a_video_can_be_the_camera(contexts: Contexts, tmp_path: Path) -> None:
    """A page that uses the camera sees the frames of a .mjpeg file."""
    picture = tmp_path / "camera.mjpeg"
    Image.fromarray(np.full((480, 640, 3), (200, 30, 30), np.uint8)).save(picture, "JPEG", subsampling="4:2:0")
    (tmp_path / "page.html").write_text("<video id=v autoplay></video>")
    page = contexts.open("owner", camera=picture)
    page.goto((tmp_path / "page.html").as_uri())
    colour = page.evaluate(
        """async () => {
            v.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
            await new Promise(resolve => v.requestVideoFrameCallback(resolve));
            const canvas = new OffscreenCanvas(1, 1).getContext("2d");
            canvas.drawImage(v, 0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
        }"""
    )
    assert colour[0] > 150
    assert max(colour[1:3]) < 80


@pytest.mark.parametrize("screen", [DESKTOP, PHONE, ANDROID], ids=["desktop", "phone", "android"])
def test_flet_can_be_filled_and_tapped(contexts: Contexts, flet_url: str, screen: dict[str, Any]) -> None:
    """Text typed into a Flet field arrives in the app, a tap runs its handler, and the test can read the answer."""
    page = contexts.open("owner", **screen)
    open_flet(page, flet_url)
    assert "Nobody yet" in shown_text(page, "greeting")
    for name in ("Mia", "Zoë Łuczak"):
        fill(page, "name", name)
        tap(page, "greet")
        expect_text(page, f"Hello, {name}!")
    page.reload()
    enable_semantics(page)
    expect(tid(page, "greet")).to_be_attached()
