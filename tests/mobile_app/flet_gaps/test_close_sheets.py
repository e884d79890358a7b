"""A sheet is open when the address changes from outside; tests/journeys/test_sheets.py tests this in our app."""

import asyncio

import flet as ft

from mobile_app.flet_gaps.close_sheets import CloseSheets
from tests.mobile_app.flet_gaps.gap import plain_phone
from tests.mobile_app.flet_gaps.sheet_app import main


async def test_the_sheet_closes_first_and_the_newest_address_wins() -> None:
    """While the sheet closes, the newest address replaces the waiting one; later addresses are shown immediately."""
    phone = await plain_phone(main)
    await asyncio.sleep(0.05)
    CloseSheets(phone.page)
    phone.goes_to("/menu")
    await phone.until(lambda: _sheets(phone.page))
    phone.goes_to("/other")
    phone.goes_to("/other?newest")
    await asyncio.sleep(0)
    assert "other" not in _shown(phone.page)
    await phone.until(lambda: "other" in _shown(phone.page) and not _sheets(phone.page))
    phone.goes_to("/")
    await phone.until(lambda: "other" not in _shown(phone.page))
    await phone.stop()


def _sheets(page: ft.Page) -> list[ft.BottomSheet]:
    return [control for control in page.session.index.values() if isinstance(control, ft.BottomSheet)]


def _shown(page: ft.Page) -> set[str]:
    return {str(c.content) for c in page.session.index.values() if isinstance(c, ft.Button)}
