"""Codes from a stream of frames: one cheap look at each, one retry in turn on a miss, newest frame first."""

import threading
import time
from collections.abc import Iterable, Iterator
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner import preprocess
from mobile_app.scanner.deblur import deconvolved, disk
from mobile_app.scanner.decode import gray_frame
from mobile_app.scanner.engines import Engine, Symbol, load_engine
from mobile_app.scanner.findings import Findings, ScannedCode
from mobile_app.scanner.image import Gray, Limits, UnreadableImage, load
from mobile_app.scanner.isolate import Overrun, safe_engine, warm_workers
from mobile_app.scanner.locate import textured_area
from mobile_app.scanner.preprocess import View, cv2
from mobile_app.scanner.stack import FrameStack

Frame = NDArray[np.uint8] | bytes

FRAME_LIMITS: Final = Limits(max_bytes=8 * 1024 * 1024, max_px=12_000_000, formats=("JPEG", "PNG", "WEBP"))
_LOOK_EVERYWHERE_EVERY: Final = 5  # frames: texture is only a hint
_ZBAR_EVERY: Final = 6  # frames; the only one that reads codes on a dark surround
_OTHER_RETRY_EVERY: Final = 3  # frames; in those between, the stack of frames is looked at
_STACK_RADII_PX: Final = (2.0, 3.0)  # of blur undone in the stack, which is twice as fine as the frames
_PATIENCE: Final = 90  # frames with texture but no code, after which retries become rare
_SURE_SPARE: Final = 0.1  # share of error correction left unused, below which an altered frame is not proof enough
_CONFIRM_WITHIN: Final = 15  # frames


class FrameReader:
    """Reads one frame after another and remembers what helps: where texture was, which retry is next, what was seen.

    Not thread-safe; `LiveScanner` owns one.
    """

    def __init__(self) -> None:
        self._number = 0
        self._misses = 0
        self._turn = 0
        self._doubtful: dict[str, int] = {}  # text -> the frame it was last read in without being sure
        self._stack = FrameStack()
        self._zxing = load_engine("zxing-cpp")
        self._zbar = safe_engine("zbar")

    def read(self, frame: Frame) -> list[ScannedCode]:
        """Return the codes that are sure in this frame: (height, width) grey, (height, width, 3) RGB, or JPEG bytes.

        Raises UnreadableImage for bytes that are no picture.
        """
        began = time.perf_counter()
        gray = load(frame, FRAME_LIMITS).first.gray if isinstance(frame, bytes) else gray_frame(frame)
        self._number += 1
        area = self._area_to_search(gray)
        if area is None:
            return []
        findings = Findings(area)
        self._look(area, findings, began)
        self._misses = 0 if findings.codes else self._misses + 1
        return findings.in_reading_order()

    def _area_to_search(self, gray: Gray) -> View | None:
        whole = View(gray, np.eye(3))
        if cv2 is None or self._number % _LOOK_EVERYWHERE_EVERY == 0:
            return whole
        return textured_area(whole)

    def _look(self, area: View, findings: Findings, began: float) -> None:
        if self._zxing is not None:
            self._read(self._zxing, area, findings, "plain", began)
        if findings.codes or not self._may_retry():
            return
        self._turn += 1
        stacked = cv2 is not None and self._zxing is not None and self._stack.add(area)
        if stacked and self._zxing is not None and self._turn % _OTHER_RETRY_EVERY:
            self._look_at_stack(self._zxing, findings, began)
        elif self._zbar is not None and (self._turn % _ZBAR_EVERY == 0 or self._zxing is None):
            self._read(self._zbar, preprocess.within(area, 640) or area, findings, "zbar", began)
        elif self._zxing is not None and cv2 is not None:
            name, view = _retry(self._turn, area, findings)
            self._read(self._zxing, view, findings, name, began)

    def _look_at_stack(self, engine: Engine, findings: Findings, began: float) -> None:
        radius_px = _STACK_RADII_PX[self._turn % len(_STACK_RADII_PX)]
        view = self._stack.view()
        for gray in deconvolved(view.gray, [disk(radius_px)]):
            self._read(engine, preprocess.filtered(view, gray), findings, "stacked", began)

    def _may_retry(self) -> bool:
        return self._misses < _PATIENCE or self._misses % 4 == 0

    def _read(self, engine: Engine, view: View, findings: Findings, name: str, began: float) -> None:
        altered = name != "plain"
        try:
            symbols = engine.read(view.gray, rescue=altered)
        except Overrun:
            return
        sure = [symbol for symbol in symbols if symbol.text is None or self._is_sure(symbol, altered)]
        findings.add(sure, view, engine.name, name, (time.perf_counter() - began) * 1e3)

    def _is_sure(self, symbol: Symbol, altered: bool) -> bool:
        """Say whether one reading is enough: not if the frame was altered and the correction is nearly exhausted."""
        if not altered or symbol.spare >= _SURE_SPARE:
            return True
        text = symbol.text or ""
        seen_before = self._number - self._doubtful.get(text, -_CONFIRM_WITHIN - 1) <= _CONFIRM_WITHIN
        self._doubtful = {t: n for t, n in self._doubtful.items() if self._number - n <= _CONFIRM_WITHIN}
        self._doubtful[text] = self._number
        return seen_before


def _retry(turn: int, area: View, findings: Findings) -> tuple[str, View]:
    """Return the retry whose turn it is, as its name and what it looks at."""
    unread = findings.unread()
    if unread and turn % 2 == 0:
        crop = preprocess.straightened(area, unread[turn // 2 % len(unread)], 360, 0.12)
        return "straightened", preprocess.filtered(crop, preprocess.stretched(crop.gray))
    choice = turn % 5
    if choice == 1:
        return "fine threshold", preprocess.thresholded(area, 50)
    if choice == 2:
        return "darker", preprocess.gamma(area, 2.0)
    if choice == 3:
        return "sharpened", preprocess.filtered(area, preprocess.sharpened(area.gray))
    if area.gray.size <= 400_000:
        return "twice the size", preprocess.resized(area, 2)
    return "brighter", preprocess.gamma(area, 0.45)


class LiveScanner:
    """Reads frames in a thread of its own; at most one frame waits, and a newer one takes its place.

        with LiveScanner() as scanner:
            scanner.offer(frame)                       # from any thread, as often as frames come
            code = scanner.next_code(timeout_seconds=1)

    or, for a source that can be iterated over: `for code in LiveScanner.over(frames): ...`
    """

    def __init__(self, *, again_after_seconds: float = 3.0) -> None:
        self._again_after_seconds = again_after_seconds
        self._condition = threading.Condition()
        self._waiting: Frame | None = None
        self._busy = False
        self._codes: list[ScannedCode] = []
        self._told: dict[str, float] = {}
        self._closed = False
        self.frames_read = 0
        self.frames_dropped = 0
        self.last_error: str | None = None
        warm_workers()
        self._thread = threading.Thread(target=self._work, name="live-scanner", daemon=True)
        self._thread.start()

    @classmethod
    def over(cls, frames: Iterable[Frame]) -> Iterator[ScannedCode]:
        """Yield each code of `frames` as soon as it is sure, reading every frame in the caller's thread."""
        reader, told = FrameReader(), set()
        for frame in frames:
            for code in reader.read(frame):
                if code.text not in told:
                    told.add(code.text)
                    yield code

    def offer(self, frame: Frame) -> None:
        """Hand over a frame and return at once. A frame that is still waiting is dropped."""
        with self._condition:
            self.frames_dropped += self._waiting is not None
            self._waiting = frame
            self._condition.notify_all()

    def next_code(self, timeout_seconds: float | None = None) -> ScannedCode | None:
        """Return the next code, or None if none came in time or the scanner was closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._codes or self._closed, timeout_seconds)
            return self._codes.pop(0) if self._codes else None

    def wait_until_idle(self, timeout_seconds: float | None = None) -> bool:
        """Wait until every frame handed over was read or dropped; say whether that happened in time."""
        with self._condition:
            return self._condition.wait_for(lambda: self._waiting is None and not self._busy, timeout_seconds)

    def close(self) -> None:
        """Stop reading; a frame that waits is dropped."""
        with self._condition:
            self._closed = True
            self._waiting = None
            self._condition.notify_all()
        self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        """Return the scanner."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _work(self) -> None:
        reader = FrameReader()
        while (frame := self._take()) is not None:
            try:
                codes = reader.read(frame)
                error = None
            except (UnreadableImage, ValueError) as unreadable:  # one bad frame does not end the stream
                codes, error = [], str(unreadable)
            self._tell(codes, error)

    def _take(self) -> Frame | None:
        with self._condition:
            self._condition.wait_for(lambda: self._waiting is not None or self._closed)
            frame, self._waiting = self._waiting, None
            self._busy = frame is not None
            return frame

    def _tell(self, codes: list[ScannedCode], error: str | None) -> None:
        now = time.monotonic()
        with self._condition:
            self._busy = False
            self.frames_read += 1
            self.last_error = error
            for code in codes:
                if now - self._told.get(code.text, -np.inf) >= self._again_after_seconds:
                    self._codes.append(code)
                self._told[code.text] = now  # a code that stays in view is told once
            self._condition.notify_all()
