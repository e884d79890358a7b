"""The parts of a profile page, the owner's or another account's card."""

from collections.abc import Callable
from typing import Any

import flet as ft

from mobile_app import texts
from mobile_app.state.app import AppState
from mobile_app.ui import drawings, theme
from mobile_app.ui.buttons import EVEN, ring
from mobile_app.ui.components import gap, named, safely, text, tid
from mobile_app.views.posts.post_parts import cover
from shared.wire import Post, Profile

Text = texts.Profile


def head(profile: Profile) -> list[ft.Control]:
    """Return the avatar, the handle and the three counts."""
    handle: list[ft.Control] = [tid("profile.handle", text(f"@{profile.handle}", 17, bold=True))]
    if profile.verified:
        handle.append(ft.Icon(ft.Icons.VERIFIED_ROUNDED, size=18, color="#2F8FE8", semantics_label=Text.VERIFIED))
    counts = (
        (Text.FOLLOWING, profile.following_count),
        (Text.FOLLOWERS, profile.follower_count),
        (Text.LIKES, profile.like_count),
    )
    columns = [
        ft.MergeSemantics(
            ft.Container(
                ft.Column(
                    [text(texts.count(number), 18, bold=True), text(label, 13, muted=True)],
                    spacing=1,
                    horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                padding=ft.Padding.symmetric(horizontal=20),
            )
        )
        for label, number in counts
    ]
    return [
        gap(14),
        ft.Row([_face(profile)], alignment=ft.MainAxisAlignment.CENTER),
        gap(12),
        ft.Row(handle, alignment=ft.MainAxisAlignment.CENTER, spacing=4, wrap=True),
        gap(14),
        ft.Row(list(columns), alignment=ft.MainAxisAlignment.CENTER, spacing=0, run_spacing=8, wrap=True),
    ]


def _face(profile: Profile) -> ft.Control:
    label = Text.picture_of(texts.plain(profile.display_name))
    return ft.Semantics(label=label, image=True, container=True, content=drawings.avatar(profile, 96))


def small_button(identifier: str, label: str, on_click: Callable[[], Any]) -> ft.Control:
    """Return one of the two buttons under the counts."""
    style = ft.ButtonStyle(
        shape=ft.RoundedRectangleBorder(radius=10),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        color=ft.Colors.ON_SURFACE,
        text_style=ft.TextStyle(size=15, weight=ft.FontWeight.W_600),
        padding=ft.Padding.symmetric(horizontal=30, vertical=13),
        visual_density=EVEN,
        side=ring(),
    )
    return tid(identifier, ft.FilledButton(label, on_click=safely(on_click), style=style, elevation=0))


def posts_grid(
    app: AppState, posts: list[Post], nothing: str = Text.NO_POSTS, on_open: Callable[[str], None] | None = None
) -> ft.Control:
    """Return the posts as 3:4 tiles in three columns; `on_open` receives the id of the tapped one."""
    if not posts:
        return ft.Container(text(nothing, 15, muted=True), alignment=ft.Alignment.CENTER, padding=48)
    width = ft.context.page.width or 390
    tile = (min(width, theme.PHONE_WIDTH_PX) - 2 * 1.5) / 3
    rows = [
        ft.Row([_tile(app, post, tile, on_open) for post in posts[start : start + 3]], spacing=1.5)
        for start in range(0, len(posts), 3)
    ]
    return ft.Container(ft.Column(list(rows), spacing=1.5), padding=ft.Padding.only(top=1.5))


def _tile(app: AppState, post: Post, width: float, on_open: Callable[[str], None] | None) -> ft.Control:
    shade = ft.Container(
        gradient=ft.LinearGradient(
            [ft.Colors.with_opacity(0, "#000000"), ft.Colors.with_opacity(0.55, "#000000")],
            begin=ft.Alignment.TOP_CENTER,
            end=ft.Alignment.BOTTOM_CENTER,
        ),
        height=44,
        left=0,
        right=0,
        bottom=0,
    )
    plays = ft.Row(
        [
            ft.Icon(ft.Icons.PLAY_ARROW_OUTLINED, size=17, color="#FFFFFF"),
            ft.Text(texts.count(post.play_count), size=12.5, color="#FFFFFF", weight=ft.FontWeight.W_600),
        ],
        spacing=2,
        left=6,
        bottom=5,
    )
    layers = [cover(app, post, width), shade, plays]
    if post.in_ads:
        layers.append(_ad_mark())
    stack = ft.Stack(layers, width=width, height=width * 4 / 3)
    label = texts.Posts.label(texts.plain(post.caption), texts.count(post.play_count), post.in_ads)
    if on_open is None:
        return ft.Semantics(label=label, image=True, exclude_semantics=True, content=stack)
    quiet = ft.Semantics(exclude_semantics=True, content=stack)
    # It lies over the picture so that the focus is visible.
    touched = ft.Container(on_click=safely(lambda: on_open(post.post_id)), ink=True, left=0, right=0, top=0, bottom=0)
    tile = ft.Stack([quiet, touched], width=width, height=width * 4 / 3)
    return named(f"profile.post.{post.post_id}", tile, label, button=True)


def _ad_mark() -> ft.Control:
    icon = ft.Icon(ft.Icons.CAMPAIGN_ROUNDED, size=15, color="#FFFFFF")
    return ft.Container(
        icon,
        right=6,
        top=6,
        width=24,
        height=24,
        border_radius=12,
        alignment=ft.Alignment.CENTER,
        bgcolor=ft.Colors.with_opacity(0.55, "#000000"),
    )
