"""Text fields in the app's style."""

from typing import Any

import flet as ft


def field(
    label: str, value: str, error: str, on_change: ft.ControlEventHandler[ft.TextField], **more: Any
) -> ft.TextField:
    """Return a text field with its error under it."""
    return ft.TextField(
        label=label,
        value=value,
        error=error or None,
        error_max_lines=8,
        on_change=on_change,
        border={
            ft.ControlState.DEFAULT: _edge(1, ft.Colors.OUTLINE_VARIANT),
            ft.ControlState.FOCUSED: _edge(2, ft.Colors.PRIMARY),
            ft.ControlState.ERROR: _edge(1.5, ft.Colors.ERROR),
        },
        filled=True,
        fill_color=ft.Colors.SURFACE_CONTAINER_LOW,
        content_padding=ft.Padding.symmetric(horizontal=16, vertical=18),
        autocorrect=False,
        enable_suggestions=False,
        **more,
    )


def _edge(width: float, color: str) -> ft.OutlineInputBorder:
    return ft.OutlineInputBorder(border_radius=14, side=ft.BorderSide(width, color))
