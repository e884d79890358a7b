"""A message over the scanner, one tap away from the next try."""

from collections.abc import Callable

import flet as ft

from mobile_app.state.notices import Notice
from mobile_app.ui.buttons import primary_button
from mobile_app.ui.components import from_below, text, tid


def notice_card(notice: Notice, again: Callable[[], None]) -> ft.Control:
    """Return a card at the bottom of the scanner that says what is wrong with the code."""
    card = ft.Container(
        ft.Column(
            [
                tid("problem.title", text(notice.title, 20, bold=True), header=True, heading_level=2),
                tid("problem.detail", text(notice.detail, 15, muted=True), live_region=True),
                ft.Container(height=4),
                primary_button("problem.action", notice.action, again),
            ],
            spacing=8,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=ft.Colors.SURFACE_BRIGHT,
        border_radius=24,
        padding=22,
        margin=12,
    )
    return from_below(card)
