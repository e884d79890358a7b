"""The sheets of a linked business: before anything changes, they say what stops and which ads pause."""

from typing import Final

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.ui.buttons import primary_button, quiet_button
from mobile_app.ui.components import gap, go, heading, text, tid, toast
from mobile_app.ui.sheets import back_to, sheet
from shared.permissions import PERMISSIONS, Permission, spark_ads_ready
from shared.wire import AdOfAccount, Authorization

Text = texts.Linked
_NAMED: Final = 4


def linked_sheet(
    app: AppState, authorization: Authorization | None, off: Permission | None, *, revoking: bool
) -> ft.BottomSheet | None:
    """Return the sheet that asks before turning `off` a permission or revoking access, or None."""
    if authorization is None:
        return None
    if revoking:
        return _revoke_sheet(app, authorization)
    if off in authorization.permissions and len(authorization.permissions) > 1:
        return _off_sheet(app, authorization, off)
    return None


def _off_sheet(app: AppState, authorization: Authorization, permission: Permission) -> ft.BottomSheet:
    authorization_id, info = authorization.authorization_id, PERMISSIONS[permission]
    here, up = routes.turn_off(authorization_id, permission.value), routes.linked(authorization_id)

    async def turn_off() -> None:
        if await app.turn_off(authorization_id, permission):
            ft.context.page.navigate(up)
            toast(Text.turned_off(info.short))
        else:
            _show_trouble(app, up)

    stops: list[str] = [info.stops]
    left = [value for value in authorization.permissions if value is not permission]
    if spark_ads_ready(authorization.permissions) and not spark_ads_ready(left):
        stops.append(Text.STOPS_SPARK_ADS)
    pausing = app.pausing(authorization_id, permission)
    return sheet(
        heading(Text.turn_off(info.short), 21),
        gap(12),
        text(Text.STOPS, 15, muted=True),
        gap(4),
        *[_bullet(value) for value in stops],
        *_pausing(pausing),
        gap(10),
        text(Text.AGAIN, 15, muted=True),
        gap(20),
        primary_button("linked.narrow.confirm", Text.TURN_OFF, turn_off, disabled=app.busy),
        gap(8),
        quiet_button("linked.narrow.cancel", Text.KEEP, go(up)),
        on_close=back_to(here, up, lambda: not app.busy),
    )


def _revoke_sheet(app: AppState, authorization: Authorization) -> ft.BottomSheet:
    authorization_id = authorization.authorization_id
    here, up = routes.revoke(authorization_id), routes.linked(authorization_id)
    pausing = app.pausing(authorization_id)

    async def revoke() -> None:
        if await app.revoke(authorization_id):
            ft.context.page.navigate(routes.LINKED)
            toast(Text.revoked(len(pausing or [])))
        else:
            _show_trouble(app, up)

    return sheet(
        heading(Text.question(texts.plain(authorization.business_center.name)), 21),
        gap(12),
        text(Text.STOPS, 15, muted=True),
        gap(4),
        *([_bullet(Text.STOPS_ADS)] if pausing is None else []),
        _bullet(Text.STOPS_NEW),
        *_pausing(pausing),
        gap(10),
        text(Text.STAYS, 15, muted=True),
        gap(20),
        primary_button("linked.revoke.confirm", Text.REVOKE, revoke, disabled=app.busy),
        gap(8),
        quiet_button("linked.revoke.cancel", texts.CANCEL, go(up)),
        on_close=back_to(here, up, lambda: not app.busy and app.linked_business(authorization_id) is not None),
    )


def _show_trouble(app: AppState, up: str) -> None:
    app.notice = app.trouble
    ft.context.page.navigate(routes.PROBLEM if app.notice else up)


def _pausing(ads: list[AdOfAccount] | None) -> list[ft.Control]:
    """Name the first few ads that pause; show nothing until they are known."""
    if ads is None:
        return []
    if not ads:
        return [gap(6), tid("linked.pauses", text(Text.NOTHING_PAUSES, 15, muted=True))]
    names = [_line(ft.Icons.PAUSE_CIRCLE_OUTLINE_ROUNDED, texts.plain(ad.name)) for ad in ads[:_NAMED]]
    more = [text(Text.more_ads(len(ads) - _NAMED), 15, muted=True)] if len(ads) > _NAMED else []
    title = tid("linked.pauses", text(Text.pauses(len(ads)), 15, bold=True))
    return [gap(8), title, gap(2), *names, *more]


def _bullet(value: str) -> ft.Control:
    return _line(ft.Icons.REMOVE_CIRCLE_OUTLINE_ROUNDED, value)


def _line(icon: ft.IconData, value: str) -> ft.Control:
    sign = ft.Icon(icon, size=20, color=ft.Colors.ERROR)
    return ft.Container(
        ft.Row([sign, text(value, 15, expand=True)], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        padding=ft.Padding.symmetric(vertical=5),
    )
