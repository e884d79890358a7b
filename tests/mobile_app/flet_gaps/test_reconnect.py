"""A device leaves in the middle of a step and comes back: with Flet alone, and with our app."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import flet as ft
import flet_web.fastapi
import pytest

from mobile_app.app import make_main
from mobile_app.flet_gaps.reconnect import Reconnect
from mobile_app.state.app import Services
from tests.mobile_app.conftest import OpenPhone
from tests.mobile_app.flet_gaps.gap import come_back, leave, plain_phone, still_there
from tests.mobile_app.harness import Phone
from tests.mobile_app.test_linking import secret
from tests.mobile_app.test_web import Device
from tests.server.world import World

ran: list[str] = []
change: list[Callable[[str], None]] = []


@ft.component
def Screen() -> ft.Control:
    """Show a word that can be changed, and record that the effect ran."""
    word, set_word = ft.use_state("before")
    change[:] = [set_word]
    ft.use_effect(lambda: ran.append("effect"), dependencies=[])
    return ft.View(route="/", controls=[ft.Text(word)])


def _views() -> Any:
    return [Screen()]


async def _idle(_page: ft.Page) -> None:
    """Draw nothing yet."""


async def _drawn_while_away() -> Phone:
    ran.clear()
    phone = await plain_phone(_idle)
    await leave(phone)
    return phone


async def test_flet_drops_effects_for_good() -> None:
    """A device that comes back finds a screen whose effects never run."""
    phone = await _drawn_while_away()
    phone.page.render_views(ft.component(_views))
    await come_back(phone)
    still_there("reconnect.py, draw", not ran)
    await phone.stop()


async def test_flet_drops_redraws_for_good() -> None:
    """A device that comes back finds the old screen."""

    async def main(page: ft.Page) -> None:
        page.render_views(ft.component(_views))

    phone = await plain_phone(main)
    await asyncio.sleep(0.01)
    await leave(phone)
    change[0]("after")
    await come_back(phone)
    still_there("reconnect.py, redraw", phone.texts() == ["before"])
    await phone.stop()


async def test_effects_run_after_the_return() -> None:
    """The app draws itself again for a device that was away when it was first drawn."""
    phone = await _drawn_while_away()
    page = phone.page
    reconnect = Reconnect(page, lambda: page.render_views(ft.component(_views)), lambda: None)
    await reconnect.draw()
    assert not ran
    await come_back(phone)
    assert ran == ["effect"]
    await phone.stop()


async def _errors(end: Callable[[Reconnect], None], log: pytest.LogCaptureFixture) -> list[str]:
    """Return the errors that Flet logs when a start ends without a device."""
    left = asyncio.Event()
    done = asyncio.Event()

    async def main(page: ft.Page) -> None:
        reconnect = Reconnect(page, page.update, page.update)
        await left.wait()
        done.set()
        end(reconnect)

    device = Device(flet_web.fastapi.app(main))
    await device.register()
    device.says(type="websocket.disconnect", code=1001)
    await asyncio.wait_for(device.connection, 5)
    left.set()
    await done.wait()
    await asyncio.sleep(0.01)
    return [record.message for record in log.records if record.levelname == "ERROR"]


async def test_flet_logs_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    """Flet continues to use a connection that it has disposed of."""
    still_there("reconnect.py, end_start", await _errors(lambda reconnect: None, caplog))


async def test_a_start_without_a_device_ends_quietly(caplog: pytest.LogCaptureFixture) -> None:
    """A start without a device logs no error."""
    assert not await _errors(Reconnect.end_start, caplog)


async def _open_and_be_away(open_phone: OpenPhone, link: str, moments: int) -> Phone:
    """Open a code, leave after `moments` turns of the event loop, and come back."""
    phone = await open_phone(log_in_as="mia.bakes")
    await phone.see("profile.handle")
    phone.goes_to(f"/l/{link}")
    for _ in range(moments):
        await asyncio.sleep(0)
    await leave(phone)
    await asyncio.sleep(0.05)
    await come_back(phone)
    return phone


async def test_what_became_due_while_the_phone_was_away_is_made_up_for(world: World, open_phone: OpenPhone) -> None:
    """A phone that leaves right after it has opened a code shows the request on its return, not an endless spinner."""
    code = await world.make_code()
    for moments in (0, 1, 2, 3, 5, 8):  # at a different point of the step each time
        phone = await _open_and_be_away(open_phone, secret(code), moments)
        await phone.see("consent.who")


async def test_a_message_that_could_not_be_shown_is_shown_on_return(world: World, open_phone: OpenPhone) -> None:
    """A phone that leaves while the app learns of a cancellation shows the message on its return."""
    code = await world.make_code()
    await world.alice.post(f"/business-centers/{world.bc_id}/link-requests/{code['link_request_id']}/cancel")
    for moments in (0, 2, 4, 8, 16, 32):
        phone = await _open_and_be_away(open_phone, secret(code), moments)
        await phone.see("problem.title")
        assert phone.text("problem.title") == "The business cancelled this request"


async def test_a_phone_that_leaves_while_the_app_starts_finds_it_alive(services: Services) -> None:
    """On its return the phone shows the log-in screen, and the app follows its addresses."""
    phone = Phone()

    async def leave_and_start(page: ft.Page) -> None:
        await leave(phone)
        with pytest.raises(BrokenPipeError):
            await make_main(lambda page: services)(page)

    await phone.start(leave_and_start)
    await come_back(phone)
    await phone.see("login.handle")
    phone.goes_to("/l/nothing")
    await phone.until(lambda: phone.page.route == "/consent", "the deep link's next step")
    await phone.stop()


async def test_a_session_that_is_given_up_leaves_no_traceback(world: World, open_phone: OpenPhone) -> None:
    """Tasks that still wait for a phone that never returns end quietly."""
    failures: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failures.append(context))
    phone = await open_phone(log_in_as="mia.bakes")
    await phone.see("profile.handle")
    await leave(phone)
    phone.page.navigate("/menu")
    await asyncio.sleep(0.01)
    phone.session.close()
    await asyncio.sleep(0.05)
    gc.collect()  # a task whose error nobody has read reports it when it is deleted
    await asyncio.sleep(0)
    assert not failures
