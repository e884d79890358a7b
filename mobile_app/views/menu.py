"""The sheet behind the three dashes."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.components import go
from mobile_app.state import AppState
from mobile_app.views.sheets import sheet, sheet_row

Text = texts.Menu


def menu_sheet(app: AppState) -> ft.BottomSheet:
    """Return the menu: the account's code, its links, settings, log out."""

    async def log_out() -> None:
        page = ft.context.page
        await app.log_out()
        page.navigate(routes.PROFILE)

    def closed() -> None:
        page = ft.context.page
        if page.route == routes.MENU:
            page.navigate(routes.PROFILE)

    return sheet(
        sheet_row("menu.qr", ft.Icons.QR_CODE_2_ROUNDED, Text.QR, go(routes.QR)),
        sheet_row("menu.linked", ft.Icons.STOREFRONT_ROUNDED, Text.LINKED, go(routes.LINKED)),
        sheet_row("menu.settings", ft.Icons.SETTINGS_OUTLINED, Text.SETTINGS, go(routes.SETTINGS)),
        sheet_row("menu.logout", ft.Icons.LOGOUT_ROUNDED, Text.LOG_OUT, log_out, ft.Colors.ERROR),
        on_close=closed,
    )
