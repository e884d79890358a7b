"""Put the gaps of a session together: what happens when its device leaves, and when it comes back."""

from collections.abc import Callable

import flet as ft

from mobile_app.flet_gaps.close_sheets import CloseSheets
from mobile_app.flet_gaps.late_answers import ignore_late_answers
from mobile_app.flet_gaps.missed_addresses import MissedAddresses
from mobile_app.flet_gaps.missed_drawing import Drawing
from mobile_app.flet_gaps.pending_calls import PendingCalls


class Reconnect:
    """One session's device, which may leave at any moment and come back within the hour."""

    def __init__(self, page: ft.Page, draw: Callable[[], None], back: Callable[[], None]) -> None:
        """`draw` renders the app's views. `back` runs each time the device has come back; it has to redraw the app."""
        ignore_late_answers(page)
        self._page, self._back = page, back
        self._calls = PendingCalls(page)
        self._addresses = MissedAddresses(page)
        self._drawing = Drawing(page, draw)
        self._sheets: CloseSheets | None = None
        page.on_disconnect, page.on_connect = self._on_disconnect, self._on_connect

    async def draw(self) -> None:
        """Draw the app for the first time."""
        await self._drawing.draw()
        self._sheets = CloseSheets(self._page)

    def _on_disconnect(self) -> None:
        self._calls.end()
        self._addresses.left()

    async def _on_connect(self) -> None:
        if self._sheets is None:  # not drawn yet: nothing was missed
            return
        if self._drawing.missed:
            await self.draw()
        self._back()
        if self._page.route != self._sheets.at:  # Flet drops the event, too
            self._sheets.show(ft.RouteChangeEvent("route_change", self._page, route=self._page.route))
        else:
            self._addresses.show()
