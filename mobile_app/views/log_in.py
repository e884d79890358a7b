"""The log-in screen; it stands at any address until someone is logged in."""

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from mobile_app import drawings, routes, texts
from mobile_app.components import (
    Handler,
    gap,
    heading,
    icon_button,
    primary_button,
    quiet_button,
    safely,
    screen,
    text,
    tid,
    use_app,
    use_linking,
)
from mobile_app.state import AppState
from mobile_app.views.fields import field
from mobile_app.views.server_form import ServerForm
from mobile_app.views.sheets import sheet, sheet_row
from shared.languages import LANGUAGES

Text = texts.LogIn


@ft.component
def LogIn() -> ft.View:
    """Ask for handle and password."""
    app, linking = use_app(), use_linking()
    handle, set_handle = ft.use_state("")
    password, set_password = ft.use_state("")
    shown, set_shown = ft.use_state(False)
    choosing, set_choosing = ft.use_state(False)
    moving, set_moving = ft.use_state(False)
    speaking, set_speaking = ft.use_state(False)

    async def submit() -> None:
        await app.log_in(handle, password)  # the screen that was wanted stands at this address by then

    def fill(account_handle: str, account_password: str) -> None:
        set_handle(account_handle)
        set_password(account_password)
        set_choosing(False)

    def speak(code: str) -> Awaitable[None]:
        set_speaking(False)
        return app.use_language(code)

    dialog = _demo_sheet(app, fill, lambda: set_choosing(False)) if choosing else None
    ft.use_dialog(_language_sheet(speak, lambda: set_speaking(False)) if speaking else dialog)
    handle_field = _handle_field(handle, app.handle_error, set_handle, submit)
    eye = _eye(shown, lambda: set_shown(not shown))
    password_field = field(
        Text.PASSWORD,
        password,
        "",
        lambda e: set_password(e.control.value),
        password=not shown,
        suffix_icon=eye,
        autofill_hints=ft.AutofillHint.PASSWORD,
        on_submit=safely(submit),
    )
    server = quiet_button("login.server", Text.SERVER, lambda: set_moving(not moving))
    return screen(
        routes.PROFILE,
        *_greeting(Text.TO_REQUEST if linking.code else Text.TITLE),
        gap(28),
        _notice(app.log_in_notice),
        tid("login.handle", handle_field),
        gap(14),
        tid("login.password", password_field),
        _error(app.password_error),
        gap(18),
        primary_button("login.submit", Text.SUBMIT, submit, disabled=app.busy),
        gap(6),
        quiet_button("login.demo", Text.DEMO, lambda: set_choosing(True)) if app.demo else gap(0),
        quiet_button(
            "login.language",
            app.language.name,
            lambda: set_speaking(True),
            spoken_as=Text.speaks(app.language.name),
            icon=ft.Icons.LANGUAGE_ROUNDED,
        ),
        server if app.services.can_change_server else gap(0),
        ServerForm(app) if moving else gap(0),
        gap(10),
        text(Text.PROMISE, 13, muted=True, text_align=ft.TextAlign.CENTER),
        gap(24),
        padding=28,
    )


def _greeting(invitation: str) -> list[ft.Control]:
    return [
        gap(56),
        ft.Row([drawings.mark(76)], alignment=ft.MainAxisAlignment.CENTER),
        gap(20),
        heading(texts.APP_NAME, 30, level=1, text_align=ft.TextAlign.CENTER),
        gap(6),
        text(invitation, 16, muted=True, text_align=ft.TextAlign.CENTER),
    ]


def _handle_field(handle: str, error: str, set_handle: Callable[[str], None], submit: Handler) -> ft.TextField:
    return field(
        Text.HANDLE,
        handle,
        error,
        lambda e: set_handle(e.control.value),
        prefix=ft.Semantics(exclude_semantics=True, content=ft.Text("@", color=ft.Colors.ON_SURFACE_VARIANT)),
        autofill_hints=ft.AutofillHint.USERNAME,
        on_submit=safely(submit),
    )


def _eye(shown: bool, on_click: Handler) -> ft.Control:
    icon = ft.Icons.VISIBILITY_OFF_ROUNDED if shown else ft.Icons.VISIBILITY_ROUNDED
    label = Text.HIDE if shown else Text.SHOW
    return icon_button("login.show", icon, label, on_click, ft.Colors.ON_SURFACE_VARIANT)


def _notice(message: str) -> ft.Control:
    if not message:
        return gap(0)
    return ft.Container(
        tid("login.notice", text(message, 14, color=ft.Colors.ON_TERTIARY_CONTAINER)),
        bgcolor=ft.Colors.TERTIARY_CONTAINER,
        border_radius=12,
        padding=14,
        margin=ft.Margin.only(bottom=18),
    )


def _error(error: str) -> ft.Control:
    """Show what is wrong under the password; an error of the handle stands in its own field."""
    if not error:
        return gap(0)
    line = tid("login.error", text(error, 13, color=ft.Colors.ERROR), live_region=True)
    return ft.Container(line, padding=ft.Padding.only(left=16, right=16, top=8))


def _language_sheet(speak: Callable[[str], Awaitable[None]], close: Callable[[], None]) -> ft.BottomSheet:
    rows = [
        sheet_row(
            f"login.language.{language.code}", ft.Icons.LANGUAGE_ROUNDED, language.name, partial(speak, language.code)
        )
        for language in LANGUAGES.values()
    ]
    return sheet(heading(Text.LANGUAGE, 20), gap(8), *rows, on_close=close)


def _demo_sheet(app: AppState, fill: Callable[[str, str], None], close: Callable[[], None]) -> ft.BottomSheet:
    rows = [
        sheet_row(
            f"login.demo.{account.handle}",
            ft.Icons.PERSON_ROUNDED,
            f"@{account.handle}",
            partial(fill, account.handle, account.password),
        )
        for account in app.demo
    ]
    return sheet(heading(Text.DEMO, 20), gap(4), text(Text.DEMO_HINT, 14, muted=True), gap(8), *rows, on_close=close)
