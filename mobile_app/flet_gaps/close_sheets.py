"""An open sheet closes before another screen comes, wherever the new address came from.

Flutter ties a sheet to the page that it was opened over. If that page goes, or is covered, in the same moment as the
sheet closes, the sheet stays: over the next screen, or under it until the way back. A person who types an address or
follows a link while a sheet is open would be left with it.
"""

import asyncio
from typing import Any, Final

import flet as ft

from mobile_app import routes

_MOVED: Final = "route_change"
_PATIENCE_SECONDS: Final = 1.5
_LOOK_SECONDS: Final = 0.02


class SheetsFirst:
    """Holds a new address back until the sheets are gone; of several the newest counts."""

    def __init__(self, page: ft.Page) -> None:
        """Stand between the device's news and the screens of a session."""
        self._page = page
        self._deliver = page.session.dispatch_event
        self._at = page.route or routes.PROFILE
        self._wanted: Any = None
        self._closing: asyncio.Task[None] | None = None
        page.session.dispatch_event = self._on_event  # type: ignore[method-assign]

    async def _on_event(self, control_id: int, event_name: str, event_data: Any) -> Any:
        if event_name != _MOVED:
            return await self._deliver(control_id, event_name, event_data)
        self._wanted = event_data
        if self._closing and not self._closing.done():
            return None
        if self._open() and not self._is_above(event_data["route"]):
            self._closing = asyncio.create_task(self._close_then_go(control_id))
            return None
        return await self._go(control_id)

    def _is_above(self, route: str) -> bool:
        """Say whether a route leads from a sheet to the screen below it: that one closes its sheet by itself."""
        return self._at == routes.MENU if route == routes.PROFILE else self._at.startswith(f"{route}/")

    def _open(self) -> list[ft.BottomSheet]:
        return [sheet for sheet in self._page._dialogs.controls if isinstance(sheet, ft.BottomSheet) and sheet.open]

    async def _go(self, control_id: int) -> Any:
        self._at = self._wanted["route"]
        return await self._deliver(control_id, _MOVED, self._wanted)

    async def _close_then_go(self, control_id: int) -> None:
        """Close what is open and wait until the device says that it has gone, but not for ever."""
        closing: list[ft.BottomSheet] = []
        for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
            for sheet in self._open():  # a redraw meanwhile opens it once more
                sheet.open = False
                self._page.session.patch_control(sheet)
                closing.append(sheet)
            if not any(sheet is there for sheet in closing for there in self._page._dialogs.controls):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        self._closing = None  # an address that comes from now on is not waited for by anybody
        await self._go(control_id)
