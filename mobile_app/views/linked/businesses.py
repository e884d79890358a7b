"""The list of linked businesses."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_app, use_once
from mobile_app.ui import drawings
from mobile_app.ui.buttons import back_button, refresh_button
from mobile_app.ui.components import after, gap, go, hairline, safely, screen, spinner, text, tid, top_bar
from mobile_app.ui.pull_to_refresh import Pull
from mobile_app.views.consent.problem import trouble_panel
from shared.wire import Authorization

Text = texts.Linked


@ft.component
def LinkedBusinesses() -> ft.View:
    """List who may advertise with this account."""
    app = use_app()
    pull = use_once(lambda: Pull(app.load_linked))
    ft.use_effect(app.load_linked, dependencies=[app.shown_count])
    refresh = refresh_button("linked.refresh", pull)
    bar = top_bar(Text.TITLE, leading=back_button(routes.PROFILE, "linked.back"), action=refresh)
    if app.linked is None:
        return screen(routes.LINKED, trouble_panel(app) if app.trouble else spinner(), bar=bar, pull=pull)
    if not app.linked:
        return screen(
            routes.LINKED,
            gap(140),
            ft.Icon(ft.Icons.STOREFRONT_ROUNDED, size=48, color=ft.Colors.OUTLINE),
            gap(14),
            tid(
                "linked.empty",
                text(Text.EMPTY, 20, bold=True, text_align=ft.TextAlign.CENTER),
                header=True,
                heading_level=2,
            ),
            gap(8),
            text(Text.EMPTY_TEXT, 15, muted=True, text_align=ft.TextAlign.CENTER),
            bar=bar,
            padding=36,
            pull=pull,
        )
    rows: list[ft.Control] = []
    for authorization in app.linked:
        rows += [_row(authorization), ft.Container(hairline(), padding=after(84))]
    return screen(routes.LINKED, gap(6), *rows[:-1], bar=bar, padding=0, pull=pull)


def _row(authorization: Authorization) -> ft.Control:
    center = authorization.business_center
    since = f"{Text.SINCE} {texts.Times.date(authorization.granted_at)}"
    words = ft.Column(
        [
            text(texts.plain(center.name), 16, bold=True),
            text(texts.short_list(authorization.permissions), 14, muted=True),
            text(since, 13, muted=True),
        ],
        spacing=2,
        expand=True,
    )
    row = ft.Container(
        ft.Row(
            [drawings.business(center, 48), words, ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=ft.Colors.OUTLINE)],
            spacing=16,
        ),
        padding=ft.Padding.symmetric(horizontal=20, vertical=12),
        ink=True,
        on_click=safely(go(routes.linked(authorization.authorization_id))),
    )
    return tid(f"linked.row.{center.bc_id}", row, button=True)
