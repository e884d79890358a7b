"""The scanner: live camera where there is one, a picture from the album, or the typed code."""

import asyncio

import flet as ft

from mobile_app import drawings, routes, texts
from mobile_app.components import back_button, gap, go, quiet_button, safely, text, tid, top_bar, use_app, use_linking
from mobile_app.linking import LinkingState, Several
from mobile_app.live_camera import CameraState
from mobile_app.notices import Notice
from mobile_app.views.scan_camera import CameraPreview
from mobile_app.views.scan_notice import notice_card
from mobile_app.views.scan_several import several_codes

Text = texts.Scan
WHITE, DARK = "#FFFFFF", "#0B0C0F"
WINDOW_PX = 264
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
    notice, set_notice = ft.use_state(None)

    async def follow(outcome: str | Notice | Several | None) -> bool:
        """Go where a picture leads; True when the camera can rest."""
        set_working("")
        if isinstance(outcome, str):
            ft.context.page.navigate(outcome)
        elif isinstance(outcome, Notice):
            set_notice(outcome)
        return outcome is not None

    async def picked(event: ft.FilePickerResultEvent) -> None:
        if not event.files:
            return
        set_notice(None)
        set_working(Text.READING)
        await follow(await linking.read_picture(event.files[0].bytes or b""))

    async def seen(picture: bytes, codes: list[object]) -> bool:
        if linking.several or notice or working:
            return False
        set_working(Text.OPENING)
        await vibrate()
        return await follow(await linking.follow_codes(picture, codes))

    async def choose(value: str) -> None:
        set_working(Text.OPENING)
        await follow(await linking.follow(value))

    def again() -> None:
        set_notice(None)
        linking.several = None

    picker, _ = ft.use_state(lambda: ft.FilePicker(on_result=safely(picked)))
    ft.use_effect(lambda: None, dependencies=[], cleanup=again)
    if linking.several:
        layers: list[ft.Control] = [several_codes(linking.several, choose, again)]
    else:
        layers = [
            CameraPreview(seen, set_camera, paused=bool(notice or working)),
            _overlay(working or _STATUS[camera], camera is CameraState.LIVE, bool(working)),
            _controls(picker),
        ]
        if notice:
            layers.append(notice_card(notice, again))
    bar = top_bar(Text.SEVERAL if linking.several else Text.TITLE, leading=back_button(routes.QR, "scan.back", WHITE), color=WHITE)
    layers.append(ft.SafeArea(bar, left=0, right=0, top=0))
    return ft.View(
        route=routes.SCAN, padding=0, spacing=0, bgcolor=DARK, controls=[ft.Stack(layers, expand=True, fit=ft.StackFit.EXPAND)]
    )


async def vibrate() -> None:
    """Tap the person's finger, where the device can."""
    try:
        await asyncio.wait_for(ft.HapticFeedback().medium_impact(), 0.5)
    except (RuntimeError, TimeoutError):
        return


def _overlay(status: str, live: bool, busy: bool) -> ft.Control:
    window = ft.Stack(
        [
            ft.Container(drawings.brackets(WINDOW_PX), scale=0.94 if busy else 1, animate_scale=ft.Animation(180, ft.AnimationCurve.EASE_OUT)),
            MovingLine() if live and not busy else gap(0),
        ],
        width=WINDOW_PX,
        height=WINDOW_PX,
        clip_behavior=ft.ClipBehavior.NONE,
    )
    words = ft.Container(
        tid("scan.status", text(status, 16, color=WHITE, text_align=ft.TextAlign.CENTER), live_region=True),
        padding=ft.Padding.symmetric(horizontal=36),
        height=76,
        alignment=ft.Alignment.TOP_CENTER,
    )
    return ft.Container(
        ft.Column(
            [window, gap(28), words],
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=0,
        ),
        alignment=ft.Alignment.CENTER,
        padding=ft.Padding.only(bottom=110),
        ignore_interactions=True,
    )


@ft.component
def MovingLine() -> ft.Control:
    """A line that wanders slowly through the window."""
    low, set_low = ft.use_state(False)

    async def wander() -> None:
        await asyncio.sleep(0.1)
        while True:
            set_low(lambda before: not before)
            await asyncio.sleep(1.9)

    task: ft.Ref[asyncio.Task[None]] = ft.use_ref(None)

    def start() -> None:
        task.current = asyncio.create_task(wander())

    def stop() -> None:
        if task.current:
            task.current.cancel()

    ft.use_effect(start, dependencies=[], cleanup=stop)
    return ft.Container(
        left=18,
        right=18,
        top=WINDOW_PX - 24 if low else 22,
        height=2.5,
        border_radius=2,
        gradient=ft.LinearGradient(["#00FF8266", "#FFFF8266", "#00FF8266"]),
        animate_position=ft.Animation(1850, ft.AnimationCurve.EASE_IN_OUT),
    )


def _round(identifier: str, icon: ft.IconData, label: str, **more: object) -> ft.Control:
    style = ft.ButtonStyle(
        bgcolor=ft.Colors.with_opacity(0.16, WHITE), color=WHITE, shape=ft.CircleBorder(), padding=0, elevation=0
    )
    button = ft.FilledButton(
        content=ft.Icon(icon, size=26, color=WHITE, semantics_label=label), width=60, height=60, style=style, **more  # type: ignore[arg-type]
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
