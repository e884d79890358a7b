"""The camera's picture behind the scanner, and the loop that reads it while the screen is open."""

from collections.abc import Callable

import flet as ft
import flet_camera as fc

from mobile_app.camera.desktop import DesktopCamera
from mobile_app.camera.live import CameraState, Found, LiveCamera
from mobile_app.state.contexts import use_app, use_once
from mobile_app.texts import Scan as Text
from mobile_app.ui.buttons import icon_button
from mobile_app.ui.components import gap, safely

AnyCamera = LiveCamera | DesktopCamera
_GROUND = "#0B0C0F"
_PHONES = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


def local_camera(page: ft.Page, named: int | str | None) -> int | str | None:
    """Return the camera that OpenCV should open, or None if the client has the camera.

    `named` is the camera set in `Services`. Without it, a desktop window opens the first device, and a browser or a
    phone uses its own camera.
    """
    if named is not None:
        return named
    return None if page.web or page.platform in _PHONES else 0


@ft.component
def CameraPreview(found: Found, tell: Callable[[CameraState], None], running: list[AnyCamera]) -> ft.Control:
    """Show the camera: the client's own or the one that OpenCV reads.

    `running` contains the reading loop, so that others can switch the light or the camera.
    """
    source = local_camera(ft.context.page, use_app().services.camera)
    camera = use_once(ft.Ref[fc.Camera])
    picture = use_once(ft.Ref[ft.RawImage])

    def make() -> AnyCamera:
        if source is None:
            return LiveCamera(lambda: camera.current, found, tell)
        return DesktopCamera(source, lambda: picture.current, found, tell)

    run = use_once(make)
    running[:] = [run]
    ft.use_effect(safely(run.run), dependencies=[], cleanup=run.stop)
    if source is None:
        content: ft.Control = fc.Camera(ref=camera, expand=True)
    else:
        content = ft.RawImage(ref=picture, fit=ft.BoxFit.COVER, expand=True)
    return ft.Container(content, expand=True, bgcolor=_GROUND)


@ft.component
def Torch(running: list[AnyCamera], color: str) -> ft.Control:
    """Switch the phone's light. Disappears if there is none."""
    has_light, set_has_light = ft.use_state(bool(running) and running[0].has_light)
    lit, set_lit = ft.use_state(False)

    async def switch() -> None:
        done = bool(running) and await running[0].light(not lit)
        set_lit(done and not lit)
        set_has_light(done)

    if not has_light:
        return gap(0)
    icon = ft.Icons.FLASHLIGHT_ON_ROUNDED if lit else ft.Icons.FLASHLIGHT_OFF_ROUNDED
    return icon_button("scan.torch", icon, Text.TORCH, switch, color)
