"""Calls to a device that leaves or has left, and addresses it misses; test_reconnect.py tests what a person sees."""

import asyncio
from typing import Any

import flet as ft
import pytest

from mobile_app.flet_gaps.calls_while_away import CallsWhileAway
from tests.mobile_app.flet_gaps.gap import come_back, leave, plain_phone, still_there
from tests.mobile_app.harness import Phone


async def _phone_that_answers_nothing() -> tuple[Phone, "asyncio.Task[Any]"]:
    phone = await plain_phone(get=lambda _: asyncio.Event().wait())
    call = asyncio.create_task(ft.SharedPreferences().get("key"))
    await asyncio.sleep(0.01)
    assert phone.asked == ["get"]
    return phone, call


async def test_flet_lets_a_call_wait_for_the_rest_of_the_session() -> None:
    """Neither leaving nor coming back ends the call."""
    phone, call = await _phone_that_answers_nothing()
    await leave(phone)
    await come_back(phone)
    still_there("calls_while_away.py", not call.done())
    call.cancel()
    await phone.stop()


async def test_flet_lets_a_call_wait_that_is_made_while_the_device_is_away() -> None:
    """Flet drops the call and never answers it."""
    phone = await plain_phone()
    await leave(phone)
    call = asyncio.create_task(ft.SharedPreferences().get("key"))
    await asyncio.sleep(0.01)
    await come_back(phone)
    still_there("calls_while_away.py", not call.done() and not phone.asked)
    call.cancel()
    await phone.stop()


async def test_a_call_fails_when_the_device_leaves_or_has_left() -> None:
    """The caller gets an error immediately, and the next call after the return is answered."""
    phone = await plain_phone(get=lambda _: asyncio.Event().wait(), set=lambda _: True)
    phone.page.on_disconnect = CallsWhileAway(phone.page).left
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


async def test_flet_drops_an_address() -> None:
    """The device stays at the old address."""
    phone = await plain_phone()
    await leave(phone)
    push = asyncio.create_task(phone.page.push_route("/problem"))
    await asyncio.sleep(0.01)
    await come_back(phone)
    still_there("calls_while_away.py, show_missed_route", phone.page.route == "/")
    push.cancel()
    await phone.stop()


@pytest.mark.parametrize(("at", "shown"), [("/", "/problem"), ("/inbox", "/inbox")])
async def test_an_address_is_shown_after_the_return_unless_the_person_moved(at: str, shown: str) -> None:
    """A person who went elsewhere in the meantime stays there."""
    phone = await plain_phone()
    calls = CallsWhileAway(phone.page)
    phone.page.on_disconnect, phone.page.on_connect = calls.left, calls.show_missed_route
    await leave(phone)
    phone.page.navigate("/problem")
    await asyncio.sleep(0.01)
    phone.session.apply_page_patch({"route": at})
    await come_back(phone)
    assert phone.page.route == shown
    await phone.stop()
