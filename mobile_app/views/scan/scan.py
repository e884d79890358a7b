"""The scanner: live camera where there is one, a picture from the album, or the typed code."""

from typing import Any

import flet as ft

from mobile_app import routes, texts
from mobile_app.camera.live import CameraState
from mobile_app.state.contexts import use_app, use_linking, use_once
from mobile_app.ui.buttons import back_button, quiet_button, ring
from mobile_app.ui.components import from_below, gap, go, safely, text, tid, to_the_left, top_bar
from mobile_app.views.scan.camera_view import AnyCamera, CameraPreview, Torch
from mobile_app.views.scan.finder import Finder
from mobile_app.views.scan.multiple_codes import multiple_codes_screen
from mobile_app.views.scan.notice import notice_card
from mobile_app.views.scan.overlay import WHITE, overlay, words
from shared.languages import marked

Text = texts.Scan
DARK = "#0B0C0F"
_camera: Any = CameraPreview  # with a key, which Flet adds: each reconnect opens the camera again
_STATUS = {
    CameraState.STARTING: marked(Text, "STARTING"),
    CameraState.LIVE: marked(Text, "HINT"),
    CameraState.MISSING: marked(Text, "NO_CAMERA"),
    CameraState.IN_USE: marked(Text, "IN_USE"),
    CameraState.DENIED: marked(Text, "DENIED"),
    CameraState.INSECURE: marked(Text, "INSECURE"),
}


@ft.component
def Scan() -> ft.View:
    """Find a code and follow it; a wrong code is explained here, so that the next try is one tap away."""
    app, linking = use_app(), use_linking()
    page = ft.context.page
    camera, set_camera = ft.use_state(CameraState.STARTING)
    working, set_working = ft.use_state("")
    finder = use_once(lambda: Finder(linking, set_working))
    finder.screen_px = (page.width or 390, page.height or 844)
    picker = use_once(lambda: ft.FilePicker(on_result=safely(finder.picked)))
    running: list[AnyCamera] = use_once(list)
    on_top = ft.use_route_location() == routes.SCAN  # behind the typed code the camera is off
    live = camera is CameraState.LIVE
    ft.use_effect(finder.arrive, dependencies=[], cleanup=finder.leave)
    if linking.multiple_codes:
        layers: list[ft.Control] = [multiple_codes_screen(linking.multiple_codes, finder.choose, finder.again)]
    else:
        layers = [
            _camera(finder.seen, set_camera, running, key=f"camera-{app.returns}") if on_top else gap(0),
            overlay(live, finder.box, *finder.screen_px),
        ]
        if linking.notice:
            layers.append(notice_card(linking.notice, finder.again))
        else:
            other = running[0] if live and running and running[0].can_switch else None
            layers.append(_controls(working or _STATUS[camera], picker, other))
    bar = top_bar(
        Text.SEVERAL if linking.multiple_codes else Text.TITLE,
        leading=back_button(routes.QR, "scan.back", WHITE),
        action=Torch(running, WHITE) if live and not linking.multiple_codes else None,
        color=WHITE,
    )
    layers.append(ft.SafeArea(bar, left=0, right=0, top=0))
    stack = ft.Stack(layers, expand=True, fit=ft.StackFit.EXPAND, rtl=to_the_left())
    return ft.View(route=routes.SCAN, padding=0, spacing=0, bgcolor=DARK, controls=[stack])


def _round(identifier: str, icon: ft.IconData, label: str, **more: object) -> ft.Control:
    style = ft.ButtonStyle(
        bgcolor=ft.Colors.with_opacity(0.16, WHITE),
        color=WHITE,
        shape=ft.CircleBorder(),
        padding=0,
        elevation=0,
        side=ring(color=WHITE),
    )
    button = ft.FilledButton(
        content=ft.Icon(icon, size=26, color=WHITE, semantics_label=label),
        width=60,
        height=60,
        style=style,
        **more,  # type: ignore[arg-type]
    )
    label_below = ft.Semantics(
        exclude_semantics=True, content=text(label, 13, color=WHITE, text_align=ft.TextAlign.CENTER)
    )
    return ft.Column(
        [tid(identifier, button), label_below],
        spacing=8,
        tight=True,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _controls(status: str, picker: ft.FilePicker, camera: AnyCamera | None) -> ft.Control:
    album = _round(
        "scan.album",
        ft.Icons.PHOTO_LIBRARY_OUTLINED,
        Text.ALBUM,
        action=ft.PickFiles(picker, file_type=ft.FilePickerFileType.IMAGE, with_data=True),
    )
    mine = _round("scan.mine", ft.Icons.QR_CODE_2_ROUNDED, Text.MY_CODE, on_click=safely(go(routes.QR)))
    buttons = [album, mine]
    if camera is not None:
        switch = _round("scan.switch", ft.Icons.CAMERASWITCH_ROUNDED, Text.OTHER_CAMERA, on_click=safely(camera.switch))
        buttons.insert(1, switch)
    column = ft.Column(
        [
            words(status),
            gap(14),
            quiet_button("scan.type", Text.TYPE, go(routes.TYPED), WHITE),
            gap(8),
            ft.Row(buttons, spacing=8, vertical_alignment=ft.CrossAxisAlignment.START),
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return from_below(ft.Container(column, padding=ft.Padding.only(left=28, right=28, bottom=26)))
