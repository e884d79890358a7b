"""The tab bar of the three root screens, and the Home tab."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.ui import drawings, theme
from mobile_app.ui.buttons import primary_button
from mobile_app.ui.components import gap, go, hairline, heading, safely, screen, text, tid, top_bar
from mobile_app.ui.pull_to_refresh import Pull
from shared.languages import marked

Text = texts.Tabs
_ITEMS = (
    ("nav.home", marked(Text, "HOME"), routes.HOME, ft.Icons.HOME_OUTLINED, ft.Icons.HOME_ROUNDED),
    (
        "nav.inbox",
        marked(Text, "INBOX"),
        routes.INBOX,
        ft.Icons.CHAT_BUBBLE_OUTLINE_ROUNDED,
        ft.Icons.CHAT_BUBBLE_ROUNDED,
    ),
    ("nav.profile", marked(Text, "PROFILE"), routes.PROFILE, ft.Icons.PERSON_OUTLINE_ROUNDED, ft.Icons.PERSON_ROUNDED),
)


def tab_bar(current: str, pull: Pull | None = None) -> ft.Control:
    """Return the bar at the bottom with the current tab filled in. Tapping the current tab reloads its screen."""
    tabs = []
    for identifier, label, route, icon, icon_here in _ITEMS:
        here = route == current
        color = ft.Colors.ON_SURFACE if here else ft.Colors.ON_SURFACE_VARIANT
        weight = ft.FontWeight.W_600 if here else ft.FontWeight.W_400
        content = ft.Column(
            [
                ft.Icon(icon_here if here else icon, size=25, color=color),
                text(label, 11, color=color, weight=weight),
            ],
            spacing=2,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        tab = ft.Container(
            content,
            height=theme.BAR_PX,
            on_click=safely(pull.refresh if here and pull else go(route)),
            alignment=ft.Alignment.CENTER,
            ink=True,
        )
        tabs.append(ft.Container(tid(identifier, tab, selected=here, button=True), expand=True))
    return ft.Column([hairline(), ft.Row(list(tabs), spacing=0)], spacing=0)


@ft.component
def Home() -> ft.View:
    """Explain the app in three steps."""
    steps: list[ft.Control] = []
    for number, (title, detail) in enumerate(Text.HOME_STEPS, start=1):
        circle = ft.Container(
            drawings.letters(str(number), 16, 40, ft.Colors.ON_PRIMARY_CONTAINER),
            width=40,
            height=40,
            border_radius=20,
            alignment=ft.Alignment.CENTER,
            bgcolor=ft.Colors.PRIMARY_CONTAINER,
        )
        words = ft.Column([text(title, 17, bold=True), text(detail, 15, muted=True)], spacing=4, expand=True)
        steps += [
            ft.MergeSemantics(ft.Row([circle, words], spacing=16, vertical_alignment=ft.CrossAxisAlignment.START)),
            gap(26),
        ]
    return screen(
        routes.PROFILE,
        gap(28),
        heading(Text.HOME_TITLE, 26),
        gap(30),
        *steps,
        gap(6),
        primary_button("home.scan", Text.SCAN_NOW, go(routes.SCAN)),
        bar=top_bar(Text.HOME),
        bottom=tab_bar(routes.HOME),
    )
