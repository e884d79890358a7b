"""What the tests of the gaps have in common: Flet as it is, without anything of ours."""

import asyncio
from typing import Any

import flet as ft

from tests.mobile_app.harness import Main, Phone


def still_there(file: str, missing: object) -> None:
    """Fail once Flet does by itself what a file of ours does."""
    assert missing, f"Flet has fixed this: drop mobile_app/flet_gaps/{file}"


async def plain_phone(main: Main | None = None, **answers: Any) -> Phone:
    """Return a phone on which an app of Flet alone runs."""

    async def empty(page: ft.Page) -> None:
        page.add(ft.Text("hello"))

    return await Phone(answers).start(main or empty)


async def leave(phone: Phone) -> None:
    """Break the connection."""
    await phone.session.disconnect(3600)


async def come_back(phone: Phone) -> None:
    """Connect again, and let the app do what it does then."""
    await phone.session.connect(phone)
    await asyncio.sleep(0.05)
