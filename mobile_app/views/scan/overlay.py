"""The layer over the camera's picture: a clear window in a shade, brackets, a moving line, and a sentence."""

import asyncio
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import flet as ft
from PIL import Image, UnidentifiedImageError

from mobile_app import texts
from mobile_app.scanner import ScannedCode
from mobile_app.state.contexts import use_once
from mobile_app.ui import drawings, theme
from mobile_app.ui.components import text, tid

WHITE: Final = "#FFFFFF"
WINDOW_PX: Final = 264
_FAR_PX: Final = 1200  # the shade is the wide border of a box; the window is its inside
_QUIET: Final = ft.Colors.with_opacity(0.8, WHITE)
_SHADE: Final = ft.Colors.with_opacity(0.58, "#000000")
_SNAP: Final = ft.Animation(220, ft.AnimationCurve.EASE_OUT_CUBIC)


@dataclass(frozen=True)
class Box:
    """A rectangle on the screen, as distances from its four edges in pixels."""

    left: float
    top: float
    right: float
    bottom: float


def window(width: float, height: float) -> Box:
    """Return the window's place: in the middle, a little above centre."""
    side = (width - WINDOW_PX) // 2
    top = max(72, (height - WINDOW_PX) * 3 // 8)
    return Box(side, top, side, height - top - WINDOW_PX)


def around(picture: bytes, codes: Iterable[ScannedCode], width: float, height: float) -> Box | None:
    """Return the place on the screen of a code in the camera's picture, which is centred and covers the screen."""
    try:
        with Image.open(io.BytesIO(picture)) as image:
            seen_width, seen_height = image.size
    except (UnidentifiedImageError, OSError):
        return None
    points = [point for code in codes for point in code.corners]
    if not points:
        return None
    scale = max(width / seen_width, height / seen_height)
    xs = [(x - seen_width / 2) * scale + width / 2 for x, _ in points]
    ys = [(y - seen_height / 2) * scale + height / 2 for _, y in points]
    margin = 16
    left, top = max(8.0, min(xs) - margin), max(8.0, min(ys) - margin)
    return Box(left, top, max(8.0, width - max(xs) - margin), max(8.0, height - max(ys) - margin))


def words(status: str) -> ft.Control:
    """Return the scanner's sentence on its own background: large letters overlap the camera's picture."""
    lines = ft.Column(
        [
            tid("scan.status", text(status, 16, color=WHITE, text_align=ft.TextAlign.CENTER), live_region=True),
            text(texts.Scan.WARNING, 13, color=_QUIET, text_align=ft.TextAlign.CENTER),
        ],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Container(
        lines, bgcolor=_SHADE, border_radius=16, padding=ft.Padding.symmetric(horizontal=14, vertical=10)
    )


def overlay(live: bool, found: Box | None, width: float, height: float) -> ft.Control:
    """Return the overlay. If a code is `found`, the brackets move from the window to the code."""
    clear = window(width, height)
    target = found or clear
    ink = theme.EMBER if found else WHITE
    shade = ft.Container(
        left=target.left - _FAR_PX,
        top=target.top - _FAR_PX,
        right=target.right - _FAR_PX,
        bottom=target.bottom - _FAR_PX,
        border=ft.Border.all(_FAR_PX, _SHADE),
        border_radius=_FAR_PX + drawings.BRACKET_RADIUS_PX,
        animate_position=_SNAP,
    )
    corners = ft.Container(
        ft.Stack(
            [
                ft.Container(drawings.bracket(0, ink), left=0, top=0),
                ft.Container(drawings.bracket(1, ink), right=0, top=0),
                ft.Container(drawings.bracket(2, ink), right=0, bottom=0),
                ft.Container(drawings.bracket(3, ink), left=0, bottom=0),
            ],
            expand=True,
        ),
        left=target.left,
        top=target.top,
        right=target.right,
        bottom=target.bottom,
        animate_position=_SNAP,
    )
    line = [MovingLine(clear)] if live and not found else []
    layers = [shade, corners, *line]
    return ft.Container(ft.Stack(layers, expand=True), expand=True, ignore_interactions=True)


@ft.component
def MovingLine(clear: Box) -> ft.Control:
    """A line that moves slowly up and down in the window."""
    low, set_low = ft.use_state(False)
    task: list[asyncio.Task[None]] = use_once(list)

    async def wander() -> None:
        await asyncio.sleep(0.1)
        while True:
            set_low(lambda before: not before)
            await asyncio.sleep(1.9)

    def start() -> None:
        task.append(asyncio.create_task(wander()))

    def stop() -> None:
        while task:
            task.pop().cancel()

    ft.use_effect(start, dependencies=[], cleanup=stop)
    return ft.Container(
        left=clear.left + 18,
        right=clear.right + 18,
        top=clear.top + (WINDOW_PX - 24 if low else 22),
        height=2.5,
        border_radius=2,
        gradient=ft.LinearGradient(["#00FF8266", "#FFFF8266", "#00FF8266"]),
        animate_position=ft.Animation(1850, ft.AnimationCurve.EASE_IN_OUT),
    )
