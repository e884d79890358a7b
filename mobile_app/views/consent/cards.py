"""The cards of the consent screen: who asks, the facts, the message, the level, what would change."""

import flet as ft

from mobile_app import texts
from mobile_app.ui import drawings
from mobile_app.ui.components import gap, heading, text, tid
from shared.languages import spoken
from shared.permissions import PERMISSIONS
from shared.wire import Preview

Text = texts.Consent


def pill(label: str, background: str, ink: str, icon: ft.IconData | None = None) -> ft.Control:
    """Return a small rounded label."""
    parts: list[ft.Control] = [ft.Icon(icon, size=14, color=ink)] if icon else []
    parts.append(text(label, 12, color=ink, weight=ft.FontWeight.W_600))
    return ft.Container(
        ft.Row(parts, spacing=4, tight=True),
        bgcolor=background,
        border_radius=8,
        padding=ft.Padding.symmetric(horizontal=8, vertical=3),
    )


def card(*controls: ft.Control) -> ft.Semantics:
    """Return a plain box around a few lines that a screen reader reads together."""
    box = ft.Container(
        ft.Column(list(controls), spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=16,
        padding=16,
    )
    return ft.Semantics(container=True, content=box)


def who(preview: Preview) -> list[ft.Control]:
    """Return the two sides joined by a line, and who wants what. The business's name is a separate text."""
    center, account = preview.business_center, preview.account
    name = texts.plain(center.name)
    line = ft.Container(width=44, height=2, bgcolor=ft.Colors.OUTLINE_VARIANT)
    joined = ft.Row(
        [drawings.business(center, 60), line, drawings.avatar(account, 60)],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=10,
    )
    badge = (
        pill(Text.VERIFIED, ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER, ft.Icons.VERIFIED_ROUNDED)
        if center.verified
        else pill(
            Text.NOT_VERIFIED,
            ft.Colors.TERTIARY_CONTAINER,
            ft.Colors.ON_TERTIARY_CONTAINER,
            ft.Icons.GPP_MAYBE_OUTLINED,
        )
    )
    centred = ft.TextAlign.CENTER
    wants = Text.wants(account.handle)
    sentence = f"{name} {wants}"
    words = ft.Column(
        [
            text(name, 23, bold=True, text_align=centred),
            text(wants, 16, text_align=centred),
        ],
        spacing=2,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    asked = Text.asked(texts.plain(preview.requested_by), texts.Times.ago(preview.requested_at))
    return [
        joined,
        gap(14),
        tid("consent.who", ft.Container(words), sentence, header=True, heading_level=2, exclude_semantics=True),
        gap(10),
        ft.Row([badge], alignment=ft.MainAxisAlignment.CENTER),
        gap(8),
        text(Text.bc(center.bc_id), 14, muted=True, text_align=centred),
        text(asked, 14, muted=True, text_align=centred),
    ]


def fact(label: str, value: str) -> ft.Control:
    """Return one line of a card: label on the left, value on the right."""
    return ft.Row(
        [
            text(label, 14, muted=True),
            text(value, 14),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        spacing=16,
        wrap=True,
    )


def until_card(preview: Preview) -> ft.Control:
    """Return how long the request and the permission last, and how to take the permission back."""
    return card(
        text(Text.UNTIL, 15, bold=True),
        text(Text.until(texts.Times.left(preview.expires_at)), 14, muted=True),
        text(Text.REVOKE_HOW, 14, muted=True),
    )


def message_card(preview: Preview) -> list[ft.Control]:
    """Return the business's message, marked as its words."""
    if not preview.message:
        return []
    return [gap(12), card(text(Text.MESSAGE, 13, muted=True, bold=True), text(texts.plain(preview.message), 15))]


def level_card(preview: Preview) -> ft.Control:
    """Return the permission level and what it does not allow."""
    return ft.Column(
        [
            text(Text.LEVEL_NOTE.upper(), 12, muted=True, bold=True, semantics_label=spoken(Text.LEVEL_NOTE)),
            heading(preview.level_title, 20),
            text(preview.level_explanation, 15, muted=True),
        ],
        spacing=4,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def changes_card(preview: Preview) -> list[ft.Control]:
    """Return what approving everything would change in an existing link."""
    if not preview.already_linked:
        return []
    kinds = (
        (Text.NEW, preview.changes.added, "+", ft.Colors.PRIMARY),
        (Text.REMOVED, preview.changes.removed, "−", ft.Colors.ERROR),
        (Text.KEPT, preview.changes.kept, "=", ft.Colors.ON_SURFACE_VARIANT),
    )
    lines: list[ft.Control] = []
    for label, permissions, sign, color in kinds:
        for permission in permissions:
            title = PERMISSIONS[permission].short
            lines.append(
                ft.Row(
                    [
                        ft.Semantics(exclude_semantics=True, content=text(sign, 17, bold=True, color=color, width=16)),
                        ft.Column([text(title, 14), text(label, 13, color=color)], spacing=0, expand=True),
                    ],
                    spacing=8,
                )
            )
    box = card(heading(Text.CHANGES, 15), *lines)
    return [gap(12), ft.Semantics(identifier="consent.changes", content=box)]
