"""What is drawn rather than stored: the mark, avatars, initials, post covers, the scanner's brackets and the tick."""

from typing import Final

import flet as ft
import flet.canvas as cv

from mobile_app.ui import theme
from shared.wire import Account, BusinessCenterCard, Post

BRACKET_RADIUS_PX: Final = 20
_STAR: Final = ((34.5, 29.5, 53, 32), (34.5, 34.5, 32, 53), (29.5, 34.5, 11, 32), (29.5, 29.5, 32, 11))


def _initials(name: str) -> str:
    words = [word for word in name.replace(".", " ").replace("_", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def mark(size: float) -> ft.Control:
    """Return the app's mark: two points and the spark between them."""
    unit = size / 64
    star = cv.Path(
        [
            cv.Path.MoveTo(32 * unit, 11 * unit),
            *[
                cv.Path.CubicTo(*[value * unit for value in (near_x, near_y, near_x, near_y, x, y)])
                for near_x, near_y, x, y in _STAR
            ],
            cv.Path.Close(),
        ],
        paint=ft.Paint(color="#FFFFFF"),
    )
    dots = [cv.Circle(x * unit, y * unit, 4 * unit, ft.Paint(color="#FFFFFF")) for x, y in ((17, 47), (47, 17))]
    return ft.Container(
        cv.Canvas([star, *dots], width=size, height=size),
        width=size,
        height=size,
        border_radius=size * 0.27,
        gradient=ft.LinearGradient(
            ["#FF7A4D", theme.EMBER, "#B92C18"], begin=ft.Alignment.TOP_LEFT, end=ft.Alignment.BOTTOM_RIGHT
        ),
    )


def letters(words: str, size: float, box_px: float, color: str = "#FFFFFF") -> ft.Control:
    """Return letters that are part of a drawing: they keep their size when the person enlarges text."""
    style = ft.TextStyle(size=size, weight=ft.FontWeight.W_600, color=color)
    middle = box_px / 2
    drawn = cv.Text(middle, middle, words, style=style, alignment=ft.Alignment.CENTER)
    return cv.Canvas([drawn], width=box_px, height=box_px)


def avatar(account: Account, size: float, ring: str | None = None) -> ft.Control:
    """Return an account's avatar: its initials on its own two colours, with an optional ring around it."""
    first, second = theme.avatar_colors(account)
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Container(
            letters(_initials(account.display_name), size * 0.36, size * 0.8),
            width=size,
            height=size,
            alignment=ft.Alignment.CENTER,
            border_radius=size,
            border=ft.Border.all(max(3, size / 26), ring) if ring else None,
            gradient=ft.LinearGradient([first, second], begin=ft.Alignment.TOP_LEFT, end=ft.Alignment.BOTTOM_RIGHT),
        ),
    )


def business(center: BusinessCenterCard, size: float) -> ft.Control:
    """Return a Business Center's initial on a plain square, unlike the round avatars of people."""
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Container(
            letters(_initials(center.name)[:1], size * 0.42, size * 0.8),
            width=size,
            height=size,
            alignment=ft.Alignment.CENTER,
            border_radius=size * 0.3,
            gradient=ft.LinearGradient(
                ["#434B5C", "#232833"], begin=ft.Alignment.TOP_LEFT, end=ft.Alignment.BOTTOM_RIGHT
            ),
        ),
    )


def cover(post: Post, width: float) -> ft.Control:
    """Return a post's cover at 3:4: a drawn scene in the post's own hue."""
    hue, height = post.cover_hue, width * 4 / 3
    variant = int(post.post_id) % 3
    sun = ft.Container(
        width=width * 0.42,
        height=width * 0.42,
        border_radius=width,
        gradient=ft.LinearGradient(
            [ft.Colors.with_opacity(0.95, theme.hsl(hue + 30, 0.95, 0.90)), theme.hsl(hue + 24, 0.75, 0.76)],
            begin=ft.Alignment.TOP_CENTER,
            end=ft.Alignment.BOTTOM_CENTER,
        ),
        left=width * (0.12, 0.46, 0.3)[variant],
        top=height * (0.16, 0.22, 0.12)[variant],
    )
    hills = [
        ft.Container(
            width=width * 1.5,
            height=width * 1.5,
            border_radius=width,
            bgcolor=theme.hsl(hue + shift, 0.38, tone),
            left=width * left,
            top=height * top,
        )
        for shift, tone, left, top in (
            (8, 0.42, (-0.75, 0.15, -0.2)[variant], 0.58),
            (-10, 0.30, (0.1, -0.8, -0.75)[variant], 0.74),
        )
    ]
    return ft.Container(
        ft.Stack([sun, *hills]),
        width=width,
        height=height,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
        gradient=ft.LinearGradient(
            [theme.hsl(hue - 8, 0.50, 0.72), theme.hsl(hue + 20, 0.52, 0.56)],
            begin=ft.Alignment.TOP_CENTER,
            end=ft.Alignment.BOTTOM_CENTER,
        ),
    )


def bracket(corner: int, color: str = "#FFFFFF", width: float = 4) -> ft.Control:
    """Return one of the scanner's four brackets, clockwise from the top left."""
    size, radius = 54.0, float(BRACKET_RADIUS_PX)
    near, far, curve = width / 2, size - width / 2, 0.45 * BRACKET_RADIUS_PX
    flip_x, flip_y = corner in (1, 2), corner in (2, 3)

    def at(x: float, y: float) -> tuple[float, float]:
        return (size - x if flip_x else x), (size - y if flip_y else y)

    path = cv.Path(
        [
            cv.Path.MoveTo(*at(near, far)),
            cv.Path.LineTo(*at(near, near + radius)),
            cv.Path.CubicTo(*at(near, near + curve), *at(near + curve, near), *at(near + radius, near)),
            cv.Path.LineTo(*at(far, near)),
        ],
        paint=ft.Paint(color=color, stroke_width=width, style=ft.PaintingStyle.STROKE, stroke_cap=ft.StrokeCap.ROUND),
    )
    return cv.Canvas([path], width=size, height=size)


def tick(size: float, color: str = "#FFFFFF") -> ft.Control:
    """Return a tick, `size` pixels square."""
    unit = size / 24
    paint = ft.Paint(
        color=color,
        stroke_width=2.6 * unit,
        style=ft.PaintingStyle.STROKE,
        stroke_cap=ft.StrokeCap.ROUND,
        stroke_join=ft.StrokeJoin.ROUND,
    )
    path = cv.Path(
        [
            cv.Path.MoveTo(5 * unit, 12.6 * unit),
            cv.Path.LineTo(10 * unit, 17.4 * unit),
            cv.Path.LineTo(19 * unit, 7.4 * unit),
        ],
        paint=paint,
    )
    return cv.Canvas([path], width=size, height=size)
