"""Draw again what a device missed while it was away.

While no device is connected, Flet drops redraws, effects and new addresses for good. Effects are lost only if the
device leaves during the first drawing, but one of them is the router's.
"""

import asyncio
from collections.abc import Callable

import flet as ft

from mobile_app.flet_gaps.calls_while_away import CallsWhileAway
from mobile_app.flet_gaps.close_sheets import CloseSheets
from mobile_app.flet_gaps.late_answers import ignore_late_answers


class Reconnect:
    """One session's device, which may leave at any moment and come back within the hour."""

    def __init__(self, page: ft.Page, draw: Callable[[], None], redraw: Callable[[], None]) -> None:
        """`draw` renders the app's views; `redraw` runs each time the device has come back."""
        ignore_late_answers(page)
        self._page, self._draw, self._redraw = page, draw, redraw
        self._calls = CallsWhileAway(page)
        self._sheets: CloseSheets | None = None
        self._missed = False
        page.on_disconnect, page.on_connect = self._calls.left, self._on_connect

    async def draw(self) -> None:
        """Draw the app for the first time, and give Flet the turn in which it runs the effects."""
        if self._missed:  # remove what was drawn, or Flet would not mount it again
            self._page.views = []
            self._page.update()
        self._draw()
        await asyncio.sleep(0)
        self._missed = self._page.session.expires_at is not None  # set while no device is connected
        if not self._missed:
            self._sheets = CloseSheets(self._page)

    def end_start(self) -> None:
        """End the app's start; raise BrokenPipeError if the device has left, or Flet would log a fault."""
        if self._page.session.expires_at:
            raise BrokenPipeError

    async def _on_connect(self) -> None:
        if self._missed:
            await self.draw()
        if self._sheets is None:  # not drawn yet
            return
        self._redraw()
        if self._page.route != self._sheets.at:
            self._sheets.show(ft.RouteChangeEvent("route_change", self._page, route=self._page.route))
        else:
            self._calls.show_missed_route()
