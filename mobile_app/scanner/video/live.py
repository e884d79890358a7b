"""Read codes from a stream of frames in a separate thread: the newest frame first, each code reported once."""

import threading
import time
from collections.abc import Iterable, Iterator
from typing import Self

import numpy as np

from mobile_app.scanner.engines.isolate import warm_workers
from mobile_app.scanner.findings import ScannedCode
from mobile_app.scanner.image import UnreadableImage
from mobile_app.scanner.video.frames import Frame, FrameReader


class LiveScanner:
    """Reads frames in a separate thread. At most one frame waits; a newer one replaces it.

        with LiveScanner() as scanner:
            scanner.offer(frame)                       # from any thread, as often as frames come
            code = scanner.next_code(timeout_seconds=1)

    For an iterable source: `for code in LiveScanner.over(frames): ...`
    """

    def __init__(self, *, again_after_seconds: float = 3.0) -> None:
        self._again_after_seconds = again_after_seconds
        self._condition = threading.Condition()
        self._waiting: Frame | None = None
        self._busy = False
        self._codes: list[ScannedCode] = []
        self._reported: dict[str, float] = {}
        self._closed = False
        self.frames_dropped = 0
        self.last_error: str | None = None
        warm_workers()
        self._thread = threading.Thread(target=self._work, name="live-scanner", daemon=True)
        self._thread.start()

    @classmethod
    def over(cls, frames: Iterable[Frame]) -> Iterator[ScannedCode]:
        """Yield each code of `frames` as soon as it is certain, reading every frame in the caller's thread."""
        reader, reported = FrameReader(), set()
        for frame in frames:
            for code in reader.read(frame):
                if code.text not in reported:
                    reported.add(code.text)
                    yield code

    def offer(self, frame: Frame) -> None:
        """Offer a frame without waiting for the result. It replaces a frame that still waits."""
        with self._condition:
            self.frames_dropped += self._waiting is not None
            self._waiting = frame
            self._condition.notify_all()

    def next_code(self, timeout_seconds: float | None = None) -> ScannedCode | None:
        """Return the next code, or None after the timeout or if the scanner is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._codes or self._closed, timeout_seconds)
            return self._codes.pop(0) if self._codes else None

    def wait_until_idle(self, timeout_seconds: float | None = None) -> bool:
        """Wait until every offered frame is read or dropped; return whether that happened in time."""
        with self._condition:
            return self._condition.wait_for(lambda: self._waiting is None and not self._busy, timeout_seconds)

    def close(self) -> None:
        """Stop reading and drop the waiting frame."""
        with self._condition:
            self._closed = True
            self._waiting = None
            self._condition.notify_all()
        self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        """Return the scanner."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the scanner."""
        self.close()

    def _work(self) -> None:
        reader = FrameReader()
        while (frame := self._take()) is not None:
            try:
                codes = reader.read(frame)
                error = None
            except (UnreadableImage, ValueError) as unreadable:  # one bad frame does not end the stream
                codes, error = [], str(unreadable)
            self._report(codes, error)

    def _take(self) -> Frame | None:
        with self._condition:
            self._condition.wait_for(lambda: self._waiting is not None or self._closed)
            frame, self._waiting = self._waiting, None
            self._busy = frame is not None
            return frame

    def _report(self, codes: list[ScannedCode], error: str | None) -> None:
        now = time.monotonic()
        with self._condition:
            self._busy = False
            self.last_error = error
            for code in codes:
                if now - self._reported.get(code.text, -np.inf) >= self._again_after_seconds:
                    self._codes.append(code)
                self._reported[code.text] = now  # a code that stays in view is reported once
            self._condition.notify_all()
