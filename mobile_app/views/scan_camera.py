"""The camera's picture behind the scanner, and the loop that reads it while the screen is open."""

import asyncio
from collections.abc import Callable

import flet as ft
import flet_camera as fc

from mobile_app.live_camera import CameraState, Found, LiveCamera
from mobile_app.scanner import ScannedCode


async def _outlive_last_picture(camera: fc.Camera | None) -> None:
    """Keep a camera that has left the screen known for a moment: flet drops the connection over an answer
    from a control that it no longer knows, and the last picture may still be on its way."""
    if camera is not None:
        ft.context.page.session.index[camera._i] = camera
        await asyncio.sleep(2)


@ft.component
def CameraPreview(found: Found, tell: Callable[[CameraState], None], paused: bool) -> ft.Control:
    """Show the camera where the device has one; a device without one gets the dark ground alone."""
    page = ft.context.page
    camera, _ = ft.use_state(lambda: ft.Ref[fc.Camera]())
    latest, _ = ft.use_state(lambda: {})
    latest["found"], latest["paused"] = found, paused

    async def relay(picture: bytes, codes: list[ScannedCode]) -> bool:
        return False if latest["paused"] else bool(await latest["found"](picture, codes))

    run, _ = ft.use_state(lambda: LiveCamera(lambda: camera.current, relay, tell))

    async def start() -> None:
        if has_camera:
            await run.run()
        else:
            tell(CameraState.MISSING)

    async def stop() -> None:
        run.stop()
        await _outlive_last_picture(camera.current)

    has_camera = page.web or page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
    ft.use_effect(start, dependencies=[], cleanup=stop)
    return ft.Container(fc.Camera(ref=camera, expand=True) if has_camera else None, expand=True, bgcolor="#0B0C0F")
