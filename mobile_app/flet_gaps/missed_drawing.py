"""Draw the app again for a device that left while it was drawn the first time.

Flet drops effects while no device is connected. Those of the first drawing never run again, and one of them is the
router's: without it a session hears of no new address.
"""

import asyncio
from collections.abc import Callable

import flet as ft


class Drawing:
    """Draws the app once, and once more if its effects were dropped."""

    def __init__(self, page: ft.Page, draw: Callable[[], None]) -> None:
        """`draw` renders the app's views."""
        self._page = page
        self._draw = draw
        self.missed = False

    async def draw(self) -> None:
        """Draw, and wait for the turn of the event loop in which Flet runs the effects."""
        if self.missed:  # what was drawn has to go, or Flet would not mount it again
            self._page.views = []
            self._page.update()
        self._draw()
        await asyncio.sleep(0)
        self.missed = bool(self._page.session.expires_at)  # set while the device is away
