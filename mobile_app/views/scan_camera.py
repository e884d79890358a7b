"""The camera's picture behind the scanner, and the loop that reads it while the screen is open."""

from collections.abc import Callable

import flet as ft
import flet_camera as fc

from mobile_app.components import use_once
from mobile_app.live_camera import CameraState, Found, LiveCamera


@ft.component
def CameraPreview(found: Found, tell: Callable[[CameraState], None], running: list[LiveCamera]) -> ft.Control:
    """Show the camera where the device has one; a device without one gets the dark ground alone.

    The loop stands in `running` while it runs, for whoever wants to switch its light.
    """
    page = ft.context.page
    camera = use_once(ft.Ref[fc.Camera])
    run = use_once(lambda: LiveCamera(lambda: camera.current, found, tell))
    running[:] = [run]

    async def start() -> None:
        if has_camera:
            await run.run()
        else:
            tell(CameraState.MISSING)

    has_camera = page.web or page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
    ft.use_effect(start, dependencies=[], cleanup=run.stop)
    return ft.Container(fc.Camera(ref=camera, expand=True) if has_camera else None, expand=True, bgcolor="#0B0C0F")
