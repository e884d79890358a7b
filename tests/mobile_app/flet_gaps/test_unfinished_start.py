"""An app's start that ends after the device has left."""

import asyncio
from collections.abc import Callable

import flet as ft
import flet_web.fastapi
import pytest

from mobile_app.flet_gaps.unfinished_start import end_quietly
from tests.mobile_app.flet_gaps.gap import still_there
from tests.mobile_app.test_web import Device


async def _errors(end: Callable[[ft.Page], None], log: pytest.LogCaptureFixture) -> list[str]:
    """Return what Flet logs as faults when a start ends without a device."""
    left = asyncio.Event()
    done = asyncio.Event()

    async def main(page: ft.Page) -> None:
        await left.wait()
        done.set()
        end(page)

    device = Device(flet_web.fastapi.app(main))
    await device.register()
    device.says(type="websocket.disconnect", code=1001)
    await asyncio.wait_for(device.connection, 5)
    left.set()
    await done.wait()
    await asyncio.sleep(0.01)
    return [record.message for record in log.records if record.levelname == "ERROR"]


async def test_flet_logs_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    """Flet goes on with a connection that it has disposed of."""
    still_there("unfinished_start.py", await _errors(lambda page: None, caplog))


async def test_a_start_without_a_device_ends_quietly(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is logged as a fault."""
    assert not await _errors(end_quietly, caplog)
