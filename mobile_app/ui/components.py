"""The pieces that screens are made of, with the names that tests and screen readers use."""

import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.state.notices import UNEXPECTED
from mobile_app.ui import theme
from mobile_app.ui.pull_to_refresh import Pull, with_ring
from shared.languages import current, spoken

log = logging.getLogger(__name__)
Handler = Callable[..., Any]
Go = Callable[[], None]


def safely(handler: Handler) -> Callable[..., Awaitable[None]]:
    """Wrap an event handler, so that an unexpected error leads to a plain message, never to a traceback."""
    takes_event = bool(inspect.signature(handler).parameters)

    async def run(event: Any = None) -> None:
        try:
            result = handler(event) if takes_event else handler()
            if inspect.isawaitable(result):
                await result
        except Exception:
            log.exception("unexpected failure in a handler")
            app = ft.context.page.session.store.get("app")
            if isinstance(app, AppState) and app.account is None:
                app.log_in_notice = UNEXPECTED.title
            elif isinstance(app, AppState):
                app.notice = UNEXPECTED
                ft.context.page.navigate(routes.PROBLEM)

    return run


def go(route: str) -> Go:
    """Return a handler that shows the screen at `route`."""
    return lambda: ft.context.page.navigate(route)


def to_the_left() -> bool:
    """Return whether the current language runs from right to left; Flutter itself mirrors rows and arrows."""
    return current().direction == "rtl"


def after(start_px: int) -> ft.Padding:
    """Return a padding on the side where lines of the current language begin."""
    return ft.Padding.only(right=start_px) if to_the_left() else ft.Padding.only(left=start_px)


def named(identifier: str, control: ft.Control, label: str, **semantics: Any) -> ft.Control:
    """Give a control like a switch its identifier and its name in one node, as screen readers expect."""
    return ft.MergeSemantics(tid(identifier, control, label, container=False, **semantics))


def tid(identifier: str, control: ft.Control, label: str | None = None, **semantics: Any) -> ft.Semantics:
    """Give a control the name by which tests and screen readers know it."""
    control.key = identifier
    semantics.setdefault("container", True)  # without its own node, a text merges with its neighbours
    return ft.Semantics(identifier=identifier, label=spoken(label), content=control, **semantics)


def text(value: str, size: int = 15, *, muted: bool = False, bold: bool = False, **more: Any) -> ft.Text:
    """Return a text in one of the two text colours."""
    more.setdefault("color", ft.Colors.ON_SURFACE_VARIANT if muted else ft.Colors.ON_SURFACE)
    more.setdefault("weight", ft.FontWeight.W_600 if bold else ft.FontWeight.W_400)
    value = spoken(value)
    if value.startswith("@") and to_the_left():  # a handle keeps its @ on the left
        value = texts.left_to_right(value)
    return ft.Text(value, size=size, **more)


def heading(value: str, size: int = 18, *, level: int = 2, **more: Any) -> ft.Semantics:
    """Return a title that screen readers can jump to; the screen's own title has level 1."""
    words = text(value, size, bold=True, **more)
    return ft.Semantics(header=True, heading_level=level, container=True, content=words)


def top_bar(
    title: ft.Control | str = "",
    *,
    leading: ft.Control | None = None,
    action: ft.Control | None = None,
    color: str = "",
) -> ft.Container:
    """Return the bar at the top: one control left, the title in the middle, one control right."""
    if isinstance(title, str):
        ink = {"color": color} if color else {}
        title = heading(title, 17, level=1, text_align=ft.TextAlign.CENTER, **ink) if title else gap(0)
    side = theme.TARGET_PX + 8
    start, end = ft.Alignment.CENTER_LEFT, ft.Alignment.CENTER_RIGHT
    if to_the_left():
        start, end = end, start
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=6),
        content=ft.Row(
            [
                ft.Container(leading, width=side, height=theme.BAR_PX, alignment=start),
                ft.Container(title, expand=True, alignment=ft.Alignment.CENTER),
                ft.Container(action, width=side, alignment=end),
            ],
            spacing=0,
        ),
    )


def screen(
    route: str,
    *controls: ft.Control,
    bar: ft.Control | None = None,
    bottom: ft.Control | None = None,
    scroll: bool = True,
    padding: int = theme.GUTTER_PX,
    background: str = ft.Colors.SURFACE,
    pull: Pull | None = None,
) -> ft.View:
    """Return a whole screen: a bar, content that scrolls and can be pulled down, and what stays at the bottom."""
    content = ft.Column(
        list(controls),
        spacing=0,
        scroll=ft.ScrollMode.HIDDEN if scroll else None,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        on_scroll=safely(pull.scrolled) if pull else None,
    )
    middle: ft.Control = ft.Container(content, padding=ft.Padding.symmetric(horizontal=padding), expand=True)
    if pull is not None:
        middle = with_ring(pull, middle, safely)
    parts = [part for part in (bar, middle, bottom) if part is not None]
    column = ft.Column(parts, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.View(
        route=route,
        padding=0,
        spacing=0,
        bgcolor=background,
        controls=[ft.SafeArea(content=column, expand=True, rtl=to_the_left())],
    )


# Four pixels of height, because a switch has only 40 with a mouse (48 with touch), and a target needs 44.
SWITCH_SPACE: Final = ft.Padding.symmetric(horizontal=4, vertical=2)


def from_below(content: ft.Control) -> ft.Control:
    """Return a layer for the bottom of a stack, which scrolls if its words need more room than there is."""
    upwards = ft.ListView([content], reverse=True, padding=0)
    return ft.SafeArea(upwards, left=0, right=0, top=theme.BAR_PX, bottom=0)


def gap(height: int) -> ft.Container:
    """Return empty space."""
    return ft.Container(height=height)


def hairline() -> ft.Container:
    """Return a thin line between rows."""
    return ft.Container(height=1, bgcolor=ft.Colors.OUTLINE_VARIANT)


def spinner(label: str = texts.LOADING) -> ft.Control:
    """Return a small spinner in the middle of the space."""
    ring = ft.ProgressRing(width=28, height=28, stroke_width=2.6, semantics_label=spoken(label))
    return ft.Container(ring, alignment=ft.Alignment.CENTER, padding=40)


def toast(message: str) -> None:
    """Show a short message that disappears after a while."""
    bar = ft.SnackBar(
        ft.Text(spoken(message), color=ft.Colors.ON_INVERSE_SURFACE, text_align=ft.TextAlign.CENTER),
        behavior=ft.SnackBarBehavior.FLOATING,
        bgcolor=ft.Colors.INVERSE_SURFACE,
        shape=ft.RoundedRectangleBorder(radius=12),
        duration=ft.Duration(milliseconds=1800),
        margin=ft.Margin.only(left=40, right=40, bottom=24),
    )
    ft.context.page.show_dialog(bar)
