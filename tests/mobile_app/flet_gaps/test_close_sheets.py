"""A sheet is open when the address changes from outside; tests/journeys/test_sheets.py tests this in our app."""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import flet as ft
import flet_web.fastapi
import pytest
import uvicorn
from playwright.sync_api import Page, expect

from mobile_app.flet_gaps.close_sheets import CloseSheets
from tests.mobile_app.flet_gaps.gap import plain_phone, still_there
from tests.support.flet import open_flet, tap, tid
from tests.support.server import free_port

drawn: list[str] = []


def _marked(identifier: str, **more: Any) -> ft.Semantics:
    return ft.Semantics(identifier=identifier, container=True, content=ft.Button(identifier, **more))


@ft.component
def Home() -> ft.View:
    """Show a screen with a sheet that has its own address."""
    page = ft.context.page
    sheet = ft.BottomSheet(_marked("sheet"))
    ft.use_dialog(sheet if ft.use_route_location() == "/menu" else None)
    return ft.View(route="/", controls=[_marked("home", on_click=lambda: page.navigate("/menu"))])


@ft.component
def Other() -> ft.View:
    """Show a neighbour in place of the first screen, as tabs do."""
    drawn.append("other")
    return ft.View(route="/", controls=[_marked("other")])


@ft.component
def Screens() -> ft.Control:
    """Choose the screen by its address."""
    home = ft.Route(component=Home, children=[ft.Route(path="menu")])
    return ft.Router([home, ft.Route(path="other", component=Other)], manage_views=True)


async def _main(page: ft.Page) -> None:
    page.render_views(Screens)


@pytest.fixture
def flet_url() -> Iterator[str]:
    """Yield the address of an app with Flet alone."""
    port = free_port()
    app = flet_web.fastapi.app(_main, no_cdn=True, route_url_strategy=ft.RouteUrlStrategy.HASH)
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


async def test_the_sheet_closes_first_and_the_newest_address_wins() -> None:
    """While the sheet closes, the newest address replaces the waiting one; later addresses are shown immediately."""
    phone = await plain_phone(_main)
    await asyncio.sleep(0.05)
    CloseSheets(phone.page)
    phone.goes_to("/menu")
    await phone.until(lambda: _sheets(phone.page))
    phone.goes_to("/other")
    phone.goes_to("/other?newest")
    await asyncio.sleep(0)
    assert "other" not in _shown(phone.page)
    await phone.until(lambda: "other" in _shown(phone.page) and not _sheets(phone.page))
    phone.goes_to("/")
    await phone.until(lambda: "other" not in _shown(phone.page))
    await phone.stop()


def _sheets(page: ft.Page) -> list[ft.BottomSheet]:
    return [control for control in page.session.index.values() if isinstance(control, ft.BottomSheet)]


def _shown(page: ft.Page) -> set[str]:
    return {str(c.content) for c in page.session.index.values() if isinstance(c, ft.Button)}
