"""Find the codes in a picture: make the attempts in order, within a time budget, until every located symbol is read."""

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner.attempts import ATTEMPTS, ATTEMPTS_WITHOUT_ZXING, Attempt
from mobile_app.scanner.engines.decoders import Engine, load_engine
from mobile_app.scanner.engines.isolate import IsolatedEngine, Overrun, safe_engine, warm_workers
from mobile_app.scanner.findings import Findings, ScannedCode, TraceEntry
from mobile_app.scanner.image import DEFAULT_LIMITS, Gray, ImageSource, Limits, Picture, load
from mobile_app.scanner.preprocess import View, cv2, scaling

DEFAULT_BUDGET_MS = 300.0
FRAME_BUDGET_MS = 30.0
_SLOWEST_PACE = 1.5
_SEVERAL = 2
_SMALLEST_SIDE_PX = 11  # a Micro QR code has 11 modules

Trace = list[TraceEntry]


def scan_image(
    source: ImageSource,
    *,
    budget_ms: float = DEFAULT_BUDGET_MS,
    limits: Limits = DEFAULT_LIMITS,
    trace: Trace | None = None,
) -> list[ScannedCode]:
    """Return every code in a picture file (its path or its bytes), in reading order. The list may be empty.

    `budget_ms` bounds the search, but neither loading nor the start of the first worker process. The first attempt
    always runs; a later one runs only if it should end in time. `trace` collects the attempts. Raises UnreadableImage
    unless the source is a picture within `limits`.
    """
    return scan_picture(load(source, limits), budget_ms=budget_ms, trace=trace)


def scan_picture(
    picture: Picture, *, budget_ms: float = DEFAULT_BUDGET_MS, trace: Trace | None = None
) -> list[ScannedCode]:
    """Return every code in the first rendering of a loaded picture that has any."""
    clock = Clock(budget_ms)
    for rendering in picture.renderings():
        view = View(rendering.gray, scaling(*rendering.scale))
        codes = search(view, clock, rendering.name, trace)
        if codes or clock.is_over():
            return codes
    return []


def scan_frame(
    frame: NDArray[np.uint8] | bytes, *, budget_ms: float = FRAME_BUDGET_MS, limits: Limits = DEFAULT_LIMITS
) -> list[ScannedCode]:
    """Return the codes of one camera frame: (height, width) grey, (height, width, 3) RGB, or an encoded picture.

    The list is empty for a frame without a code. Raises UnreadableImage for bytes that are not a picture, and
    ValueError for an array of another shape or type.
    """
    if isinstance(frame, bytes | bytearray | memoryview):
        return scan_picture(load(frame, limits), budget_ms=budget_ms)
    return search(View(gray_frame(frame), np.eye(3)), Clock(budget_ms))


def gray_frame(frame: NDArray[np.uint8]) -> Gray:
    """Return a frame as (height, width) uint8; three channels mean RGB. Raises ValueError for anything else."""
    if frame.dtype != np.uint8 or frame.size == 0 or frame.ndim not in (2, 3):
        raise ValueError(f"a frame is (height, width) or (height, width, 3) uint8, not {frame.shape} {frame.dtype}")
    if frame.ndim == 2:
        return np.ascontiguousarray(frame)
    if frame.shape[2] not in (3, 4):
        raise ValueError(f"a colour frame has 3 or 4 channels, not {frame.shape[2]}")
    if cv2 is not None:
        gray: Gray = cv2.cvtColor(np.ascontiguousarray(frame[:, :, :3]), cv2.COLOR_RGB2GRAY)
        return gray
    weights = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as in JPEG
    return (frame[:, :, :3].astype(np.float32) @ weights).astype(np.uint8)


class Clock:
    """A time budget, corrected by how fast this machine is compared with the cost table of the attempts."""

    def __init__(self, budget_ms: float) -> None:
        self._start = time.perf_counter()
        self._budget_ms = budget_ms
        self._pace = 1.0

    def elapsed_ms(self) -> float:
        """Return the milliseconds since the search began."""
        return (time.perf_counter() - self._start) * 1e3

    def is_over(self) -> bool:
        """Return whether the budget is spent."""
        return self.elapsed_ms() >= self._budget_ms

    def allows(self, expected_ms: float) -> bool:
        """Return whether an attempt that costs `expected_ms` in the table would end within the budget."""
        return self.elapsed_ms() + expected_ms * self._pace <= self._budget_ms

    def excuse(self, ms: float) -> None:
        """Exclude `ms` from the elapsed time."""
        self._start += ms / 1e3

    def learn(self, expected_ms: float, took_ms: float) -> None:
        """Correct the pace by what an attempt really cost."""
        if expected_ms > 1:
            # A machine that is busy for a moment must not rule out every later attempt.
            self._pace = min(_SLOWEST_PACE, (self._pace + took_ms / expected_ms) / 2)


def search(view: View, clock: Clock, rendering: str = "", trace: Trace | None = None) -> list[ScannedCode]:
    """Return the codes of one view in reading order, within the time left on `clock`."""
    findings = Findings(view)
    if min(view.gray.shape) < _SMALLEST_SIDE_PX:
        return []
    for number, (attempt, engine) in enumerate(_usable_attempts()):
        if not _is_worthwhile(attempt, findings) or attempt.engine in findings.given_up:
            continue
        if number == 1:
            warm_workers()  # the worker starts while the in-process attempts run
        name = f"{rendering}: {attempt.name}" if rendering else attempt.name
        if number and not clock.allows(attempt.ms_per_mpx * view.megapixels):
            if trace is not None:
                trace.append(TraceEntry(name, attempt.engine, 0, 0, 0, None, "skipped: not enough time left"))
            continue
        if isinstance(engine, IsolatedEngine):
            clock.excuse(engine.warm_up())  # happens once per process, and takes longer than most searches
        _try(attempt, engine, findings, clock, name, trace)
    return findings.in_reading_order()


def _is_worthwhile(attempt: Attempt, findings: Findings) -> bool:
    """Return whether `attempt` may find codes beyond those already read.

    Signs of more codes: an unread symbol, several codes, or light so bad that the first attempt read nothing.
    """
    if not findings.codes:
        return True
    if findings.unread():
        return attempt.targeted or attempt.finds_more
    return attempt.finds_more and (len(findings.codes) >= _SEVERAL or findings.misses > 0)


def _try(attempt: Attempt, engine: Engine, findings: Findings, clock: Clock, name: str, trace: Trace | None) -> None:
    began_ms = clock.elapsed_ms()
    for seen in attempt.step(findings.view, findings.unread()):
        if seen is None:
            if clock.is_over():
                return
            continue
        try:
            symbols = engine.read(seen.gray, rescue=seen is not findings.view)
        except Overrun as error:
            findings.given_up.add(attempt.engine)
            if trace is not None:
                took_ms = round(clock.elapsed_ms() - began_ms, 3)
                trace.append(TraceEntry(name, attempt.engine, took_ms, 0, 0, None, f"given up: {error}"))
            return
        findings.add(symbols, seen, attempt.engine, name, clock.elapsed_ms())
        if trace is not None:
            read = sum(symbol.text is not None for symbol in symbols)
            took_ms = round(clock.elapsed_ms() - began_ms, 3)
            trace.append(TraceEntry(name, attempt.engine, took_ms, read, len(symbols) - read, seen))
        if findings.codes and not findings.unread():
            return
    if not findings.codes:
        findings.misses += 1
        # A hit ends early, so only a miss shows the pace.
        clock.learn(attempt.ms_per_mpx * findings.view.megapixels, clock.elapsed_ms() - began_ms)


def _usable_attempts() -> Iterator[tuple[Attempt, Engine]]:
    attempts = ATTEMPTS if load_engine("zxing-cpp") is not None else ATTEMPTS_WITHOUT_ZXING
    for attempt in attempts:
        engine = safe_engine(attempt.engine)
        if engine is not None and (cv2 is not None or not attempt.needs_opencv):
            yield attempt, engine
