"""Linked businesses, one of them, and revoking behind a sheet that says what stops."""

from typing import Any

import flet as ft

from mobile_app import drawings, routes, texts
from mobile_app.components import (
    back_button,
    gap,
    go,
    hairline,
    primary_button,
    quiet_button,
    safely,
    screen,
    spinner,
    text,
    tid,
    toast,
    top_bar,
    use_app,
)
from mobile_app.state import AppState
from mobile_app.views.consent_parts import card, fact
from mobile_app.views.problem import trouble_panel
from mobile_app.views.sheets import sheet
from shared.permissions import CATALOGUE
from shared.wire import Authorization

Text = texts.Linked


@ft.component
def LinkedBusinesses() -> ft.View:
    """List who may advertise with this account."""
    app = use_app()
    ft.use_effect(app.load_linked, dependencies=[])
    bar = top_bar(Text.TITLE, leading=back_button(routes.PROFILE, "linked.back"))
    if app.linked is None:
        return screen(routes.LINKED, trouble_panel(app) if app.trouble else spinner(), bar=bar)
    if not app.linked:
        return screen(
            routes.LINKED,
            gap(140),
            ft.Icon(ft.Icons.STOREFRONT_ROUNDED, size=48, color=ft.Colors.OUTLINE),
            gap(14),
            tid("linked.empty", text(Text.EMPTY, 20, bold=True, text_align=ft.TextAlign.CENTER)),
            gap(8),
            text(Text.EMPTY_TEXT, 15, muted=True, text_align=ft.TextAlign.CENTER),
            bar=bar,
            padding=36,
        )
    rows: list[ft.Control] = []
    for authorization in app.linked:
        rows += [_row(authorization), ft.Container(hairline(), padding=ft.Padding.only(left=84))]
    return screen(routes.LINKED, gap(6), *rows[:-1], bar=bar, padding=0)


def _row(authorization: Authorization) -> ft.Control:
    center = authorization.business_center
    since = f"{Text.SINCE} {texts.Times.date(authorization.granted_at)}"
    one_line: dict[str, Any] = {"no_wrap": True, "overflow": ft.TextOverflow.ELLIPSIS}
    words = ft.Column(
        [
            text(texts.plain(center.name), 16, bold=True, **one_line),
            text(texts.short_list(authorization.permissions), 14, muted=True, **one_line),
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


@ft.component
def LinkedBusiness() -> ft.View:
    """Show what one business may do, and offer to end it."""
    app = use_app()
    authorization_id = ft.use_route_params().get("authorization_id", "")
    asking = ft.use_route_location() == routes.revoke(authorization_id)
    authorization = app.linked_business(authorization_id)
    ft.use_dialog(_revoke_sheet(app, authorization) if asking and authorization else None)
    route = routes.linked(authorization_id)
    bar = top_bar(Text.DETAIL, leading=back_button(routes.LINKED, "linked.detail.back"))
    if authorization is None:
        return screen(route, spinner() if app.linked is None else gap(0), bar=bar)
    center = authorization.business_center
    allowed = [_allowed(CATALOGUE[value].title, CATALOGUE[value].consequence) for value in authorization.permissions]
    refused = [value for value in authorization.requested if value not in authorization.permissions]
    more = [gap(20), text(Text.NOT_GRANTED, 14, muted=True, bold=True), gap(4)] if refused else []
    return screen(
        route,
        gap(14),
        ft.Row([drawings.business(center, 76)], alignment=ft.MainAxisAlignment.CENTER),
        gap(14),
        text(texts.plain(center.name), 24, bold=True, text_align=ft.TextAlign.CENTER),
        gap(20),
        card(
            fact(Text.ID, center.bc_id),
            fact(Text.ASKED_BY, texts.plain(authorization.requested_by)),
            fact(Text.SINCE, texts.Times.date(authorization.granted_at)),
            fact(Text.CHANGED, texts.Times.ago(authorization.updated_at)),
        ),
        gap(24),
        text(Text.CAN, 18, bold=True),
        gap(6),
        *allowed,
        *more,
        *[text(CATALOGUE[value].title, 15, muted=True) for value in refused],
        gap(24),
        bar=bar,
        bottom=ft.Container(
            quiet_button("linked.detail.revoke", Text.REVOKE, go(routes.revoke(authorization_id)), ft.Colors.ERROR),
            padding=ft.Padding.only(left=20, right=20, bottom=16, top=6),
        ),
    )


def _allowed(title: str, consequence: str) -> ft.Control:
    check = ft.Icon(ft.Icons.CHECK_CIRCLE_ROUNDED, size=21, color=ft.Colors.SECONDARY)
    words = ft.Column([text(title, 15, bold=True), text(consequence, 14, muted=True)], spacing=2, expand=True)
    return ft.Container(
        ft.Row([check, words], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        padding=ft.Padding.symmetric(vertical=9),
    )


def _revoke_sheet(app: AppState, authorization: Authorization) -> ft.BottomSheet:
    here, up = routes.revoke(authorization.authorization_id), routes.linked(authorization.authorization_id)

    def closed() -> None:
        page = ft.context.page
        still_linked = app.linked_business(authorization.authorization_id) is not None
        if page.route == here and still_linked and not app.busy:
            page.navigate(up)

    async def revoke() -> None:
        page = ft.context.page
        if await app.revoke(authorization.authorization_id):
            page.navigate(routes.LINKED)
            toast(Text.REVOKED)
        else:
            app.notice = app.trouble
            page.navigate(routes.PROBLEM if app.notice else up)

    stops = [_bullet(Text.STOPS_ADS), _bullet(Text.STOPS_NEW)]
    return sheet(
        text(Text.question(texts.plain(authorization.business_center.name)), 21, bold=True),
        gap(12),
        text(Text.STOPS, 15, muted=True),
        gap(4),
        *stops,
        gap(10),
        text(Text.STAYS, 15, muted=True),
        gap(20),
        primary_button("linked.revoke.confirm", Text.REVOKE, revoke, disabled=app.busy),
        gap(8),
        quiet_button("linked.revoke.cancel", texts.CANCEL, go(up)),
        on_close=closed,
    )


def _bullet(value: str) -> ft.Control:
    cross = ft.Icon(ft.Icons.REMOVE_CIRCLE_OUTLINE_ROUNDED, size=20, color=ft.Colors.ERROR)
    return ft.Container(
        ft.Row([cross, text(value, 15, expand=True)], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        padding=ft.Padding.symmetric(vertical=5),
    )
