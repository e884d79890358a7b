"""Close an open sheet before another screen appears, wherever the new address came from.

Flutter ties a sheet to the page below it. If that page disappears or is covered just as the sheet closes, the sheet
stays: over the next screen, or under it until the person goes back. This would happen to people who type an address or
follow a link while a sheet is open.
"""

import asyncio
from collections.abc import Callable
from typing import Final, cast

import flet as ft

from mobile_app import routes

_PATIENCE_SECONDS: Final = 1.5
_LOOK_SECONDS: Final = 0.02


class CloseSheets:
    """Holds a new address back until the sheets are gone; of several addresses, the newest wins."""

    def __init__(self, page: ft.Page) -> None:
        """Step between the device and the router, which is already listening."""
        self._page = page
        self._show = cast(Callable[[ft.RouteChangeEvent], None], page.on_route_change)
        self.at = page.route or routes.PROFILE
        self._closing: asyncio.Task[None] | None = None
        self._wanted: ft.RouteChangeEvent
        page.on_route_change = self.show

    def show(self, event: ft.RouteChangeEvent) -> None:
        """Show an address as soon as no sheet is open."""
        self._wanted = event
        if self._closing and not self._closing.done():
            return
        if self._open() and not self._is_above(event.route):
            self._closing = asyncio.create_task(self._close())
        else:
            self._go()

    def _is_above(self, route: str) -> bool:
        """Return whether a route leads from a sheet to the screen below it, which closes its sheet itself."""
        return self.at == routes.MENU if route == routes.PROFILE else self.at.startswith(f"{route}/")

    def _sheets(self) -> list[ft.BottomSheet]:
        return [control for control in self._page.session.index.values() if isinstance(control, ft.BottomSheet)]

    def _open(self) -> list[ft.BottomSheet]:
        return [sheet for sheet in self._sheets() if sheet.open]

    def _go(self) -> None:
        self.at = self._wanted.route
        self._show(self._wanted)

    async def _close(self) -> None:
        """Close the open sheets and wait until the device reports them gone, but not forever."""
        closing: list[ft.BottomSheet] = []
        for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
            for sheet in self._open():  # a redraw in between may open it again
                sheet.open = False
                self._page.update(sheet)
                closing.append(sheet)
            if not any(sheet is there for sheet in closing for there in self._sheets()):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        self._go()
