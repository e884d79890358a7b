"""A message to a device that is just leaving; test_web.py has the same with our app."""

import asyncio

import flet as ft
import flet_web.fastapi

from tests.mobile_app.flet_gaps.gap import still_there
from tests.mobile_app.test_web import Device


async def test_flet_keeps_the_session_taken() -> None:
    """Whoever comes back gets a new session, although nobody uses the old one."""

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
    assert first.connection.exception()  # the failed message ends what serves the connection, too early
    second = Device(app)
    still_there("failed_sends.py", await second.register(session_id) != session_id)
    second.says(type="websocket.disconnect", code=1001)
    await asyncio.wait_for(second.connection, 5)
