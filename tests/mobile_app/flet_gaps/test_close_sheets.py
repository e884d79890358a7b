"""Addresses that come while a sheet closes; what a person sees of it is in tests/journeys/test_sheets.py."""

import asyncio
from types import SimpleNamespace
from typing import Any

import flet as ft

from mobile_app.flet_gaps.close_sheets import SheetsFirst


class Device:
    """As much of a page as counts here: one open sheet, and screens that take a moment to be shown."""

    def __init__(self) -> None:
        self.sheet = ft.BottomSheet(ft.Text("?"), open=True)
        self._dialogs = SimpleNamespace(controls=[self.sheet])
        self.route = "/menu"
        self.session = SimpleNamespace(dispatch_event=self._show, patch_control=self._dialogs.controls.remove)
        self.shown: list[str] = []
        self.showing = asyncio.Event()
        self.gate = asyncio.Event()

    async def _show(self, _control_id: int, _name: str, data: dict[str, str]) -> None:
        self.shown.append(data["route"])
        self.showing.set()
        await self.gate.wait()

    def told(self, route: str) -> "asyncio.Task[Any]":
        """Tell the app of a new address."""
        return asyncio.create_task(self.session.dispatch_event(1, "route_change", {"route": route}))


async def test_an_address_that_comes_while_another_is_shown_is_shown_next() -> None:
    """The sheet has gone and its screen is being drawn: the next address is not swallowed."""
    device = Device()
    SheetsFirst(device)  # type: ignore[arg-type]
    await device.told("/inbox")
    await device.showing.wait()
    last = device.told("/settings")
    await asyncio.sleep(0)
    device.gate.set()
    await last
    assert device.shown == ["/inbox", "/settings"]
