"""A tab leaves before it has said who it is, or while it is being sent something; test_web.py tests our app."""

import asyncio

import flet as ft
import flet_web.fastapi

from tests.mobile_app.flet_gaps.gap import still_there
from tests.mobile_app.test_web import Device


async def test_flet_waits_without_end() -> None:
    """The task that serves the connection continues after the connection has ended."""

    async def main(_page: ft.Page) -> None:
        raise AssertionError("nobody said hello")

    device = Device(flet_web.fastapi.app(main))
    device.says(type="websocket.disconnect", code=1001)
    done, _ = await asyncio.wait({device.connection}, timeout=1)
    still_there("early_leave.py, next_message", not done)
    device.connection.cancel()


async def test_flet_keeps_the_session_taken() -> None:
    """A tab that comes back gets a new session, although nobody uses the old one."""

    async def main(page: ft.Page) -> None:
        await asyncio.sleep(0.05)
        page.add(ft.Text("hello"))

    app = flet_web.fastapi.app(main)
    first = Device(app)
    session_id = await first.register()
    first.leaving = True
    await asyncio.sleep(0.2)
    first.says(type="websocket.disconnect", code=1001)
    await asyncio.wait({first.connection}, timeout=5)
    assert first.connection.exception()  # the failed message ends the task that serves the connection too early
    second = Device(app)
    still_there("early_leave.py, send_or_drop", await second.register(session_id) != session_id)
    second.says(type="websocket.disconnect", code=1001)
    await asyncio.wait_for(second.connection, 5)
