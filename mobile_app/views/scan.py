"""The scanner: live camera where there is one, a picture from the album, or the typed code."""

import asyncio

import flet as ft

from mobile_app import routes, texts
from mobile_app.components import (
    Handler,
    back_button,
    gap,
    go,
    icon_button,
    quiet_button,
    safely,
    text,
    tid,
    top_bar,
    use_app,
    use_linking,
    use_once,
)
from mobile_app.linking import Several
from mobile_app.live_camera import CameraState, LiveCamera
from mobile_app.notices import Notice
from mobile_app.scanner import ScannedCode
from mobile_app.views.scan_camera import CameraPreview
from mobile_app.views.scan_notice import notice_card
from mobile_app.views.scan_overlay import WHITE, Box, around, overlay
from mobile_app.views.scan_several import several_codes

Text = texts.Scan
DARK = "#0B0C0F"
SNAP_SECONDS = 0.4  # long enough to see which code was meant
_STATUS = {
    CameraState.STARTING: Text.STARTING,
    CameraState.LIVE: Text.HINT,
    CameraState.MISSING: Text.NO_CAMERA,
    CameraState.DENIED: Text.DENIED,
    CameraState.INSECURE: Text.INSECURE,
}


@ft.component
def Scan() -> ft.View:
    """Find a code and follow it; a wrong code is explained here, so that the next try is one tap away."""
    use_app()
    linking = use_linking()
    camera, set_camera = ft.use_state(CameraState.STARTING)
    working, set_working = ft.use_state("")
    boxes: list[Box] = use_once(list)  # where the code is that was seen, while it is followed
    width, height = ft.context.page.width or 390, ft.context.page.height or 844
    notice = linking.notice
    lit, set_lit = ft.use_state(False)
    has_torch, set_has_torch = ft.use_state(ft.context.page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS))
    running: list[LiveCamera] = use_once(list)
    on_top = ft.use_route_location() == routes.SCAN  # behind the typed code the camera is off

    async def follow(outcome: str | Notice | Several | None) -> bool:
        """Go where a picture leads; True when the camera has done its work."""
        set_working("")
        if isinstance(outcome, str):
            ft.context.page.navigate(outcome)
        elif isinstance(outcome, Notice):
            linking.notice = outcome
        return isinstance(outcome, str | Several)

    async def picked(event: ft.FilePickerResultEvent) -> None:
        if not event.files:
            return
        linking.notice = None
        boxes.clear()
        set_working(Text.READING)
        await follow(await linking.read_picture(event.files[0].bytes or b""))

    async def seen(picture: bytes, codes: list[ScannedCode]) -> bool:
        if linking.several or notice or working:
            return False
        found = around(picture, codes, width, height)
        boxes[:] = [found] if found and len(codes) == 1 else []
        set_working(Text.OPENING)
        outcome, _, _ = await asyncio.gather(
            linking.follow_codes(picture, codes), vibrate(), asyncio.sleep(SNAP_SECONDS)
        )
        return await follow(outcome)

    async def choose(value: str) -> None:
        set_working(Text.OPENING)
        await follow(await linking.follow(value))

    async def torch() -> None:
        done = bool(running) and await running[0].light(not lit)
        set_lit(done and not lit)
        set_has_torch(done)

    def again() -> None:
        linking.notice = None
        linking.several = None

    status = working or _STATUS[camera]
    picker = use_once(lambda: ft.FilePicker(on_result=safely(picked)))
    ft.use_effect(lambda: None, dependencies=[], cleanup=again)
    if linking.several:
        layers: list[ft.Control] = [several_codes(linking.several, choose, again)]
    else:
        layers = [
            CameraPreview(seen, set_camera, paused=bool(notice or working), running=running) if on_top else gap(0),
            overlay(status, camera is CameraState.LIVE, boxes[0] if boxes and working else None, width, height),
            _controls(picker),
        ]
        if notice:
            layers.append(notice_card(notice, again))
    bar = top_bar(
        Text.SEVERAL if linking.several else Text.TITLE,
        leading=back_button(routes.QR, "scan.back", WHITE),
        action=_torch(lit, torch) if has_torch and camera is CameraState.LIVE and not linking.several else None,
        color=WHITE,
    )
    layers.append(ft.SafeArea(bar, left=0, right=0, top=0))
    return ft.View(
        route=routes.SCAN,
        padding=0,
        spacing=0,
        bgcolor=DARK,
        controls=[ft.Stack(layers, expand=True, fit=ft.StackFit.EXPAND)],
    )


def _torch(lit: bool, switch: Handler) -> ft.Control:
    icon = ft.Icons.FLASHLIGHT_ON_ROUNDED if lit else ft.Icons.FLASHLIGHT_OFF_ROUNDED
    return icon_button("scan.torch", icon, Text.TORCH, switch, WHITE)


async def vibrate() -> None:
    """Tap the person's finger, where the device can."""
    try:
        await asyncio.wait_for(ft.HapticFeedback().medium_impact(), 0.5)
    except (RuntimeError, TimeoutError):
        return


def _round(identifier: str, icon: ft.IconData, label: str, **more: object) -> ft.Control:
    style = ft.ButtonStyle(
        bgcolor=ft.Colors.with_opacity(0.16, WHITE), color=WHITE, shape=ft.CircleBorder(), padding=0, elevation=0
    )
    button = ft.FilledButton(
        content=ft.Icon(icon, size=26, color=WHITE, semantics_label=label),
        width=60,
        height=60,
        style=style,
        **more,  # type: ignore[arg-type]
    )
    label_below = ft.Semantics(exclude_semantics=True, content=text(label, 13, color=WHITE))
    return ft.Column(
        [tid(identifier, button), label_below],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _controls(picker: ft.FilePicker) -> ft.Control:
    album = _round(
        "scan.album",
        ft.Icons.PHOTO_LIBRARY_OUTLINED,
        Text.ALBUM,
        action=ft.PickFiles(picker, file_type=ft.FilePickerFileType.IMAGE, with_data=True),
    )
    mine = _round("scan.mine", ft.Icons.QR_CODE_2_ROUNDED, Text.MY_CODE, on_click=safely(go(routes.QR)))
    column = ft.Column(
        [
            quiet_button("scan.type", Text.TYPE, go(routes.TYPED), WHITE),
            gap(8),
            ft.Row([album, mine], alignment=ft.MainAxisAlignment.SPACE_BETWEEN),
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.SafeArea(
        ft.Container(column, padding=ft.Padding.only(left=40, right=40, bottom=26)), left=0, right=0, bottom=0
    )
