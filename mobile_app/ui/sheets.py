"""Bottom sheets and their rows."""

from collections.abc import Callable
from typing import Any, Final

import flet as ft

from mobile_app import texts
from mobile_app.ui import theme
from mobile_app.ui.components import safely, text, tid, to_the_left

_NEARLY_PX: Final = 80  # what a phone reserves at the top


def sheet(*controls: ft.Control, on_close: Callable[[], Any]) -> ft.BottomSheet:
    """Return a sheet that slides up from the bottom; `on_close` runs when the person closes it.

    Its handle is a button, because not everybody can swipe, or tap beside the sheet.
    """
    grip = ft.Container(width=40, height=5, border_radius=3, bgcolor=ft.Colors.OUTLINE)
    handle = ft.Container(
        grip,
        width=96,
        height=theme.TARGET_PX,
        alignment=ft.Alignment.CENTER,
        border_radius=12,
        ink=True,
        on_click=safely(on_close),
    )
    top = ft.Row([tid("sheet.close", handle, texts.CLOSE, button=True)], alignment=ft.MainAxisAlignment.CENTER)
    return ft.BottomSheet(
        SheetContent([top, *controls]),
        on_dismiss=safely(on_close),
        draggable=True,
        bgcolor=ft.Colors.SURFACE_BRIGHT,
        elevation=0,
        scrollable=True,
        shape=ft.RoundedRectangleBorder(radius=ft.BorderRadius.only(top_left=24, top_right=24)),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def back_to(here: str, up: str, stays: Callable[[], bool]) -> Callable[[], None]:
    """Return what a sheet does once it is swiped away: show the screen below, if `stays` says that it remains."""

    def closed() -> None:
        page = ft.context.page
        if page.route == here and stays():
            page.navigate(up)

    return closed


@ft.component
def SheetContent(controls: list[ft.Control]) -> ft.Control:
    """Be as high as the controls, and scroll once they need more than the screen.

    A column that scrolls takes all the available height, so it may only scroll once it needs all of it.
    """
    full, set_full = ft.use_state(False)
    screen_px = ft.context.page.height or 0

    def measured(event: ft.LayoutSizeChangeEvent[ft.LayoutControl]) -> None:
        if event.height > screen_px - _NEARLY_PX:
            set_full(True)

    column = ft.Column(
        controls,
        tight=True,
        scroll=ft.ScrollMode.HIDDEN if full else None,
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Container(
        column,
        padding=ft.Padding.only(left=theme.GUTTER_PX, right=theme.GUTTER_PX, bottom=24),
        rtl=to_the_left(),
        on_size_change=measured,
    )


def sheet_row(
    identifier: str, icon: ft.IconData, label: str, on_click: Callable[[], Any], color: str = ft.Colors.ON_SURFACE
) -> ft.Control:
    """Return a row of at least 56 pixels: an icon on the left and words beside it."""
    row = ft.Container(
        ft.Row([ft.Icon(icon, color=color, size=24), text(label, 16, color=color, expand=True)], spacing=18),
        padding=ft.Padding.symmetric(horizontal=6, vertical=16),
        border_radius=12,
        ink=True,
        on_click=safely(on_click),
    )
    return tid(identifier, row, button=True)
