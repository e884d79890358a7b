"""Settings and privacy."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.state.contexts import use_app
from mobile_app.ui import drawings
from mobile_app.ui.buttons import back_button, quiet_button
from mobile_app.ui.components import Handler, gap, hairline, safely, screen, text, tid, top_bar
from mobile_app.views.account.server_form import ServerForm
from mobile_app.views.consent.cards import card, fact
from shared.languages import LANGUAGES, Language, spoken

Text = texts.Settings


@ft.component
def Settings() -> ft.View:
    """Show the account, the appearance, the privacy of pictures and passwords, and the server."""
    app = use_app()
    account = app.account
    if account is None:
        return screen(routes.SETTINGS)

    async def log_out() -> None:
        await app.log_out()
        ft.context.page.navigate(routes.PROFILE)

    me = ft.Row(
        [
            drawings.avatar(account, 56),
            ft.Column(
                [text(texts.plain(account.display_name), 17, bold=True), text(f"@{account.handle}", 15, muted=True)],
                spacing=1,
                expand=True,
            ),
        ],
        spacing=16,
    )
    return screen(
        routes.SETTINGS,
        gap(10),
        me,
        gap(26),
        _heading(Text.APPEARANCE),
        *[_theme_row(app, value, label) for value, label in Text.THEMES],
        gap(22),
        _heading(Text.LANGUAGE),
        *[_language_row(app, language) for language in LANGUAGES.values()],
        gap(22),
        _heading(Text.PRIVACY),
        card(text(Text.PICTURES, 15, bold=True), text(Text.PICTURES_TEXT, 14, muted=True)),
        gap(10),
        card(text(Text.PASSWORD, 15, bold=True), text(Text.PASSWORD_TEXT, 14, muted=True)),
        gap(22),
        _heading(Text.SESSION),
        card(
            fact(Text.SERVER, app.base_url.split("://", 1)[-1]),
            *([fact(Text.ENDS, texts.Times.date(app.expires_at))] if app.expires_at else []),
        ),
        *([gap(12), ServerForm(app)] if app.services.can_change_server else []),
        gap(22),
        quiet_button("settings.logout", texts.Menu.LOG_OUT, log_out, ft.Colors.ERROR),
        gap(22),
        text(Text.TRADEMARK, 12, muted=True, text_align=ft.TextAlign.CENTER),
        gap(20),
        bar=top_bar(Text.TITLE, leading=back_button(routes.PROFILE, "settings.back")),
    )


def _heading(label: str) -> ft.Control:
    shown = text(label.upper(), 12, muted=True, bold=True, semantics_label=spoken(label))  # capitals may be spelt out
    words = ft.Semantics(header=True, heading_level=2, container=True, content=shown)
    return ft.Container(words, padding=ft.Padding.only(bottom=8))


def _theme_row(app: AppState, value: str, label: str) -> ft.Control:
    return _choice(f"settings.theme.{value}", label, app.theme == value, lambda: app.use_theme(value))


def _language_row(app: AppState, language: Language) -> ft.Control:
    here = app.language == language
    return _choice(f"settings.language.{language.code}", language.name, here, lambda: app.use_language(language.code))


def _choice(identifier: str, label: str, here: bool, on_click: Handler) -> ft.Control:
    sign = ft.Icon(ft.Icons.CHECK_ROUNDED, color=ft.Colors.PRIMARY, size=22) if here else gap(0)
    row = ft.Container(
        ft.Row([text(label, 16, expand=True), sign]),
        padding=ft.Padding.symmetric(horizontal=4, vertical=14),
        on_click=safely(on_click),
        ink=True,
        border_radius=10,
    )
    return ft.Column([tid(identifier, row, selected=here, button=True), hairline()], spacing=0)
