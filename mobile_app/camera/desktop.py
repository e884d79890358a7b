"""The camera of a desktop window: OpenCV reads it in a thread, the app shows every frame and reads the newest.

flet-camera has no desktop platform. Frames are shown as JPEG through `RawImage`, the quickest way there is, and
wait at most one deep on both ways: a slow screen or a slow reader drops frames and never falls behind.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import cv2
import flet as ft

from mobile_app.camera.live import CameraState, Found
from mobile_app.scanner import ScannedCode
from mobile_app.scanner.video.camera import Camera, CameraUnavailable
from mobile_app.scanner.video.frames import FrameReader

log = logging.getLogger(__name__)

FRAMES_PER_SECOND: Final = 24
READS_PER_SECOND: Final = 8  # of a look that costs up to 30 ms: half a core is the limit for everything together
SHOWN_WIDTH_PX: Final = 640
_QUALITY: Final = [cv2.IMWRITE_JPEG_QUALITY, 75]
_DENIED: Final = {"no-permission", "busy-or-denied"}


class Newest:
    """A place for one thing: what is put there replaces what nobody has taken."""

    def __init__(self) -> None:
        self._thing: Any = None
        self._there = asyncio.Event()

    def put(self, thing: Any) -> None:
        """Put a thing, from the event loop's own thread."""
        self._thing = thing
        self._there.set()

    async def take(self) -> Any:
        """Wait for a thing and take it away."""
        await self._there.wait()
        self._there.clear()
        return self._thing


class DesktopCamera:
    """One run of a local camera, from opening the screen to leaving it; the same verbs as `LiveCamera`."""

    has_light = False
    can_switch = False

    def __init__(
        self,
        source: int | str,
        screen: Callable[[], ft.RawImage | None],
        found: Found,
        tell: Callable[[CameraState], None],
    ) -> None:
        """`source` is the number of a device, or the path of a video that is played as one, again and again."""
        self._source = source
        self._screen = screen
        self._found = found
        self._tell = tell
        self._to_show, self._to_read = Newest(), Newest()
        self._ended = threading.Event()
        self._task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Open the camera and read until a code was followed or `stop`; the device is released before this ends."""
        self._task = asyncio.current_task()
        capture = asyncio.create_task(asyncio.to_thread(self._capture, asyncio.get_running_loop()))
        work = [asyncio.create_task(self._show()), asyncio.create_task(self._read())]
        try:
            await asyncio.wait([capture, *work], return_when=asyncio.FIRST_COMPLETED)
            if capture.done():
                await capture
        except CameraUnavailable as failure:
            log.info("no camera: %s", failure)
            self._tell(CameraState.DENIED if failure.reason in _DENIED else CameraState.MISSING)
        finally:
            self._ended.set()
            for task in work:
                task.cancel()
            await asyncio.gather(capture, *work, return_exceptions=True)

    def stop(self) -> None:
        """Show no further frame, and give the device back."""
        self._ended.set()
        if self._task:
            self._task.cancel()

    async def light(self, on: bool) -> bool:
        """Say that there is no torch."""
        return False

    async def switch(self) -> None:
        """Stay with the camera that was named."""

    # --- in the camera's thread -----------------------------------------------------------------

    def _capture(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._ended.is_set():
            with Camera(self._source) as camera:
                loop.call_soon_threadsafe(self._tell, CameraState.LIVE)
                self._pass_on(camera, loop)
            if not isinstance(self._source, str):
                return

    def _pass_on(self, camera: Camera, loop: asyncio.AbstractEventLoop) -> None:
        due, read_due = time.monotonic(), 0.0
        for frame in camera.pictures():
            now = time.monotonic()
            if self._ended.is_set():
                return
            if isinstance(self._source, int) and now < due:
                continue  # a device comes at its own pace; what is too much is passed over
            if self._ended.wait(max(0.0, due - now)):
                return
            due = max(due + 1 / FRAMES_PER_SECOND, now)
            loop.call_soon_threadsafe(self._to_show.put, _jpeg(_small(frame)))
            if now >= read_due:
                read_due = now + 1 / READS_PER_SECOND
                loop.call_soon_threadsafe(self._to_read.put, frame)

    # --- in the app's thread --------------------------------------------------------------------

    async def _show(self) -> None:
        while True:
            picture = await self._to_show.take()
            screen = self._screen()
            if screen is None:
                continue
            try:
                await screen.render_encoded(picture)
            except (RuntimeError, TimeoutError) as error:  # the window is away; the next frame may find it
                log.debug("not shown: %s", error)

    async def _read(self) -> None:
        reader = await asyncio.to_thread(FrameReader)  # remembers from frame to frame what helps
        while True:
            frame = await self._to_read.take()
            codes = await asyncio.to_thread(_codes, reader, frame)
            if codes and await self._found(await asyncio.to_thread(_jpeg, frame), codes):
                return


def _codes(reader: FrameReader, frame: Any) -> list[ScannedCode]:
    return reader.read(frame if frame.ndim == 2 else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))


def _small(frame: Any) -> Any:
    height, width = frame.shape[:2]
    if width <= SHOWN_WIDTH_PX:
        return frame
    return cv2.resize(frame, (SHOWN_WIDTH_PX, round(height * SHOWN_WIDTH_PX / width)), interpolation=cv2.INTER_AREA)


def _jpeg(frame: Any) -> bytes:
    return bytes(cv2.imencode(".jpg", frame, _QUALITY)[1])
