"""The pieces that screens are made of. Every piece that can be tapped has an identifier, a name and 44 pixels."""

import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar, cast

import flet as ft

from mobile_app import routes, texts, theme
from mobile_app.linking import LinkingState
from mobile_app.notices import UNEXPECTED
from mobile_app.posting import PostsState
from mobile_app.pull import Pull, with_ring
from mobile_app.state import AppState
from shared.languages import current, spoken

log = logging.getLogger(__name__)
Handler = Callable[..., Any]
Go = Callable[[], None]
T = TypeVar("T")

app_context: ft.ContextProvider[AppState | None] = ft.create_context(None)
linking_context: ft.ContextProvider[LinkingState | None] = ft.create_context(None)
posts_context: ft.ContextProvider[PostsState | None] = ft.create_context(None)


def use_app() -> AppState:
    """Return the app's state; the calling component is drawn again when it changes."""
    app = ft.use_context(app_context)
    assert app is not None
    ft.use_state(app)
    return app


def use_linking() -> LinkingState:
    """Return the state of the request in hand; the calling component is drawn again when it changes."""
    linking = ft.use_context(linking_context)
    assert linking is not None
    ft.use_state(linking)
    return linking


def use_posts() -> PostsState:
    """Return the state of the owner's posts; the calling component is drawn again when it changes."""
    posts = ft.use_context(posts_context)
    assert posts is not None
    ft.use_state(posts)
    return posts


def use_once(make: Callable[[], T]) -> T:
    """Return what `make` made the first time the calling component was drawn."""
    kept: Any = ft.use_ref(None)
    if kept.current is None:
        kept.current = make()
    return cast(T, kept.current)


def safely(handler: Handler) -> Callable[..., Awaitable[None]]:
    """Wrap an event handler: what it does not expect leads to a plain message, never to a traceback."""
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
    """Say whether the language in force runs from right to left; rows and arrows turn round by themselves then."""
    return current().direction == "rtl"


def after(start_px: int) -> ft.Padding:
    """Return a padding where lines of the language in force begin."""
    return ft.Padding.only(right=start_px) if to_the_left() else ft.Padding.only(left=start_px)


def named(identifier: str, control: ft.Control, label: str, **semantics: Any) -> ft.Control:
    """Give a switch or the like its identifier and its name in one node, as screen readers expect them."""
    return ft.MergeSemantics(tid(identifier, control, label, container=False, **semantics))


def tid(identifier: str, control: ft.Control, label: str | None = None, **semantics: Any) -> ft.Semantics:
    """Give a control the name by which tests and screen readers know it."""
    control.key = identifier
    semantics.setdefault("container", True)  # a node of its own: without it neighbouring texts become one
    return ft.Semantics(identifier=identifier, label=spoken(label), content=control, **semantics)


def text(value: str, size: int = 15, *, muted: bool = False, bold: bool = False, **more: Any) -> ft.Text:
    """Return a text in one of the two inks."""
    more.setdefault("color", ft.Colors.ON_SURFACE_VARIANT if muted else ft.Colors.ON_SURFACE)
    more.setdefault("weight", ft.FontWeight.W_600 if bold else ft.FontWeight.W_400)
    value = spoken(value)
    if value.startswith("@") and to_the_left():  # a handle keeps its sign on its left
        value = texts.left_to_right(value)
    return ft.Text(value, size=size, **more)


def heading(value: str, size: int = 18, *, level: int = 2, **more: Any) -> ft.Semantics:
    """Return a title that screen readers can jump to; the screen's own is of level 1."""
    words = text(value, size, bold=True, **more)
    return ft.Semantics(header=True, heading_level=level, container=True, content=words)


def icon_button(
    identifier: str, icon: ft.IconData, label: str, on_click: Handler, color: str = ft.Colors.ON_SURFACE
) -> ft.Semantics:
    """Return an icon that can be tapped; the name is on the icon, since a tooltip does not name the button."""
    button = ft.IconButton(
        icon=ft.Icon(icon, semantics_label=spoken(label), color=color, size=24),
        on_click=safely(on_click),
        width=theme.TARGET_PX + 4,
        height=theme.TARGET_PX + 4,
    )
    return tid(identifier, button)


def back_button(to: str, identifier: str = "nav.back", color: str = ft.Colors.ON_SURFACE) -> ft.Semantics:
    """Return the arrow that leads to the screen above."""
    return icon_button(identifier, ft.Icons.ARROW_BACK_IOS_NEW_ROUNDED, texts.BACK, go(to), color)


def refresh_button(identifier: str, pull: Pull) -> ft.Semantics:
    """Return what does the same as pulling down, for a mouse, a keyboard and a screen reader."""
    return icon_button(identifier, ft.Icons.REFRESH_ROUNDED, texts.REFRESH, pull.refresh)


def top_bar(
    title: ft.Control | str = "",
    *,
    leading: ft.Control | None = None,
    action: ft.Control | None = None,
    color: str = "",
) -> ft.Container:
    """Return the bar at the top: one thing left, the title in the middle, one thing right."""
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
    """Return a whole screen: a bar, what scrolls between and can be pulled down, and what stays at the bottom."""
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


# A pointer's switch is 40 pixels high; a finger's has these four on top of its 48.
SWITCH_SPACE: Final = ft.Padding.symmetric(horizontal=4, vertical=2)


def from_below(content: ft.Control) -> ft.Control:
    """Return a layer of a stack that stands at the bottom and scrolls where its words need more room than there is."""
    upwards = ft.ListView([content], reverse=True, padding=0)
    return ft.SafeArea(upwards, left=0, right=0, top=theme.BAR_PX, bottom=0)


_SHAPE: Final = ft.RoundedRectangleBorder(radius=theme.RADIUS_PX)
_BUTTON_TEXT: Final = ft.TextStyle(size=16, weight=ft.FontWeight.W_600)
# Space around the words, not a height: words that the person has made larger need more lines than one.
_BUTTON_SPACE: Final = ft.Padding.symmetric(horizontal=8, vertical=16)
EVEN: Final = ft.VisualDensity.STANDARD  # in a window Flutter would take eight of the pixels away


def ring(usual: ft.BorderSide | None = None, color: str = ft.Colors.ON_SURFACE) -> dict[ft.ControlState, ft.BorderSide]:
    """Return a button's edge: a clear one while the keyboard is on it."""
    none = ft.BorderSide(0, ft.Colors.TRANSPARENT)
    return {ft.ControlState.FOCUSED: ft.BorderSide(3, color), ft.ControlState.DEFAULT: usual or none}


def primary_button(
    identifier: str, label: str, on_click: Handler, *, disabled: bool = False, **more: Any
) -> ft.Control:
    """Return the one filled button of a screen."""
    style = ft.ButtonStyle(
        shape=_SHAPE, text_style=_BUTTON_TEXT, elevation=0, padding=_BUTTON_SPACE, visual_density=EVEN, side=ring()
    )
    words = _words(label)
    button = ft.FilledButton(words, on_click=safely(on_click), disabled=disabled, style=style, elevation=0)
    return tid(identifier, button, **more)


def secondary_button(identifier: str, label: str, on_click: Handler, *, disabled: bool = False) -> ft.Control:
    """Return an outlined button, of the same size as the filled one."""
    style = ft.ButtonStyle(
        shape=_SHAPE,
        text_style=_BUTTON_TEXT,
        padding=_BUTTON_SPACE,
        visual_density=EVEN,
        color=ft.Colors.ON_SURFACE,
        side=ring(ft.BorderSide(1.2, ft.Colors.OUTLINE)),
    )
    button = ft.OutlinedButton(_words(label), on_click=safely(on_click), disabled=disabled, style=style)
    return tid(identifier, button)


def equal_button(
    identifier: str,
    label: str,
    on_click: Handler,
    *,
    disabled: bool = False,
    ref: ft.Ref[ft.FilledButton] | None = None,
) -> ft.Control:
    """Return a filled button in ink, as prominent as the filled one beside it."""
    style = ft.ButtonStyle(
        shape=_SHAPE,
        text_style=_BUTTON_TEXT,
        padding=_BUTTON_SPACE,
        visual_density=EVEN,
        color=ft.Colors.ON_INVERSE_SURFACE,
        bgcolor=ft.Colors.INVERSE_SURFACE,
        overlay_color={ft.ControlState.FOCUSED: ft.Colors.with_opacity(0.28, ft.Colors.ON_INVERSE_SURFACE)},
    )
    button = ft.FilledButton(
        _words(label), on_click=safely(on_click), disabled=disabled, style=style, elevation=0, ref=ref
    )
    return tid(identifier, button)


def quiet_button(
    identifier: str,
    label: str,
    on_click: Handler,
    color: str = ft.Colors.ON_SURFACE_VARIANT,
    spoken_as: str | None = None,
    icon: ft.IconData | None = None,
) -> ft.Control:
    """Return a button that is only its text, perhaps with a small icon before it."""
    style = ft.ButtonStyle(
        color=color,
        text_style=ft.TextStyle(size=15, weight=ft.FontWeight.W_600),
        padding=ft.Padding.symmetric(horizontal=12, vertical=14),
        visual_density=EVEN,
        side=ring(color=color),
    )
    button = ft.TextButton(_words(label, spoken_as), icon=icon, on_click=safely(on_click), style=style)
    return tid(identifier, button)


def _words(label: str, spoken_as: str | None = None) -> ft.Text:
    return ft.Text(spoken(label), text_align=ft.TextAlign.CENTER, semantics_label=spoken_as)


def gap(height: int) -> ft.Container:
    """Return empty space."""
    return ft.Container(height=height)


def hairline() -> ft.Container:
    """Return a thin line between rows."""
    return ft.Container(height=1, bgcolor=ft.Colors.OUTLINE_VARIANT)


def spinner(label: str = texts.LOADING) -> ft.Control:
    """Return a small turning ring in the middle of the space."""
    ring = ft.ProgressRing(width=28, height=28, stroke_width=2.6, semantics_label=spoken(label))
    return ft.Container(ring, alignment=ft.Alignment.CENTER, padding=40)


def toast(message: str) -> None:
    """Show a short message that goes away by itself."""
    bar = ft.SnackBar(
        ft.Text(spoken(message), color=ft.Colors.ON_INVERSE_SURFACE, text_align=ft.TextAlign.CENTER),
        behavior=ft.SnackBarBehavior.FLOATING,
        bgcolor=ft.Colors.INVERSE_SURFACE,
        shape=ft.RoundedRectangleBorder(radius=12),
        duration=ft.Duration(milliseconds=1800),
        margin=ft.Margin.only(left=40, right=40, bottom=24),
    )
    ft.context.page.show_dialog(bar)
