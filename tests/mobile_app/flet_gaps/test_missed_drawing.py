"""Effects and redraws that become due while the device is away."""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from mobile_app.flet_gaps.reconnect import Reconnect
from tests.mobile_app.flet_gaps.gap import come_back, leave, plain_phone, still_there
from tests.mobile_app.harness import Phone

ran: list[str] = []
change: list[Callable[[str], None]] = []


@ft.component
def Screen() -> ft.Control:
    """Show a word that can be changed, and note that the effect ran."""
    word, set_word = ft.use_state("before")
    change[:] = [set_word]
    ft.use_effect(lambda: ran.append("effect"), dependencies=[])
    return ft.View(route="/", controls=[ft.Text(word)])


def _views() -> Any:
    return [Screen()]


async def _idle(_page: ft.Page) -> None:
    """Draw nothing yet."""


async def _drawn_while_away() -> Phone:
    ran.clear()
    phone = await plain_phone(_idle)
    await leave(phone)
    return phone


async def test_flet_drops_effects_for_good() -> None:
    """A device that comes back finds a screen whose effects never run."""
    phone = await _drawn_while_away()
    phone.page.render_views(ft.component(_views))
    await come_back(phone)
    still_there("missed_drawing.py", not ran)
    await phone.stop()


async def test_flet_drops_redraws_for_good() -> None:
    """A device that comes back finds the screen as it was."""

    async def main(page: ft.Page) -> None:
        page.render_views(ft.component(_views))

    phone = await plain_phone(main)
    await asyncio.sleep(0.01)
    await leave(phone)
    change[0]("after")
    await come_back(phone)
    still_there("missed_drawing.py, and `app.returns` in app.py", phone.texts() == ["before"])
    await phone.stop()


async def test_effects_run_after_the_return() -> None:
    """The app is drawn again for a device that was away when it was drawn first."""
    phone = await _drawn_while_away()
    page = phone.page
    reconnect = Reconnect(page, lambda: page.render_views(ft.component(_views)), lambda: None)
    await reconnect.draw()
    assert not ran
    await come_back(phone)
    assert ran == ["effect"]
    await phone.stop()
