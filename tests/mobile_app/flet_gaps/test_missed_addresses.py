"""A new address that becomes due while the device is away; test_reconnect.py has what a person sees of it."""

import asyncio

import pytest

from mobile_app.flet_gaps.missed_addresses import MissedAddresses
from mobile_app.flet_gaps.pending_calls import PendingCalls
from tests.mobile_app.flet_gaps.gap import come_back, leave, plain_phone, still_there


async def test_flet_drops_an_address() -> None:
    """The device stays at the old one."""
    phone = await plain_phone()
    await leave(phone)
    push = asyncio.create_task(phone.page.push_route("/problem"))
    await asyncio.sleep(0.01)
    await come_back(phone)
    still_there("missed_addresses.py", phone.page.route == "/")
    push.cancel()
    await phone.stop()


@pytest.mark.parametrize(("at", "shown"), [("/", "/problem"), ("/inbox", "/inbox")])
async def test_an_address_is_shown_after_the_return_unless_the_person_moved(at: str, shown: str) -> None:
    """Whoever went elsewhere meanwhile stays there."""
    phone = await plain_phone()
    PendingCalls(phone.page)
    addresses = MissedAddresses(phone.page)
    phone.page.on_disconnect, phone.page.on_connect = addresses.left, addresses.show
    await leave(phone)
    phone.page.navigate("/problem")
    await asyncio.sleep(0.01)
    phone.session.apply_page_patch({"route": at})
    await come_back(phone)
    assert phone.page.route == shown
    await phone.stop()
