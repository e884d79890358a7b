"""The landing screen of a link: it moves the code from the address into memory, then opens the consent screen."""

import flet as ft

from mobile_app import routes
from mobile_app.state.contexts import use_linking
from mobile_app.ui.components import gap, screen, spinner
from shared.qr import is_code, parse_typed


@ft.component
def DeepLink() -> ft.View:
    """Take the code out of the address bar immediately, logged in or not."""
    linking = use_linking()
    code = ft.use_route_params().get("code", "")

    def move() -> None:
        if is_code(code) or parse_typed(code):
            linking.remember(code)
        ft.context.page.navigate(routes.CONSENT)

    ft.use_effect(move, dependencies=[code])
    return screen("/l", gap(200), spinner())
