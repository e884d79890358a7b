"""Type the ten letters printed under a code, for when the camera does not work."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_app, use_linking
from mobile_app.ui.buttons import back_button, primary_button
from mobile_app.ui.components import gap, safely, screen, text, tid, top_bar
from mobile_app.ui.fields import field
from shared.qr import parse_typed

Text = texts.Scan


@ft.component
def TypedCode() -> ft.View:
    """Ask for the letters. Capitals, spaces and the hyphen do not matter."""
    use_app()
    linking = use_linking()
    letters, set_letters = ft.use_state("")
    error, set_error = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def submit() -> None:
        page = ft.context.page
        typed = parse_typed(letters)
        if typed is None:
            set_error(Text.TYPE_MALFORMED)
            return
        set_busy(True)
        set_error("")
        route = await linking.open(typed.letters)
        set_busy(False)
        if linking.unknown_code:
            set_error(Text.TYPE_UNKNOWN)
        else:
            page.navigate(route)

    box = field(
        Text.TYPE_LABEL,
        letters,
        error,
        lambda e: set_letters(e.control.value),
        autofocus=True,
        capitalization=ft.TextCapitalization.CHARACTERS,
        text_size=18,
        text_align=ft.TextAlign.CENTER,
        hint_text="XXXXX-XXXXX",
        on_submit=safely(submit),
    )
    return screen(
        routes.TYPED,
        gap(20),
        text(Text.TYPE_TEXT, 16, muted=True),
        gap(24),
        tid("typed.code", box),
        gap(20),
        primary_button("typed.submit", Text.TYPE_SUBMIT, submit, disabled=busy),
        bar=top_bar(Text.TYPE_TITLE, leading=back_button(routes.SCAN, "typed.back")),
    )
