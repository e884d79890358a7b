"""One linked business: what it may do, which ads use the account through it, and its history."""

from typing import Final

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.state.contexts import use_app
from mobile_app.ui import drawings
from mobile_app.ui.buttons import back_button, quiet_button
from mobile_app.ui.components import (
    SWITCH_SPACE,
    gap,
    go,
    hairline,
    heading,
    named,
    safely,
    screen,
    spinner,
    text,
    tid,
    top_bar,
)
from mobile_app.views.account.inbox import history_row
from mobile_app.views.consent.cards import card, fact
from mobile_app.views.linked.ads import linked_ads
from mobile_app.views.linked.sheets import linked_sheet
from shared.languages import gettext
from shared.permissions import NEW_VIDEOS_TITLE, PERMISSIONS, Permission
from shared.wire import Authorization

Text = texts.Linked
_HISTORY_ROWS: Final = 20


@ft.component
def LinkedBusiness() -> ft.View:
    """Show what one business may do and its history, and offer to turn permissions off or to revoke access."""
    app = use_app()
    authorization_id = ft.use_route_params().get("authorization_id", "")
    location = ft.use_route_location()
    authorization = app.linked_business(authorization_id)
    off = next((p for p in Permission if location == routes.turn_off(authorization_id, p.value)), None)
    ft.use_dialog(linked_sheet(app, authorization, off, revoking=location == routes.revoke(authorization_id)))

    async def load() -> None:
        if authorization is not None:  # reloads when a sheet opens, because the sheet says which ads pause
            await app.load_ads(authorization_id)
            await app.load_inbox()

    ft.use_effect(load, dependencies=[authorization and authorization.updated_at, location])
    route = routes.linked(authorization_id)
    bar = top_bar(Text.DETAIL, leading=back_button(routes.LINKED, "linked.detail.back"))
    if authorization is None:
        return screen(route, spinner() if app.linked is None else gap(0), bar=bar)
    center = authorization.business_center
    return screen(
        route,
        gap(14),
        ft.Row([drawings.business(center, 76)], alignment=ft.MainAxisAlignment.CENTER),
        gap(14),
        heading(texts.plain(center.name), 24, text_align=ft.TextAlign.CENTER),
        gap(20),
        card(
            fact(Text.ID, center.bc_id),
            fact(Text.ASKED_BY, texts.plain(authorization.requested_by)),
            fact(Text.SINCE, texts.Times.date(authorization.granted_at)),
            fact(Text.CHANGED, texts.Times.when(authorization.updated_at)),
        ),
        gap(24),
        *_permissions(authorization, off),
        *_not_granted(authorization),
        *linked_ads(app, authorization_id),
        *_history(app, center.bc_id),
        gap(24),
        bar=bar,
        bottom=_bottom(authorization_id),
    )


def _bottom(authorization_id: str) -> ft.Control:
    revoke = quiet_button("linked.detail.revoke", Text.REVOKE, go(routes.revoke(authorization_id)), ft.Colors.ERROR)
    padded = ft.Container(revoke, padding=ft.Padding.only(left=20, right=20, bottom=12, top=6))
    across = ft.CrossAxisAlignment.STRETCH
    return ft.Column([hairline(), padded], spacing=0, horizontal_alignment=across)


def _permissions(authorization: Authorization, asked: Permission | None) -> list[ft.Control]:
    last = len(authorization.permissions) == 1
    rows: list[ft.Control] = []
    for value in authorization.permissions:
        rows += [_permission(authorization, value, on=value is not asked, last=last), hairline()]
    note = Text.LAST if last else Text.CAN_NOTE
    return [heading(Text.CAN), gap(4), text(note, 14, muted=True), gap(6), *rows[:-1]]


def _permission(authorization: Authorization, permission: Permission, *, on: bool, last: bool) -> ft.Control:
    info = PERMISSIONS[permission]
    title, _, mode = info.title.partition(f"{gettext(NEW_VIDEOS_TITLE)}: ")
    words = [text(NEW_VIDEOS_TITLE if mode else title, 16, bold=True)]
    words += [text(mode, 15, bold=True, muted=True)] if mode else []
    words.append(text(info.consequence, 14, muted=True))
    switch = ft.Switch(
        padding=SWITCH_SPACE,
        # A full colour would hide that a switch is disabled.
        active_track_color=ft.Colors.with_opacity(0.4, ft.Colors.SECONDARY) if last else ft.Colors.SECONDARY,
        active_color=ft.Colors.ON_SECONDARY,
        value=on,
        on_change=safely(go(routes.turn_off(authorization.authorization_id, permission.value))),
        disabled=last,
    )
    row = ft.Row(
        [
            ft.Column(list(words), spacing=4, expand=True),
            named(f"linked.detail.switch.{permission.value}", switch, info.title),
        ],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Semantics(container=True, content=ft.Container(row, padding=ft.Padding.symmetric(vertical=14)))


def _not_granted(authorization: Authorization) -> list[ft.Control]:
    refused = [value for value in authorization.requested if value not in authorization.permissions]
    if not refused:
        return []
    titles = [text(PERMISSIONS[value].title, 15, muted=True) for value in refused]
    return [gap(20), heading(Text.NOT_GRANTED, 14, color=ft.Colors.ON_SURFACE_VARIANT), gap(4), *titles]


def _history(app: AppState, bc_id: str) -> list[ft.Control]:
    items = app.history(bc_id)[:_HISTORY_ROWS]
    if not items:
        return []
    rows = ft.Column([history_row(item) for item in items], spacing=0)
    return [gap(28), heading(Text.HISTORY), gap(6), tid("linked.history", ft.Container(rows))]
