"""A picture with several codes, each outlined and numbered. The person taps the right one."""

from collections.abc import Awaitable, Callable
from typing import Final

import flet as ft

from mobile_app import texts
from mobile_app.camera.multiple_codes import MultipleCodes
from mobile_app.scanner import ScannedCode
from mobile_app.ui import drawings, theme
from mobile_app.ui.buttons import quiet_button
from mobile_app.ui.components import gap, safely, text, tid

Text = texts.Scan
_WHITE: Final = "#FFFFFF"
_ROOM_PX: Final = 470


def multiple_codes_screen(
    codes: MultipleCodes, choose: Callable[[str], Awaitable[None]], again: Callable[[], None]
) -> ft.Control:
    """Return the picture with a numbered outline on every code."""
    width, height = codes.width_px, codes.height_px
    page_width = min(ft.context.page.width or 390, theme.PHONE_WIDTH_PX) - 32
    scale = min(page_width / width, _ROOM_PX / height)
    boxes = [_box(number, len(codes.codes), code, scale, choose) for number, code in enumerate(codes.codes, start=1)]
    picture = ft.Stack(
        [
            ft.Image(
                src=codes.picture,
                width=width * scale,
                height=height * scale,
                fit=ft.BoxFit.FILL,
                border_radius=12,
                exclude_from_semantics=True,
            ),
            *boxes,
        ],
        width=width * scale,
        height=height * scale,
        clip_behavior=ft.ClipBehavior.NONE,
    )
    return ft.Container(
        ft.Column(
            [
                tid(
                    "scan.several", text(Text.WHICH, 17, color=_WHITE, text_align=ft.TextAlign.CENTER), live_region=True
                ),
                gap(20),
                picture,
                gap(12),
                quiet_button("scan.again", Text.SCAN_AGAIN, again, _WHITE),
            ],
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=0,
        ),
        bgcolor="#0B0C0F",
        padding=16,
    )


def _box(
    number: int, total: int, code: ScannedCode, scale: float, choose: Callable[[str], Awaitable[None]]
) -> ft.Control:
    xs = [x * scale for x, _ in code.corners]
    ys = [y * scale for _, y in code.corners]
    width = max(theme.TARGET_PX, max(xs) - min(xs) + 12)
    height = max(theme.TARGET_PX, max(ys) - min(ys) + 12)
    badge = ft.Container(
        drawings.letters(str(number), 17, 30, _WHITE),
        width=34,
        height=34,
        border_radius=17,
        bgcolor=theme.EMBER,
        border=ft.Border.all(2, _WHITE),
        alignment=ft.Alignment.CENTER,
    )
    box = ft.Container(
        badge,
        alignment=ft.Alignment.CENTER,
        width=width,
        height=height,
        border=ft.Border.all(3, theme.EMBER),
        border_radius=12,
        bgcolor=ft.Colors.with_opacity(0.12, theme.EMBER),
        on_click=safely(lambda: choose(code.text)),
        ink=True,
    )
    code_box = tid(f"scan.code.{number}", box, Text.code_of(number, total), button=True)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return ft.Container(code_box, left=middle_x - width / 2, top=middle_y - height / 2)
