"""The camera's picture behind the scanner, and the loop that reads it while the screen is open."""

from collections.abc import Callable
from typing import Any

import flet as ft
import flet_camera as fc

from mobile_app.components import use_once
from mobile_app.live_camera import CameraState, Found, LiveCamera
from mobile_app.scanner import ScannedCode


@ft.component
def CameraPreview(
    found: Found, tell: Callable[[CameraState], None], paused: bool, running: list[LiveCamera]
) -> ft.Control:
    """Show the camera where the device has one; a device without one gets the dark ground alone."""
    page = ft.context.page
    camera = use_once(ft.Ref[fc.Camera])
    latest: dict[str, Any] = use_once(dict)
    latest.update(found=found, paused=paused)

    async def relay(picture: bytes, codes: list[ScannedCode]) -> bool:
        return False if latest["paused"] else bool(await latest["found"](picture, codes))

    run = use_once(lambda: LiveCamera(lambda: camera.current, relay, tell))
    running[:] = [run]

    async def start() -> None:
        if has_camera:
            await run.run()
        else:
            tell(CameraState.MISSING)

    has_camera = page.web or page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
    ft.use_effect(start, dependencies=[], cleanup=run.stop)
    return ft.Container(fc.Camera(ref=camera, expand=True) if has_camera else None, expand=True, bgcolor="#0B0C0F")
