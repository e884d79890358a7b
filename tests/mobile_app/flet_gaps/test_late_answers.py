"""An answer that arrives after its control has left the screen."""

import flet as ft

from mobile_app.flet_gaps.late_answers import ignore_late_answers
from tests.mobile_app.flet_gaps.gap import plain_phone, still_there
from tests.mobile_app.harness import Phone

NO_CONTROL = 10_000_000


def _raises(phone: Phone) -> bool:
    try:
        phone.session.handle_invoke_method_results(NO_CONTROL, "call", b"picture", None)
    except RuntimeError:
        return True
    return False


async def test_flet_raises() -> None:
    """Flet raises the error where it receives messages, which ends the connection."""
    phone = await plain_phone()
    still_there("late_answers.py", _raises(phone))
    await phone.stop()


async def test_a_late_answer_is_ignored_and_others_arrive() -> None:
    """The session survives a late answer."""
    phone = await plain_phone(get=lambda _: "kept")
    ignore_late_answers(phone.page)
    assert not _raises(phone)
    assert await ft.SharedPreferences().get("key") == "kept"
    await phone.stop()
