"""Everything that is tapped as a button: each has an identifier, a name and at least 44 pixels."""

from typing import Any, Final

import flet as ft

from mobile_app import texts
from mobile_app.ui import theme
from mobile_app.ui.components import Handler, go, safely, tid
from mobile_app.ui.pull_to_refresh import Pull
from shared.languages import spoken

_SHAPE: Final = ft.RoundedRectangleBorder(radius=theme.RADIUS_PX)
_BUTTON_TEXT: Final = ft.TextStyle(size=16, weight=ft.FontWeight.W_600)
# Space around the words instead of a height: text that the person has enlarged needs more than one line.
_BUTTON_SPACE: Final = ft.Padding.symmetric(horizontal=8, vertical=16)
EVEN: Final = ft.VisualDensity.STANDARD  # in a window, Flutter would otherwise remove eight pixels


def ring(usual: ft.BorderSide | None = None, color: str = ft.Colors.ON_SURFACE) -> dict[ft.ControlState, ft.BorderSide]:
    """Return a button's edge, which is easy to see while the button has the keyboard focus."""
    none = ft.BorderSide(0, ft.Colors.TRANSPARENT)
    return {ft.ControlState.FOCUSED: ft.BorderSide(3, color), ft.ControlState.DEFAULT: usual or none}


def primary_button(
    identifier: str, label: str, on_click: Handler, *, disabled: bool = False, **more: Any
) -> ft.Control:
    """Return the one filled button of a screen."""
    style = _full_size(elevation=0, side=ring())
    words = _words(label)
    button = ft.FilledButton(words, on_click=safely(on_click), disabled=disabled, style=style, elevation=0)
    return tid(identifier, button, **more)


def secondary_button(identifier: str, label: str, on_click: Handler, *, disabled: bool = False) -> ft.Control:
    """Return an outlined button, of the same size as the filled one."""
    style = _full_size(color=ft.Colors.ON_SURFACE, side=ring(ft.BorderSide(1.2, ft.Colors.OUTLINE)))
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
    """Return a filled button in the inverse colours, as prominent as the filled one beside it."""
    style = _full_size(
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


def _full_size(**more: Any) -> ft.ButtonStyle:
    """Return the style that the buttons of a screen have in common."""
    return ft.ButtonStyle(shape=_SHAPE, text_style=_BUTTON_TEXT, padding=_BUTTON_SPACE, visual_density=EVEN, **more)


def _words(label: str, spoken_as: str | None = None) -> ft.Text:
    return ft.Text(spoken(label), text_align=ft.TextAlign.CENTER, semantics_label=spoken_as)


def icon_button(
    identifier: str, icon: ft.IconData, label: str, on_click: Handler, color: str = ft.Colors.ON_SURFACE
) -> ft.Semantics:
    """Return an icon button; its name is on the icon, because a tooltip does not name the button."""
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
    """Return the button that does what pulling down does, for mouse, keyboard and screen reader."""
    return icon_button(identifier, ft.Icons.REFRESH_ROUNDED, texts.REFRESH, pull.refresh)
