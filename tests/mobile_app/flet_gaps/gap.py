"""Helpers for the tests of the gaps: Flet as it is, without our code."""

import asyncio
from typing import Any

import flet as ft

from tests.mobile_app.harness import Main, Phone


def still_there(file: str, missing: object) -> None:
    """Fail once Flet itself does what one of our files does."""
    assert missing, f"Flet has fixed this: drop mobile_app/flet_gaps/{file}"


async def plain_phone(main: Main | None = None, **answers: Any) -> Phone:
    """Return a phone that runs an app with Flet alone."""

    async def empty(page: ft.Page) -> None:
        page.add(ft.Text("hello"))

    return await Phone(answers).start(main or empty)


async def leave(phone: Phone) -> None:
    """Break the connection."""
    await phone.session.disconnect(3600)


async def come_back(phone: Phone) -> None:
    """Connect again, and let the app react."""
    await phone.session.connect(phone)
    await asyncio.sleep(0.05)
