"""The account's own code on a full-bleed colour, with the Scan icon at the top right."""

import asyncio
import logging

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_app, use_once
from mobile_app.ui import drawings, qr_card, theme
from mobile_app.ui.buttons import EVEN, back_button, icon_button, quiet_button, ring
from mobile_app.ui.components import Handler, gap, go, safely, screen, text, tid, to_the_left, toast, top_bar
from shared.qr import draw_png, format_profile
from shared.wire import Account

log = logging.getLogger(__name__)
Text = texts.Qr
_WHITE = "#FFFFFF"


@ft.component
def QrCode() -> ft.View:
    """Show the code that leads to this account's profile card."""
    app = use_app()
    start = app.account.avatar_hue if app.account else 0
    turn, set_turn = ft.use_state(0)
    account = app.account
    if account is None:
        return screen(routes.QR)
    hue = start if turn == 0 else theme.QR_HUES[(turn - 1) % len(theme.QR_HUES)]
    link = format_profile(app.base_url, account.handle)
    picture = use_once(lambda: draw_png(link, 8))

    async def save() -> None:
        image = await asyncio.to_thread(qr_card.draw, account, link, hue)
        await ft.FilePicker().save_file(file_name=f"sparklink-{account.handle}.png", src_bytes=image)
        toast(Text.SAVED)

    async def recolour() -> None:
        set_turn(turn + 1)

    middle = ft.Column(
        [
            _card(account, picture),
            gap(26),
            _save_and_share(save, lambda: _share(link)),
            gap(10),
            quiet_button("qr.colour", Text.RECOLOUR, recolour, _WHITE),
        ],
        spacing=0,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        scroll=ft.ScrollMode.HIDDEN,
    )
    scan = icon_button("qr.scan", ft.Icons.QR_CODE_SCANNER_ROUNDED, Text.SCAN, go(routes.SCAN), _WHITE)
    bar = top_bar(Text.TITLE, leading=back_button(routes.PROFILE, "qr.back", _WHITE), action=scan, color=_WHITE)
    column = ft.Column([bar, ft.Container(middle, expand=True, alignment=ft.Alignment.CENTER)], spacing=0, expand=True)
    anywhere = ft.GestureDetector(
        _on_colour(column, hue), on_tap=safely(recolour), exclude_from_semantics=True, expand=True
    )
    return ft.View(route=routes.QR, padding=0, spacing=0, controls=[anywhere])


def _save_and_share(save: Handler, share: Handler) -> ft.Control:
    return ft.Row(
        [
            _pill("qr.save", ft.Icons.DOWNLOAD_ROUNDED, Text.SAVE, save),
            _pill("qr.share", ft.Icons.IOS_SHARE_ROUNDED, Text.SHARE, share),
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=12,
        run_spacing=12,
        wrap=True,
    )


def _on_colour(content: ft.Control, hue: int) -> ft.Control:
    """Return the whole screen in one colour. A change of colour fades."""
    return ft.Container(
        ft.SafeArea(content, expand=True, rtl=to_the_left()),
        expand=True,
        gradient=ft.LinearGradient(
            list(theme.qr_background(hue)), begin=ft.Alignment.TOP_LEFT, end=ft.Alignment.BOTTOM_RIGHT
        ),
        animate=ft.Animation(350, ft.AnimationCurve.EASE_IN_OUT),
    )


def _card(account: Account, picture: bytes) -> ft.Control:
    """Return the white card with the code; the avatar overlaps its upper edge."""
    code = ft.Image(
        src=picture, width=236, height=236, filter_quality=ft.FilterQuality.NONE, exclude_from_semantics=True
    )
    mark = [drawings.mark(20), text(texts.APP_NAME, 13, bold=True, color=theme.INK)]
    column = ft.Column(
        [
            gap(52),
            text(texts.plain(account.display_name), 20, bold=True, color=theme.INK, text_align=ft.TextAlign.CENTER),
            text(f"@{account.handle}", 15, color="#5B606B", text_align=ft.TextAlign.CENTER),
            gap(8),
            ft.Semantics(label=f"{Text.TITLE}, @{account.handle}", image=True, container=True, content=code),
            gap(6),
            ft.Row(mark, alignment=ft.MainAxisAlignment.CENTER, spacing=6),
            gap(22),
        ],
        spacing=2,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    card = ft.Container(
        column,
        bgcolor=_WHITE,
        border_radius=28,
        margin=ft.Margin.only(top=44),
        shadow=ft.BoxShadow(blur_radius=40, color=ft.Colors.with_opacity(0.18, "#000000"), offset=ft.Offset(0, 12)),
    )
    face = ft.Container(drawings.avatar(account, 88, _WHITE), alignment=ft.Alignment.TOP_CENTER)
    return ft.Container(ft.Stack([card, face], clip_behavior=ft.ClipBehavior.NONE), width=306)


async def _share(link: str) -> None:
    """Open the phone's share sheet; elsewhere, copy the link."""
    if ft.context.page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS):
        try:
            await ft.Share().share_text(link, title=texts.APP_NAME)
            return
        except RuntimeError:  # a browser without a share sheet
            log.debug("no share sheet; the link is copied instead")
    await ft.Clipboard().set(link)
    toast(Text.COPIED)


def _pill(identifier: str, icon: ft.IconData, label: str, on_click: Handler) -> ft.Control:
    style = ft.ButtonStyle(
        bgcolor=ft.Colors.with_opacity(0.2, _WHITE),
        color=_WHITE,
        icon_size=20,
        shape=ft.StadiumBorder(),
        text_style=ft.TextStyle(size=15, weight=ft.FontWeight.W_600),
        padding=ft.Padding.symmetric(horizontal=18, vertical=14),
        visual_density=EVEN,
        side=ring(color=_WHITE),
    )
    button = ft.FilledButton(label, icon=icon, on_click=safely(on_click), style=style, elevation=0)
    return tid(identifier, button)
