"""What a search has found in a picture so far: the codes read, and the symbols located but not yet read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner.engines.decoders import Corners, Symbol, polygon
from mobile_app.scanner.preprocess import View, inverse

_SMALLEST_SYMBOL_PX2 = 100.0


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """A code that was read.

    `corners` are the symbol's own top left, top right, bottom right and bottom left, however it is turned, in
    pixels of the original picture as stored in the file, before any EXIF rotation. `data` is the
    payload before decoding to text. `elapsed_ms` counts from the start of the search.
    """

    text: str
    data: bytes
    corners: Corners
    engine: str
    attempt: str
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """What one attempt did, and the picture the engine saw; `note` says why it did not run."""

    attempt: str
    engine: str
    elapsed_ms: float
    read: int
    located: int
    view: View | None
    note: str = ""


@dataclass(slots=True)
class Findings:
    """Codes and located symbols of one view, all in pixels of the original picture."""

    view: View
    codes: list[ScannedCode] = field(default_factory=list)
    located: list[Corners] = field(default_factory=list)
    misses: int = 0  # attempts that ended before any code was read
    given_up: set[str] = field(default_factory=set)  # engines that overran on this picture

    def add(self, symbols: Sequence[Symbol], seen: View, engine: str, attempt: str, elapsed_ms: float) -> None:
        """Add what `engine` found in `seen`, without duplicates."""
        for symbol in symbols:
            corners = seen.corners_in_original(symbol.corners)
            if not is_plausible(corners):
                continue
            if symbol.text is None:
                if not any(same_place(corners, other) for other in self.located):
                    self.located.append(corners)
            elif symbol.text and not self._has(symbol.text, corners):
                self.codes.append(ScannedCode(symbol.text, symbol.data, corners, engine, attempt, round(elapsed_ms, 3)))

    def _has(self, text: str, corners: Corners) -> bool:
        return any(code.text == text and same_place(corners, code.corners) for code in self.codes)

    def unread(self) -> list[Corners]:
        """Return the corners of symbols located but not read, in pixels of the view."""
        to_view = View(self.view.gray, inverse(self.view.to_original))
        return [
            to_view.corners_in_original(place)
            for place in self.located
            if not any(same_place(place, code.corners) for code in self.codes)
        ]

    def in_reading_order(self) -> list[ScannedCode]:
        """Return the codes row by row."""
        return in_reading_order(self.codes)


def in_reading_order(codes: Sequence[ScannedCode]) -> list[ScannedCode]:
    """Return the codes row by row, each row from the left; codes whose heights overlap by half share a row."""
    rows: list[list[ScannedCode]] = []
    for code in sorted(codes, key=lambda code: _box(code.corners)[0, 1]):
        top, bottom = _box(code.corners)[:, 1]
        for row in rows:
            row_top, row_bottom = _box(row[0].corners)[:, 1]
            if (top + bottom) / 2 < row_bottom and (row_top + row_bottom) / 2 < bottom and top < row_bottom:
                row.append(code)
                break
        else:
            rows.append([code])
    return [code for row in rows for code in sorted(row, key=lambda code: _box(code.corners)[0, 0])]


def area_px2(corners: Corners) -> float:
    """Return the signed area of the quadrilateral `corners` (shoelace formula)."""
    x, y = polygon(corners).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def is_plausible(corners: Corners) -> bool:
    """Return whether `corners` form a large enough convex quadrilateral: texture makes engines report bow ties."""
    points = polygon(corners)
    if not np.isfinite(points).all() or np.abs(points).max() > 1e6 or abs(area_px2(corners)) < _SMALLEST_SYMBOL_PX2:
        return False
    edges = np.roll(points, -1, axis=0) - points
    following = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
    return bool((turns > 0).all() or (turns < 0).all())


def same_place(one: Corners, other: Corners) -> bool:
    """Return whether the centre of either quadrilateral lies in the middle of the other's extent."""
    return _holds_centre(one, other) or _holds_centre(other, one)


def _holds_centre(corners: Corners, other: Corners) -> bool:
    points = polygon(corners)
    distance = polygon(other).mean(axis=0) - points.mean(axis=0)
    return bool(np.hypot(*distance) < 0.35 * abs(area_px2(corners)) ** 0.5)


def _box(corners: Corners) -> NDArray[np.float64]:
    points = polygon(corners)
    return np.array([points.min(axis=0), points.max(axis=0)])
