"""In plain Flet, a sheet whose screen disappears stays open. Browser tests need a file of their own."""

import threading
import time
from collections.abc import Iterator

import flet as ft
import flet_web.fastapi
import pytest
import uvicorn
from playwright.sync_api import Page, expect

from tests.mobile_app.flet_gaps.gap import still_there
from tests.mobile_app.flet_gaps.sheet_app import drawn, main
from tests.support.flet import open_flet, tap, tid
from tests.support.server import free_port


@pytest.fixture
def flet_url() -> Iterator[str]:
    """Yield the address of an app with Flet alone."""
    port = free_port()
    app = flet_web.fastapi.app(main, no_cdn=True, route_url_strategy=ft.RouteUrlStrategy.HASH)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(20)


def test_flet_leaves_the_sheet_over_the_next_screen(page: Page, flet_url: str) -> None:
    """A sheet stays if its screen disappears at the moment in which it closes."""
    drawn.clear()
    open_flet(page, flet_url)
    tap(page, "home")
    expect(tid(page, "sheet")).to_be_attached(timeout=15_000)
    page.evaluate("location.hash = '#/other'")
    try:
        expect(tid(page, "sheet")).to_have_count(0, timeout=2_000)  # a sheet takes a quarter of a second to close
    except AssertionError:
        assert drawn == ["other"]
    else:
        still_there("close_sheets.py", missing=False)
