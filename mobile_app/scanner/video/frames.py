"""Read codes in successive frames: one cheap attempt on each, and retries if there are signs of a code.

A sign is a symbol that zxing-cpp located but could not read; it never reports one in a scene without a code. After a
sign, every frame gets a retry in the small area around it. Without a sign, retries are rare.
"""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner import preprocess
from mobile_app.scanner.deblur import deconvolved, disk
from mobile_app.scanner.decode import gray_frame
from mobile_app.scanner.engines.decoders import Engine, Symbol, load_engine, polygon
from mobile_app.scanner.engines.isolate import Overrun, safe_engine
from mobile_app.scanner.findings import Findings, ScannedCode
from mobile_app.scanner.image import Gray, Limits, load
from mobile_app.scanner.locate import Box, area_of, cropped, patches, texture
from mobile_app.scanner.preprocess import View, cv2
from mobile_app.scanner.video.stack import FrameStack

Frame = NDArray[np.uint8] | bytes

FRAME_LIMITS: Final = Limits(max_bytes=8 * 1024 * 1024, max_px=12_000_000, formats=("JPEG", "PNG", "WEBP"))
_LOOK_EVERYWHERE_EVERY: Final = 5  # frames: texture is only a hint
_SIGN_LASTS: Final = 12  # frames
_ALLOWANCE_PX: Final = 16_000  # for retries without a sign, per frame, less the cost of the first look
_PLAIN_PX: Final = 80  # pixels read plainly for the price of one in a retry
_FRAMES_PER_SECOND: Final = 30
_PATCH_SHARES: Final = (0.3, 0.6)  # of the strongest texture
_CROP_MARGIN_PX: Final = 32
_PATIENCE: Final = 45  # frames without a sign before retries become even rarer
_RARELY: Final = 4  # times
_ZBAR_EVERY: Final = 6  # retries; only ZBar reads codes in dark surroundings
_STACK_RADII_PX: Final = (2.0, 3.0)  # of blur undone in the stack, which is twice as fine as the frames
_SURE_SPARE: Final = 0.1  # unused share of error correction that an altered frame needs to count without confirmation
_CONFIRM_WITHIN: Final = 15  # frames
_CROP_SIDE_PX: Final = 360
_CROP_MARGIN: Final = 0.12


@dataclass(slots=True)
class _Sign:
    """Where a symbol was last located, in pixels of the frame, and in which frame."""

    box: Box
    number: int


class FrameReader:
    """Reads one frame after another. Remembers the last sign, which retry is next and what needs confirmation.

    Not thread-safe; `LiveScanner` owns one.
    """

    def __init__(self) -> None:
        self._number = 0
        self._turn = 0
        self._sign: _Sign | None = None
        self._allowance_px = 0.0
        self._seen_at = 0.0
        self._doubtful: dict[str, int] = {}  # text -> the last frame with an unconfirmed reading of it
        self._stack = FrameStack()
        self._zxing = load_engine("zxing-cpp")
        self._zbar = safe_engine("zbar")

    def read(self, frame: Frame) -> list[ScannedCode]:
        """Return the certain codes in this frame: (height, width) grey, (height, width, 3) RGB, or JPEG bytes.

        Raises UnreadableImage for bytes that are not a picture.
        """
        began = time.perf_counter()
        gray = load(frame, FRAME_LIMITS).first.gray if isinstance(frame, bytes) else gray_frame(frame)
        self._number += 1
        whole = View(gray, np.eye(3))
        findings = Findings(whole)
        if cv2 is None:
            self._look_plainly(whole, findings, began)
            return findings.in_reading_order()
        energy = texture(whole)
        area = area_of(whole, energy)
        if self._number % _LOOK_EVERYWHERE_EVERY == 0:
            self._look_plainly(whole, findings, began)
        elif area is not None:
            self._look_plainly(area, findings, began)
        if not findings.codes:
            self._look_again(whole, area, energy, findings, began)
        return findings.in_reading_order()

    def _look_plainly(self, area: View, findings: Findings, began: float) -> None:
        if self._zxing is not None:
            self._read(self._zxing, area, findings, "plain", began)
        elif self._zbar is not None:
            self._read(self._zbar, preprocess.within(area, 640) or area if cv2 else area, findings, "zbar", began)

    def _look_again(self, whole: View, area: View | None, energy: Gray, findings: Findings, began: float) -> None:
        """Retry where a symbol was recently located or, rarely, where one could be."""
        if findings.located:
            points = polygon(findings.located[0])
            (left, top), (right, bottom) = points.min(axis=0).astype(int), points.max(axis=0).astype(int)
            self._sign = _Sign((int(left), int(top), int(right), int(bottom)), self._number)
        has_sign = self._sign is not None and self._number - self._sign.number <= _SIGN_LASTS
        if not has_sign and (area is None or not self._can_afford(area)):
            return
        places = patches(energy, _PATCH_SHARES[self._turn // 2 % len(_PATCH_SHARES)])
        if self._sign is not None and has_sign:
            box = _around(self._sign.box, places)
        elif places:
            box = places[self._turn // 3 % len(places)]
        else:
            return
        crop = cropped(whole, box, _CROP_MARGIN_PX)
        if not has_sign:
            self._allowance_px -= crop.gray.size
        self._turn += 1
        self._retry(crop, has_sign, findings, began)

    def _can_afford(self, area: View) -> bool:
        """Return whether a retry without a sign is due: a small one on every frame, a large one rarely."""
        now = time.monotonic()
        frames = max(1.0, (now - self._seen_at) * _FRAMES_PER_SECOND)  # if frames come slowly, each may cost more
        self._seen_at = now
        each = _ALLOWANCE_PX - min(_ALLOWANCE_PX * 2 // 3, area.gray.size // _PLAIN_PX)
        if self._number - (self._sign.number if self._sign else 0) > _PATIENCE:
            each //= _RARELY
        self._allowance_px = min(self._allowance_px + frames * each, each)
        return self._allowance_px > 0

    def _retry(self, crop: View, has_sign: bool, findings: Findings, began: float) -> None:
        if self._zxing is None:
            return
        if self._stack.add(crop) and (has_sign or self._turn % 2):
            self._look_at_stack(self._zxing, has_sign, findings, began)
            if findings.codes or not has_sign:
                return
        if self._zbar is not None and self._turn % _ZBAR_EVERY == 0:
            self._read(self._zbar, preprocess.within(crop, 640) or crop, findings, "zbar", began)
        else:
            name, view = _altered(self._turn, crop, findings)
            self._read(self._zxing, view, findings, name, began)

    def _look_at_stack(self, engine: Engine, has_sign: bool, findings: Findings, began: float) -> None:
        view = self._stack.view()
        radii_px = _STACK_RADII_PX if has_sign else _STACK_RADII_PX[self._turn // 2 % 2 :][:1]
        for gray in deconvolved(view.gray, [disk(radius_px) for radius_px in radii_px]):
            if findings.codes:
                return
            sharp = preprocess.filtered(view, gray)
            for symbol in self._read(engine, sharp, findings, "stacked", began):
                if symbol.text is None and not findings.codes:
                    straight = preprocess.straightened(sharp, symbol.corners, _CROP_SIDE_PX, _CROP_MARGIN)
                    even = preprocess.filtered(straight, preprocess.stretched(straight.gray))
                    self._read(engine, even, findings, "stacked", began)

    def _read(self, engine: Engine, view: View, findings: Findings, name: str, began: float) -> list[Symbol]:
        altered = name != "plain"
        try:
            symbols = engine.read(view.gray, rescue=altered)
        except Overrun:
            return []
        sure = [symbol for symbol in symbols if symbol.text is None or self._is_sure(symbol, altered)]
        findings.add(sure, view, engine.name, name, (time.perf_counter() - began) * 1e3)
        return symbols

    def _is_sure(self, symbol: Symbol, altered: bool) -> bool:
        """Return whether this reading counts. An altered frame with little correction left needs a second one."""
        if not altered or symbol.spare >= _SURE_SPARE:
            return True
        text = symbol.text or ""
        seen_before = self._number - self._doubtful.get(text, -_CONFIRM_WITHIN - 1) <= _CONFIRM_WITHIN
        self._doubtful = {t: n for t, n in self._doubtful.items() if self._number - n <= _CONFIRM_WITHIN}
        self._doubtful[text] = self._number
        return seen_before


def _around(sign: Box, places: list[Box]) -> Box:
    """Return the patch of texture around `sign`, which often covers only part of the symbol."""
    x, y = (sign[0] + sign[2]) / 2, (sign[1] + sign[3]) / 2
    inside = [box for box in places if box[0] <= x <= box[2] and box[1] <= y <= box[3]]
    return min(inside, key=lambda box: box[2] - box[0]) if inside else sign


def _altered(turn: int, crop: View, findings: Findings) -> tuple[str, View]:
    """Return the name of the retry whose turn it is, and the view it reads."""
    if findings.located and turn % 2:
        straight = preprocess.straightened(findings.view, findings.located[-1], _CROP_SIDE_PX, _CROP_MARGIN)
        return "straightened", preprocess.filtered(straight, preprocess.stretched(straight.gray))
    choice = turn % 5
    if choice == 1:
        return "fine threshold", preprocess.thresholded(crop, 50)
    if choice == 2:
        return "darker", preprocess.gamma(crop, 2.0)
    if choice == 3:
        return "sharpened", preprocess.filtered(crop, preprocess.sharpened(crop.gray))
    if crop.gray.size <= 400_000:
        return "twice the size", preprocess.resized(crop, 2)
    return "brighter", preprocess.gamma(crop, 0.45)
