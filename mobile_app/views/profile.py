"""The owner's profile, with the sheet behind the three dashes."""

from collections.abc import Callable

import flet as ft

from mobile_app import routes, texts
from mobile_app.components import (
    gap,
    go,
    hairline,
    icon_button,
    screen,
    spinner,
    text,
    tid,
    toast,
    top_bar,
    use_app,
    use_once,
)
from mobile_app.state import AppState
from mobile_app.views.menu import Next, menu_sheet
from mobile_app.views.problem import trouble_panel
from mobile_app.views.profile_parts import head, posts_grid, small_button
from mobile_app.views.tabs import tab_bar
from shared.qr import format_profile

Text = texts.Profile


@ft.component
def Profile() -> ft.View:
    """Show the logged-in account's profile; at the menu's address with the sheet over it."""
    app = use_app()
    private, set_private = ft.use_state(False)
    chosen: list[Next] = use_once(list)
    ft.use_effect(app.load_profile, dependencies=[app.account.handle if app.account else ""])
    ft.use_dialog(menu_sheet(app, chosen) if ft.use_route_location() == routes.MENU else None)
    name = app.account.display_name if app.account else ""
    menu = icon_button("profile.menu", ft.Icons.MENU_ROUNDED, Text.MENU, go(routes.MENU))
    return screen(
        routes.PROFILE,
        *_content(app, private, set_private),
        bar=top_bar(name, action=menu),
        bottom=tab_bar(routes.PROFILE),
        padding=0,
    )


def _content(app: AppState, private: bool, set_private: Callable[[bool], None]) -> list[ft.Control]:
    profile = app.profile
    if profile is None:
        return [trouble_panel(app) if app.trouble else spinner()]

    async def share() -> None:
        await ft.Clipboard().set(format_profile(app.base_url, profile.handle))
        toast(texts.Qr.COPIED)

    buttons = ft.Row(
        [
            small_button("profile.edit", Text.EDIT, lambda: toast(Text.EDIT_ELSEWHERE)),
            small_button("profile.share", Text.SHARE, share),
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=8,
    )
    return [
        *head(profile),
        gap(16),
        buttons,
        gap(14),
        text(profile.bio, 14, text_align=ft.TextAlign.CENTER) if profile.bio else gap(0),
        gap(14),
        _post_tabs(private, set_private),
        posts_grid([post for post in profile.posts if post.private is private], private),
    ]


def _post_tabs(private: bool, set_private: Callable[[bool], None]) -> ft.Control:
    def one(identifier: str, icon: ft.IconData, label: str, here: bool, value: bool) -> ft.Control:
        color = ft.Colors.ON_SURFACE if here else ft.Colors.OUTLINE
        line = ft.Container(height=2, width=44, bgcolor=color if here else None, border_radius=1)
        column = ft.Column(
            [ft.Container(ft.Icon(icon, size=23, color=color), height=42, alignment=ft.Alignment.CENTER), line],
            spacing=0,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        tab = ft.Container(column, on_click=lambda: set_private(value), alignment=ft.Alignment.CENTER)
        return ft.Container(tid(identifier, tab, label, selected=here, button=True), expand=True)

    tabs = [
        one("profile.posts", ft.Icons.GRID_VIEW_ROUNDED, Text.POSTS, not private, False),
        one("profile.private", ft.Icons.LOCK_OUTLINE_ROUNDED, Text.PRIVATE, private, True),
    ]
    return ft.Column([ft.Row(tabs, spacing=0), hairline()], spacing=0)
