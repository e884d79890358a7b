"""The inbox: what happened to the account, newest first."""

from typing import Final

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_app, use_once
from mobile_app.ui.buttons import refresh_button
from mobile_app.ui.components import after, gap, hairline, screen, spinner, text, tid, top_bar
from mobile_app.ui.pull_to_refresh import Pull
from mobile_app.views.account.tabs import tab_bar
from mobile_app.views.consent.problem import trouble_panel
from shared.events import EventType
from shared.permissions import PERMISSIONS, Permission
from shared.wire import InboxItem

Text = texts.Inbox
_QUIET: Final = (ft.Icons.INFO_OUTLINE_ROUNDED, ft.Colors.SURFACE_CONTAINER_HIGH, ft.Colors.ON_SURFACE_VARIANT)
_GOOD, _ON_GOOD = ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER
_ENDED, _ON_ENDED = ft.Colors.ERROR_CONTAINER, ft.Colors.ON_ERROR_CONTAINER
_SIGNS: Final[dict[str, tuple[ft.IconData, str, str]]] = {
    EventType.LINK_REQUEST_APPROVED: (ft.Icons.CHECK_ROUNDED, _GOOD, _ON_GOOD),
    EventType.LINK_REQUEST_DECLINED: (ft.Icons.CLOSE_ROUNDED, *_QUIET[1:]),
    EventType.LINK_REQUEST_REFUSED: (
        ft.Icons.GPP_MAYBE_OUTLINED,
        ft.Colors.TERTIARY_CONTAINER,
        ft.Colors.ON_TERTIARY_CONTAINER,
    ),
    EventType.AUTHORIZATION_NARROWED: (ft.Icons.TUNE_ROUNDED, *_QUIET[1:]),
    EventType.AUTHORIZATION_REVOKED: (ft.Icons.LINK_OFF_ROUNDED, _ENDED, _ON_ENDED),
    EventType.AUTHORIZATION_UNLINKED: (ft.Icons.LINK_OFF_ROUNDED, _ENDED, _ON_ENDED),
}


@ft.component
def Inbox() -> ft.View:
    """List what happened. Reload it whenever the screen or the app comes into view."""
    app = use_app()
    pull = use_once(lambda: Pull(app.load_inbox))
    ft.use_effect(app.load_inbox, dependencies=[app.shown_count])
    bar, tabs = top_bar(texts.Tabs.INBOX, action=refresh_button("inbox.refresh", pull)), tab_bar(routes.INBOX, pull)
    if app.inbox is None:
        return screen(routes.PROFILE, trouble_panel(app) if app.trouble else spinner(), bar=bar, bottom=tabs, pull=pull)
    if not app.inbox:
        return screen(routes.PROFILE, _empty(), bar=bar, bottom=tabs, scroll=False, pull=pull)
    rows: list[ft.Control] = []
    for number, item in enumerate(app.inbox):
        rows += [_row(number, item), ft.Container(hairline(), padding=after(80))]
    return screen(routes.PROFILE, gap(4), *rows[:-1], gap(12), bar=bar, bottom=tabs, padding=0, pull=pull)


def _empty() -> ft.Control:
    return ft.Container(
        ft.Column(
            [
                ft.Icon(ft.Icons.CHAT_BUBBLE_OUTLINE_ROUNDED, size=44, color=ft.Colors.OUTLINE),
                gap(10),
                tid("inbox.empty", text(Text.EMPTY, 20, bold=True), header=True, heading_level=2),
                text(Text.EMPTY_TEXT, 15, muted=True, text_align=ft.TextAlign.CENTER),
            ],
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=8,
        ),
        expand=True,
        alignment=ft.Alignment.CENTER,
        padding=ft.Padding.symmetric(horizontal=24),
    )


def _row(number: int, item: InboxItem) -> ft.Control:
    center = item.business_center
    name = texts.plain(center.name) if center else Text.SOMEBODY
    sentence, detail = Text.sentence(item.type, name, shorts(item, "removed")), _detail(item)
    words = [
        text(
            sentence,
            16,
            bold=True,
        )
    ]
    if detail:
        words.append(text(detail, 14, muted=True))
    words.append(text(texts.Times.when(item.at), 13, muted=True))
    row = ft.Container(
        ft.Row(
            [sign(item, 44), ft.Column(list(words), spacing=3, expand=True)],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=ft.Padding.symmetric(horizontal=20, vertical=14),
    )
    return tid(f"inbox.row.{number}", row)


def _detail(item: InboxItem) -> str:
    granted = shorts(item, "permissions")
    details: dict[str, str] = {
        EventType.LINK_REQUEST_APPROVED: Text.allowed(granted) if granted else "",
        EventType.LINK_REQUEST_DECLINED: Text.NOTHING_GRANTED,
        EventType.LINK_REQUEST_REFUSED: Text.NOBODY_NAMED,
        EventType.AUTHORIZATION_NARROWED: Text.left(granted) if granted else "",
        EventType.AUTHORIZATION_REVOKED: Text.ENDED,
        EventType.AUTHORIZATION_UNLINKED: Text.ENDED_BY_THEM,
    }
    return details.get(item.type, "")


def shorts(item: InboxItem, name: str) -> str:
    """Return the short names of an item's permissions, without those that this app does not know yet.

    Dots separate them, because one of the names contains a comma.
    """
    values, known = item.data.get(name), set(Permission)
    shown = [Permission(value) for value in values if value in known] if isinstance(values, list) else []
    return " · ".join(PERMISSIONS[permission].short for permission in shown)


def sign(item: InboxItem, size: int) -> ft.Control:
    """Return the round icon for what happened."""
    icon, background, ink = _SIGNS.get(item.type, _QUIET)
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Container(
            ft.Icon(icon, size=size * 0.5, color=ink),
            width=size,
            height=size,
            border_radius=size / 2,
            bgcolor=background,
            alignment=ft.Alignment.CENTER,
        ),
    )


def history_row(item: InboxItem) -> ft.Control:
    """Return an item as one short line of a business's own history."""
    words = ft.Column(
        [
            text(Text.short(item.type, shorts(item, "removed")), 15),
            text(texts.Times.when(item.at), 13, muted=True),
        ],
        spacing=1,
        expand=True,
    )
    row = ft.Container(ft.Row([sign(item, 34), words], spacing=12), padding=ft.Padding.symmetric(vertical=7))
    return ft.MergeSemantics(row)
