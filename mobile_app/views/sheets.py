"""Bottom sheets and their rows."""

from collections.abc import Callable
from typing import Any

import flet as ft

from mobile_app import theme
from mobile_app.components import safely, text, tid, to_the_left


def sheet(*controls: ft.Control, on_close: Callable[[], Any]) -> ft.BottomSheet:
    """Return a sheet that slides up from the bottom; `on_close` runs when it was swiped or tapped away."""
    handle = ft.Container(
        ft.Container(width=40, height=5, border_radius=3, bgcolor=ft.Colors.OUTLINE_VARIANT),
        alignment=ft.Alignment.CENTER,
        padding=ft.Padding.only(top=10, bottom=14),
    )
    column = ft.Column(
        [handle, *controls],
        tight=True,
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.BottomSheet(
        ft.Container(
            column, padding=ft.Padding.only(left=theme.GUTTER_PX, right=theme.GUTTER_PX, bottom=24), rtl=to_the_left()
        ),
        on_dismiss=safely(on_close),
        draggable=True,
        bgcolor=ft.Colors.SURFACE_BRIGHT,
        elevation=0,
        scrollable=True,
        shape=ft.RoundedRectangleBorder(radius=ft.BorderRadius.only(top_left=24, top_right=24)),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def sheet_row(
    identifier: str, icon: ft.IconData, label: str, on_click: Callable[[], Any], color: str = ft.Colors.ON_SURFACE
) -> ft.Control:
    """Return a row of 56 pixels: icon left, words beside it."""
    row = ft.Container(
        ft.Row([ft.Icon(icon, color=color, size=24), text(label, 16, color=color, expand=True)], spacing=18),
        height=56,
        padding=ft.Padding.symmetric(horizontal=6),
        border_radius=12,
        ink=True,
        on_click=safely(on_click),
    )
    return tid(identifier, row, button=True)
