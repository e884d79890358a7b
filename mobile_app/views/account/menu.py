"""The sheet that the three-line menu opens."""

import inspect
from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.ui.components import gap, go
from mobile_app.ui.sheets import sheet, sheet_row
from shared.languages import spoken

Text = texts.Menu
Next = Callable[[], Awaitable[None] | None]


def menu_sheet(app: AppState, chosen: list[Next]) -> ft.BottomSheet:
    """Return the menu: the account's code, its links, settings, log out.

    The `chosen` action runs after the sheet has closed: Flutter would keep a sheet that is still closing when the
    next screen opens, and show it again on the way back.
    """

    async def log_out() -> None:
        await app.log_out()

    def choose(what: Next) -> None:
        chosen[:] = [what]
        ft.context.page.navigate(routes.PROFILE)

    async def run_chosen() -> None:
        if chosen:
            done = chosen.pop()()
            if inspect.isawaitable(done):
                await done
        elif ft.context.page.route == routes.MENU:
            ft.context.page.navigate(routes.PROFILE)

    rows = (
        ("menu.qr", ft.Icons.QR_CODE_2_ROUNDED, Text.QR, go(routes.QR), ft.Colors.ON_SURFACE),
        ("menu.linked", ft.Icons.STOREFRONT_ROUNDED, Text.LINKED, go(routes.LINKED), ft.Colors.ON_SURFACE),
        ("menu.settings", ft.Icons.SETTINGS_OUTLINED, Text.SETTINGS, go(routes.SETTINGS), ft.Colors.ON_SURFACE),
        ("menu.logout", ft.Icons.LOGOUT_ROUNDED, Text.LOG_OUT, log_out, ft.Colors.ERROR),
    )
    return sheet(
        ft.Semantics(header=True, heading_level=2, container=True, label=spoken(texts.Profile.MENU), content=gap(1)),
        *[sheet_row(key, icon, label, partial(choose, what), ink) for key, icon, label, what, ink in rows],
        on_close=run_chosen,
    )
