"""Calls that wait for a device that leaves or has left."""

import asyncio
from typing import Any

import flet as ft
import pytest

from mobile_app.flet_gaps.pending_calls import PendingCalls
from tests.mobile_app.flet_gaps.gap import come_back, leave, plain_phone, still_there
from tests.mobile_app.harness import Phone


async def _phone_that_answers_nothing() -> tuple[Phone, "asyncio.Task[Any]"]:
    phone = await plain_phone(get=lambda _: asyncio.Event().wait())
    call = asyncio.create_task(ft.SharedPreferences().get("key"))
    await asyncio.sleep(0.01)
    assert phone.asked == ["get"]
    return phone, call


async def test_flet_lets_a_call_wait_for_the_rest_of_the_session() -> None:
    """Neither leaving nor coming back ends it."""
    phone, call = await _phone_that_answers_nothing()
    await leave(phone)
    await come_back(phone)
    still_there("pending_calls.py", not call.done())
    call.cancel()
    await phone.stop()


async def test_flet_lets_a_call_wait_that_is_made_while_the_device_is_away() -> None:
    """It is dropped and not answered."""
    phone = await plain_phone()
    await leave(phone)
    call = asyncio.create_task(ft.SharedPreferences().get("key"))
    await asyncio.sleep(0.01)
    await come_back(phone)
    still_there("pending_calls.py", not call.done() and not phone.asked)
    call.cancel()
    await phone.stop()


async def test_a_call_fails_when_the_device_leaves_or_has_left() -> None:
    """Whoever waits learns of it at once, and the next call after the return is answered."""
    phone = await plain_phone(get=lambda _: asyncio.Event().wait(), set=lambda _: True)
    calls = PendingCalls(phone.page)
    phone.page.on_disconnect = calls.end
    call = asyncio.create_task(ft.SharedPreferences().get("key"))
    await asyncio.sleep(0.01)
    await leave(phone)
    with pytest.raises(RuntimeError, match="away"):
        await call
    with pytest.raises(RuntimeError, match="away"):
        await ft.SharedPreferences().get("key")
    await come_back(phone)
    assert await ft.SharedPreferences().set("key", "value")
    await phone.stop()
