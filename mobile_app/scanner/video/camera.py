"""Frames from a local camera or a video file, through OpenCV. Reopens an unplugged camera and always releases it."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Self

from mobile_app.scanner import preprocess
from mobile_app.scanner.image import Gray

_WIDTH_PX: Final = 1280  # more does not help to read codes, and USB 2 carries this at 30 frames a second as MJPEG
_HEIGHT_PX: Final = 720
_FRAMES_PER_SECOND: Final = 30
_MISSES_BEFORE_REOPENING: Final = 5
_REOPEN_EVERY_SECONDS: Final = 0.5
_FRAME_PX_AT_MOST: Final = 12_000_000


class CameraUnavailable(Exception):
    """There is no picture from the camera. `str()` is a sentence for people; `reason` is a stable word for code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Camera:
    """A source of grey frames, (height, width) uint8. Iterate over it inside a `with`.

    `source` is the number of a device (0 is the first) or the path of a video file. If a device is unplugged, the
    camera waits up to `patience_seconds` for it, then raises CameraUnavailable; a file just ends. Only the `with`
    opens the source. `opener` replaces `cv2.VideoCapture`.
    """

    def __init__(
        self,
        source: int | str | os.PathLike[str],
        *,
        patience_seconds: float = 10.0,
        opener: Callable[[int | str], Any] | None = None,
    ) -> None:
        self._source: int | str = source if isinstance(source, int) else os.fspath(source)
        self._patience_seconds = patience_seconds
        self._opener = opener
        self._capture: Any = None

    def __enter__(self) -> Self:
        """Open the camera. Raises CameraUnavailable."""
        self._capture = self._open()
        if self._capture is None:
            raise self._why_not()
        return self

    def __exit__(self, *_: object) -> None:
        """Release the camera."""
        self.release()

    def __iter__(self) -> Iterator[Gray]:
        """Yield grey frames until the file ends, the camera is released or a device stays unplugged too long."""
        return map(_gray, self.pictures())

    def pictures(self) -> Iterator[Any]:
        """Yield the same frames as the camera delivers them: (height, width, 3) uint8 in BGR, or grey."""
        misses = 0
        while self._capture is not None:
            is_there, frame = self._capture.read()
            if is_there and frame is not None and 0 < frame.shape[0] * frame.shape[1] <= _FRAME_PX_AT_MOST:
                misses = 0
                yield frame
                continue
            if isinstance(self._source, str):
                return
            misses += 1
            if misses >= _MISSES_BEFORE_REOPENING:
                self._reopen()
                misses = 0

    def release(self) -> None:
        """Release the device, if it is open."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    def _open(self) -> Any:
        cv2 = preprocess.cv2
        if cv2 is None:
            raise CameraUnavailable("no-opencv", "The camera needs OpenCV: pip install opencv-python-headless.")
        if isinstance(self._source, str) and not Path(self._source).is_file():
            raise CameraUnavailable("missing", f"There is no video file {self._source}. Check the name.")
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # our own message replaces OpenCV's
        capture = (self._opener or cv2.VideoCapture)(self._source)
        if not capture.isOpened():
            capture.release()
            return None
        if isinstance(self._source, int):
            # Order matters: many drivers offer the size only once the compressed format is set.
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, _WIDTH_PX)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, _HEIGHT_PX)
            capture.set(cv2.CAP_PROP_FPS, _FRAMES_PER_SECOND)
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # old frames are useless
        return capture

    def _reopen(self) -> None:
        self.release()
        deadline = time.monotonic() + self._patience_seconds
        while self._capture is None:
            if time.monotonic() >= deadline:
                raise CameraUnavailable("unplugged", "The camera went away. Plug it in again, then start once more.")
            time.sleep(min(_REOPEN_EVERY_SECONDS, self._patience_seconds / 4))
            self._capture = self._open()

    def _why_not(self) -> CameraUnavailable:
        if isinstance(self._source, str):
            return CameraUnavailable(
                "unreadable", f"{self._source} is not a video that can be played. Convert it to MP4 and try again."
            )
        device = Path(f"/dev/video{self._source}")
        if sys.platform == "linux" and not device.exists():
            others = ", ".join(sorted(path.name for path in Path("/dev").glob("video*")))
            return CameraUnavailable(
                "no-device",
                f"There is no camera number {self._source}. "
                + (f"There is {others}: use its number." if others else "Plug one in, or scan a picture instead."),
            )
        if sys.platform == "linux" and not os.access(device, os.R_OK | os.W_OK):
            return CameraUnavailable(
                "no-permission",
                f"You have no permission to use {device}. Add yourself to the group “video”, then log in again.",
            )
        return CameraUnavailable(
            "busy-or-denied",
            f"Camera number {self._source} cannot be opened. Close other programs that use it, and allow camera access "
            "for this program in the system's privacy settings.",
        )


def _gray(frame: Any) -> Gray:
    gray: Gray = frame if frame.ndim == 2 else preprocess.cv2.cvtColor(frame, preprocess.cv2.COLOR_BGR2GRAY)
    return gray
