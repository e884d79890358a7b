"""The live camera: a loop takes pictures, and only the newest one waits for the scanner.

The camera takes a picture while the scanner reads the one before; pictures are dropped if the scanner is too slow.
flet-camera has no image stream on the web, so the app cannot read the browser's video frame by frame. Instead, the
loop takes pictures at a size that is quick to send.
"""

import asyncio
import enum
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

import flet as ft
import flet_camera as fc

from mobile_app.flet_gaps.camera_errors import was_redrawn, why_closed
from mobile_app.scanner import ScannedCode, UnreadableImage
from mobile_app.scanner.video.frames import FrameReader

log = logging.getLogger(__name__)

PERIOD_SECONDS: Final = 0.15
FAILURES_ALLOWED: Final = 12
_REDRAWN_WAIT_SECONDS: Final = 0.25


class CameraState(enum.Enum):
    """What the camera is doing, or why it is not."""

    STARTING = enum.auto()
    LIVE = enum.auto()
    MISSING = enum.auto()
    IN_USE = enum.auto()
    DENIED = enum.auto()
    INSECURE = enum.auto()


Found = Callable[[bytes, list[ScannedCode]], Awaitable[bool]]


class LiveCamera:
    """One run of the camera, from opening the screen to leaving it."""

    def __init__(
        self, camera: Callable[[], fc.Camera | None], found: Found, tell: Callable[[CameraState], None]
    ) -> None:
        self._camera = camera
        self._found = found
        self._tell = tell
        self._newest: asyncio.Queue[bytes] = asyncio.Queue(maxsize=1)
        self._lenses: list[fc.CameraDescription] = []
        self._lens = 0
        self._switching = False
        self.stopped = False
        self._task: asyncio.Task[None] | None = None

    @property
    def has_light(self) -> bool:
        """Whether this camera may have a torch: only a back camera has one."""
        return bool(self._lenses) and self._lenses[self._lens].lens_direction == fc.CameraLensDirection.BACK

    @property
    def can_switch(self) -> bool:
        """Whether there is another camera."""
        return len(self._lenses) > 1

    async def run(self) -> None:
        """Open the back camera, if there is one, and read until a code is followed or `stop` is called."""
        self._task = asyncio.current_task()
        if not await self._is_open():
            return
        self._tell(CameraState.LIVE)
        reader = asyncio.create_task(self._read())
        try:
            await self._take_pictures(reader)
            if reader.done():
                reader.result()  # raise the reader's error, or the camera would stop without a reason
        finally:
            self.stopped = True
            reader.cancel()

    async def _is_open(self) -> bool:
        for _ in range(FAILURES_ALLOWED):
            camera = self._camera()
            if camera is None:
                return False
            try:
                return await self._open(camera)
            except (RuntimeError, TimeoutError, ft.FletUnsupportedPlatformException) as error:
                if not was_redrawn(error):
                    self._tell(CameraState[why_closed(error)])
                    return False
            await asyncio.sleep(_REDRAWN_WAIT_SECONDS)
        self._tell(CameraState.MISSING)
        return False

    async def light(self, on: bool) -> bool:
        """Switch the torch on or off; return False if this camera has none."""
        camera = self._camera()
        if camera is None:
            return False
        try:
            await camera.set_flash_mode(fc.FlashMode.TORCH if on else fc.FlashMode.OFF)
        except (RuntimeError, TimeoutError):
            return False
        return True

    async def switch(self) -> None:
        """Use the next camera; stay with this one if the next does not open."""
        camera = self._camera()
        if camera is None or not self.can_switch:
            return
        self._tell(CameraState.STARTING)
        before, self._lens = self._lens, (self._lens + 1) % len(self._lenses)
        self._switching = True
        try:
            await self._use_lens(camera)
        except (RuntimeError, TimeoutError):
            self._lens = before
            await self._use_lens(camera)
        finally:
            self._switching = False
        self._tell(CameraState.LIVE)

    def stop(self) -> None:
        """Stop taking pictures, without waiting for the current one."""
        self.stopped = True
        if self._task:
            self._task.cancel()

    async def _open(self, camera: fc.Camera) -> bool:
        self._lenses = await camera.get_available_cameras()
        if not self._lenses:
            self._tell(CameraState.MISSING)
            return False
        directions = [lens.lens_direction for lens in self._lenses]
        back = fc.CameraLensDirection.BACK
        self._lens = directions.index(back) if back in directions else 0
        await self._use_lens(camera)
        return True

    async def _use_lens(self, camera: fc.Camera) -> None:
        await camera.initialize(
            description=self._lenses[self._lens], resolution_preset=fc.ResolutionPreset.MEDIUM, enable_audio=False
        )

    async def _take_pictures(self, reader: asyncio.Task[None]) -> None:
        failures = 0
        while not self.stopped and not reader.done() and failures < FAILURES_ALLOWED:
            started = time.monotonic()
            camera = self._camera()
            try:
                if camera is not None and not self._switching:
                    self._offer(bytes(await camera.take_picture()))
                    failures = 0
            except (RuntimeError, TimeoutError) as error:
                failures += 1
                log.debug("no picture: %s", error)
            await asyncio.sleep(max(0.02, PERIOD_SECONDS - (time.monotonic() - started)))
        if failures == FAILURES_ALLOWED and not self.stopped:
            self._tell(CameraState.MISSING)

    def _offer(self, picture: bytes) -> None:
        if self._newest.full():
            self._newest.get_nowait()
        self._newest.put_nowait(picture)

    async def _read(self) -> None:
        reader = await asyncio.to_thread(FrameReader)  # remembers what helps from one frame to the next
        while not self.stopped:
            picture = await self._newest.get()
            try:
                codes = await asyncio.to_thread(reader.read, picture)
            except UnreadableImage:
                continue
            if codes and await self._found(picture, codes):
                self.stopped = True
