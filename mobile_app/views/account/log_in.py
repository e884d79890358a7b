"""The log-in screen. It appears at any address until someone logs in."""

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.state.contexts import use_app, use_linking
from mobile_app.ui import drawings
from mobile_app.ui.buttons import icon_button, primary_button, quiet_button
from mobile_app.ui.components import Handler, gap, heading, safely, screen, text, tid
from mobile_app.ui.fields import field
from mobile_app.ui.sheets import sheet, sheet_row
from mobile_app.views.account.server_form import ServerForm
from shared.languages import LANGUAGES

Text = texts.LogIn
_DEMO, _LANGUAGE = "demo", "language"


@ft.component
def LogIn() -> ft.View:
    """Ask for a handle and a password."""
    app, linking = use_app(), use_linking()
    handle, set_handle = ft.use_state("")
    password, set_password = ft.use_state("")
    shown, set_shown = ft.use_state(False)
    moving, set_moving = ft.use_state(False)
    over, set_over = ft.use_state("")  # the sheet shown over the screen

    async def submit() -> None:
        await app.log_in(handle, password)  # afterwards, this address shows the screen that was asked for

    def fill(account_handle: str, account_password: str) -> None:
        set_handle(account_handle)
        set_password(account_password)
        set_over("")

    def speak(code: str) -> Awaitable[None]:
        set_over("")
        return app.use_language(code)

    def close() -> None:
        set_over("")

    sheets = {_DEMO: lambda: _demo_sheet(app, fill, close), _LANGUAGE: lambda: _language_sheet(speak, close)}
    ft.use_dialog(sheets[over]() if over else None)
    eye = _eye(shown, lambda: set_shown(not shown))
    return screen(
        routes.PROFILE,
        *_greeting(Text.TO_REQUEST if linking.code else Text.TITLE),
        gap(28),
        _notice(app.log_in_notice),
        tid("login.handle", _handle_field(handle, app.handle_error, set_handle, submit)),
        gap(14),
        tid("login.password", _password_field(password, eye, set_password, submit, shown=shown)),
        _error(app.password_error),
        gap(18),
        primary_button("login.submit", Text.SUBMIT, submit, disabled=app.busy),
        gap(6),
        *_other_buttons(app, set_over, lambda: set_moving(not moving)),
        ServerForm(app) if moving else gap(0),
        gap(10),
        text(Text.PROMISE, 13, muted=True, text_align=ft.TextAlign.CENTER),
        gap(24),
        padding=28,
    )


def _other_buttons(app: AppState, open_sheet: Callable[[str], None], move: Handler) -> list[ft.Control]:
    """Return the buttons besides the log-in: demo accounts, language, another server."""
    language = quiet_button(
        "login.language",
        app.language.name,
        lambda: open_sheet(_LANGUAGE),
        spoken_as=Text.speaks(app.language.name),
        icon=ft.Icons.LANGUAGE_ROUNDED,
    )
    buttons = [quiet_button("login.demo", Text.DEMO, lambda: open_sheet(_DEMO))] if app.demo else []
    buttons.append(language)
    if app.services.can_change_server:
        buttons.append(quiet_button("login.server", Text.SERVER, move))
    return buttons


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


def _password_field(
    password: str, eye: ft.Control, set_password: Callable[[str], None], submit: Handler, *, shown: bool
) -> ft.TextField:
    return field(
        Text.PASSWORD,
        password,
        "",
        lambda e: set_password(e.control.value),
        password=not shown,
        suffix_icon=eye,
        autofill_hints=ft.AutofillHint.PASSWORD,
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
    """Show an error below the password. An error about the handle appears at its own field."""
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
