"""The line to the device breaks in the middle of a step, and stands again."""

import asyncio
import gc

from tests.mobile_app.conftest import OpenPhone
from tests.mobile_app.harness import Phone
from tests.mobile_app.test_linking import secret
from tests.server.world import World


async def _leave(phone: Phone) -> None:
    await phone.session.disconnect(3600)


async def _return(phone: Phone) -> None:
    await phone.session.connect(phone)


async def _open_and_be_away(open_phone: OpenPhone, link: str, moments: int) -> Phone:
    """Open a code, leave so many turns of the loop later, and come back."""
    phone = await open_phone(log_in_as="mia.bakes")
    await phone.see("profile.handle")
    phone.goes_to(f"/l/{link}")
    for _ in range(moments):
        await asyncio.sleep(0)
    await _leave(phone)
    await asyncio.sleep(0.05)
    await _return(phone)
    return phone


async def test_what_became_due_while_the_phone_was_away_is_made_up_for(world: World, open_phone: OpenPhone) -> None:
    """A code is opened, the phone leaves at once, and on its return it sees the request instead of a ring for ever."""
    code = await world.make_code()
    for moments in (0, 1, 2, 3, 5, 8):  # at another point of the step each time
        phone = await _open_and_be_away(open_phone, secret(code), moments)
        await phone.see("consent.who")


async def test_a_message_that_could_not_be_shown_is_shown_on_return(world: World, open_phone: OpenPhone) -> None:
    """The request was cancelled, the phone left while that was being asked: back, it reads the message."""
    code = await world.make_code()
    await world.alice.post(f"/business-centers/{world.bc_id}/link-requests/{code['link_request_id']}/cancel")
    for moments in (0, 2, 4, 8, 16, 32):
        phone = await _open_and_be_away(open_phone, secret(code), moments)
        await phone.see("problem.title")
        assert phone.text("problem.title") == "The business cancelled this request"


async def test_a_session_that_is_given_up_leaves_no_traceback(world: World, open_phone: OpenPhone) -> None:
    """What still waits for a phone that never comes back ends quietly."""
    failures: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failures.append(context))
    phone = await open_phone(log_in_as="mia.bakes")
    await phone.see("profile.handle")
    await _leave(phone)
    phone.page.navigate("/menu")
    await asyncio.sleep(0.01)
    phone.session.close()
    await asyncio.sleep(0.05)
    gc.collect()  # a task that failed unheard says so when it is thrown away
    await asyncio.sleep(0)
    assert not failures
