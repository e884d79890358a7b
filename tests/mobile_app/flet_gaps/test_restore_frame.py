"""The frame that a tab sends before its first message of Flet's protocol."""

import inspect
import logging
from contextvars import ContextVar
from typing import Any

import flet as ft
import flet_web.fastapi
import pytest
from flet.messaging.protocol import RegisterClientRequestBody

from mobile_app.flet_gaps.restore_frame import FRAME_BYTES, FRAME_TYPE, taking_saved_session
from tests.mobile_app.flet_gaps.gap import still_there
from tests.mobile_app.test_web import Device


def test_flet_lets_a_page_say_nothing_of_its_own() -> None:
    """The first message contains only what Flet's client puts into it."""
    fields = set(inspect.signature(RegisterClientRequestBody).parameters)
    still_there("restore_frame.py", fields == {"session_id", "page_name", "page"})


async def test_flet_uses_no_frame_of_our_type(caplog: pytest.LogCaptureFixture) -> None:
    """Flet drops a frame of this type; if Flet ever uses the type, ours needs another."""

    async def main(page: ft.Page) -> None:
        page.add(ft.Text("hello"))

    caplog.set_level(logging.DEBUG, "flet_web.fastapi")
    device = Device(flet_web.fastapi.app(main))
    device.says(type="websocket.receive", bytes=FRAME_TYPE + b"sealed")
    await device.register()
    assert f"Dropping packet with unknown type 0x{FRAME_TYPE.hex()}" in caplog.text
    device.says(type="websocket.disconnect", code=1001)
    await device.connection


async def test_the_saved_session_is_taken_and_the_rest_passes() -> None:
    """A frame that is too long to be ours is dropped."""
    saved: ContextVar[str] = ContextVar("saved", default="")
    frames = [FRAME_TYPE + b"sealed", FRAME_TYPE + b"x" * FRAME_BYTES, b"\x00flet"]

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.receive", "bytes": frames.pop(0)}

    assert (await taking_saved_session(receive, saved)())["bytes"] == b"\x00flet"
    assert saved.get() == "sealed"
