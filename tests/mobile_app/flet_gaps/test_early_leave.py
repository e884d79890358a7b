"""A tab that leaves before it has said who it is; test_web.py has the same with our app."""

import asyncio

import flet as ft
import flet_web.fastapi

from tests.mobile_app.flet_gaps.gap import still_there
from tests.mobile_app.test_web import Device


async def test_flet_waits_without_end() -> None:
    """The task that serves the connection goes on after the connection has ended."""

    async def main(_page: ft.Page) -> None:
        raise AssertionError("nobody said hello")

    device = Device(flet_web.fastapi.app(main))
    device.says(type="websocket.disconnect", code=1001)
    done, _ = await asyncio.wait({device.connection}, timeout=1)
    still_there("early_leave.py", not done)
    device.connection.cancel()
