"""The owner's profile, with the three-line menu."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.state.contexts import use_app, use_once, use_posts
from mobile_app.state.posting import PostsState
from mobile_app.ui.buttons import icon_button
from mobile_app.ui.components import gap, go, hairline, screen, spinner, text, tid, toast, top_bar
from mobile_app.ui.pull_to_refresh import Pull
from mobile_app.views.account.menu import Next, menu_sheet
from mobile_app.views.account.profile_parts import head, posts_grid, small_button
from mobile_app.views.account.tabs import tab_bar
from mobile_app.views.consent.problem import notice_panel, trouble_panel
from shared.qr import format_profile

Text = texts.Profile


class Tab(Enum):
    """The three grids under the counts."""

    POSTS = "posts"
    PRIVATE = "private"
    ADS_ONLY = "ads-only"


@ft.component
def Profile() -> ft.View:
    """Show the logged-in account's profile; the menu's address shows the sheet over it."""
    app, posts = use_app(), use_posts()
    tab, set_tab = ft.use_state(Tab.POSTS)
    chosen: list[Next] = use_once(list)
    location = ft.use_route_location()
    on_top = location == routes.PROFILE  # ads may change while another screen covers this one

    async def load() -> None:
        if on_top or app.profile is None:
            await app.load_profile()

    ft.use_effect(load, dependencies=[app.account.handle if app.account else "", on_top])

    async def load_ads_only() -> None:
        if tab is Tab.ADS_ONLY and on_top:
            await posts.load_ads_only()

    ft.use_effect(load_ads_only, dependencies=[tab, on_top])
    shown: Any = ft.use_ref(tab)
    shown.current = tab

    async def reload() -> None:
        await app.load_profile()
        if shown.current is Tab.ADS_ONLY:
            await posts.load_ads_only()

    pull = use_once(lambda: Pull(reload))
    ft.use_dialog(menu_sheet(app, chosen) if location == routes.MENU else None)
    name = app.account.display_name if app.account else ""
    menu = icon_button("profile.menu", ft.Icons.MENU_ROUNDED, Text.MENU, go(routes.MENU))
    add = icon_button("profile.new", ft.Icons.ADD_BOX_OUTLINED, texts.Posts.ADD, go(routes.NEW_POST))
    return screen(
        routes.PROFILE,
        *_content(app, posts, tab, set_tab),
        bar=top_bar(name, leading=add, action=menu),
        bottom=tab_bar(routes.PROFILE, pull),
        padding=0,
        pull=pull,
    )


def _content(app: AppState, posts: PostsState, tab: Tab, set_tab: Callable[[Tab], None]) -> list[ft.Control]:
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
        run_spacing=8,
        wrap=True,
    )
    return [
        *head(profile),
        gap(16),
        buttons,
        gap(14),
        text(texts.isolated(profile.bio), 14, text_align=ft.TextAlign.CENTER) if profile.bio else gap(0),
        gap(14),
        _post_tabs(tab, set_tab),
        *_grid(app, posts, tab),
    ]


def _grid(app: AppState, posts: PostsState, tab: Tab) -> list[ft.Control]:
    def show(post_id: str) -> None:
        ft.context.page.navigate(routes.post(post_id))

    if tab is not Tab.ADS_ONLY:
        private = tab is Tab.PRIVATE
        mine = [post for post in app.profile.posts if post.private is private] if app.profile else []
        return [posts_grid(app, mine, Text.NO_PRIVATE if private else Text.NO_POSTS, show)]
    if posts.ads_only is None:
        return [notice_panel(posts.trouble, posts.load_ads_only) if posts.trouble else spinner()]
    known = bool(posts.ads_only)
    words = texts.Posts.ADS_ONLY_TEXT if known else texts.Posts.NO_ADS_ONLY_TEXT
    note = ft.Container(
        tid("profile.ads-only.note", text(words, 14, muted=True, text_align=ft.TextAlign.CENTER)),
        padding=ft.Padding.symmetric(horizontal=28, vertical=14),
    )
    grid = posts_grid(app, posts.ads_only, texts.Posts.NO_ADS_ONLY, show)
    return [note, grid] if known else [grid, note]


def _post_tabs(chosen: Tab, set_tab: Callable[[Tab], None]) -> ft.Control:
    def one(tab: Tab, icon: ft.IconData, label: str) -> ft.Control:
        here = tab is chosen
        color = ft.Colors.ON_SURFACE if here else ft.Colors.OUTLINE
        line = ft.Container(height=2, width=44, bgcolor=color if here else None, border_radius=1)
        column = ft.Column(
            [ft.Container(ft.Icon(icon, size=23, color=color), height=42, alignment=ft.Alignment.CENTER), line],
            spacing=0,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        control = ft.Container(column, on_click=lambda: set_tab(tab), alignment=ft.Alignment.CENTER, ink=True)
        named = tid(f"profile.{tab.value}", control, label, selected=here, button=True)
        return ft.Container(named, expand=True)

    tabs = [
        one(Tab.POSTS, ft.Icons.GRID_VIEW_ROUNDED, Text.POSTS),
        one(Tab.PRIVATE, ft.Icons.LOCK_OUTLINE_ROUNDED, Text.PRIVATE),
        one(Tab.ADS_ONLY, ft.Icons.CAMPAIGN_OUTLINED, texts.Posts.ADS_ONLY_TAB),
    ]
    return ft.Column([ft.Row(tabs, spacing=0), hairline()], spacing=0)
