"""The choice of the server, for the app on a phone. On the web, it is the server of the page."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.ui.buttons import primary_button
from mobile_app.ui.components import tid
from mobile_app.ui.fields import field

Text = texts.Settings


@ft.component
def ServerForm(app: AppState) -> ft.Control:
    """Ask for the address of another server. Changing it logs the account out."""
    address, set_address = ft.use_state(app.base_url)
    error, set_error = ft.use_state("")

    async def save() -> None:
        if await app.use_server(address):
            ft.context.page.navigate(routes.PROFILE)
        else:
            set_error(Text.SERVER_BAD)

    box = field(Text.SERVER, address, error, lambda e: set_address(e.control.value), helper=Text.SERVER_HINT)
    return ft.Column(
        [tid("settings.server", box), primary_button("settings.server.save", Text.SERVER_SAVE, save)],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
