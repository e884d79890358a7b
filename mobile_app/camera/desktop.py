"""The camera of a desktop window: OpenCV captures frames in a thread, and the app shows them and decodes the newest.

flet-camera does not support desktops. `RawImage` shows frames as JPEG, which is the quickest way there is. At most one
frame waits to be shown and one to be decoded: a slow screen or a slow reader drops frames and never falls behind.
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
READS_PER_SECOND: Final = 8  # a read costs up to 30 ms, and everything together may use half a core
SHOWN_WIDTH_PX: Final = 640
_QUALITY: Final = [cv2.IMWRITE_JPEG_QUALITY, 75]
_DENIED: Final = {"no-permission", "busy-or-denied"}


class Newest:
    """A slot for one item: a new item replaces one that nobody has taken."""

    def __init__(self) -> None:
        self._item: Any = None
        self._filled = asyncio.Event()

    def put(self, item: Any) -> None:
        """Put an item into the slot; call this in the event loop's own thread."""
        self._item = item
        self._filled.set()

    async def take(self) -> Any:
        """Wait for an item and take it out."""
        await self._filled.wait()
        self._filled.clear()
        return self._item


class DesktopCamera:
    """One run of a local camera, from opening the screen to leaving it, with the verbs of `LiveCamera`."""

    has_light = False
    can_switch = False

    def __init__(
        self,
        source: int | str,
        screen: Callable[[], ft.RawImage | None],
        found: Found,
        tell: Callable[[CameraState], None],
    ) -> None:
        """`source` is a device's number, or the path of a video that plays in a loop instead."""
        self._source = source
        self._screen = screen
        self._found = found
        self._tell = tell
        self._to_show, self._to_read = Newest(), Newest()
        self._ended = threading.Event()
        self._task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Open the camera and read until a code is followed or `stop` is called; then release the device."""
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
        """Stop showing frames and release the device."""
        self._ended.set()
        if self._task:
            self._task.cancel()

    async def light(self, on: bool) -> bool:
        """Return False: there is no torch."""
        return False

    async def switch(self) -> None:
        """Do nothing: there is only the camera in `source`."""

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
                continue  # a device has its own pace: skip frames that come too fast
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
            except (RuntimeError, TimeoutError) as error:  # the window is away; it may be back for the next frame
                log.debug("not shown: %s", error)

    async def _read(self) -> None:
        reader = await asyncio.to_thread(FrameReader)  # remembers what helps from one frame to the next
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
