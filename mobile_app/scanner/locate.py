"""Find cheaply where a picture may contain a code: few other things have as many edges in both directions."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner import preprocess
from mobile_app.scanner.preprocess import View

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

_WINDOW_PX: Final = 15  # at half size: about ten modules of a code at the limit of resolution
_OVER_NOISE: Final = 1.5  # times the picture's median: sensor noise has edges too
_MARGIN_PX: Final = 32  # quiet zone, and the blur of the window
_SMALLEST_PX: Final = 20  # at half size
_CELL_PX: Final = 4  # at half size, for patches
_STEP_PX: Final = 2 * _CELL_PX
_PATCH_CELLS: Final = 5
_LEAST_FILL: Final = 0.45  # of its box: a square standing on a corner fills half
_ASPECT: Final = 2.5
_PATCHES: Final = 3


def textured_area(view: View) -> View | None:
    """Return the part of `view` that contains everything that could be a code, or None if nothing could."""
    return area_of(view, texture(view))


def texture(view: View) -> NDArray[np.uint8]:
    """Return the density of edges in both directions at each place, at half the size of `view`."""
    cv2 = preprocess.cv2
    half = cv2.resize(view.gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    if min(half.shape) < 2:
        return np.zeros((1, 1), np.uint8)
    across = cv2.absdiff(half[:-1, 1:], half[:-1, :-1])
    down = cv2.absdiff(half[1:, :-1], half[:-1, :-1])
    window = (_WINDOW_PX, _WINDOW_PX)
    energy: NDArray[np.uint8] = cv2.min(cv2.blur(across, window), cv2.blur(down, window))
    return energy


def area_of(view: View, energy: NDArray[np.uint8]) -> View | None:
    """Return the part of `view` with more than its usual `texture`, or None if there is none."""
    if min(view.gray.shape) < 2 * _SMALLEST_PX:
        return view
    x, y, width, height = preprocess.cv2.boundingRect((energy > _threshold(energy)).astype(np.uint8))
    if min(width, height) < _SMALLEST_PX:
        return None
    return cropped(view, (2 * x, 2 * y, 2 * (x + width), 2 * (y + height)), _MARGIN_PX)


def patches(energy: NDArray[np.uint8], share: float) -> list[Box]:
    """Return the compact patches of `texture`, in pixels of the picture, the largest and strongest first.

    Each has more than `share` of the strongest texture. A low share keeps a dim code whole; a high one separates a
    code from its surroundings.
    """
    cv2 = preprocess.cv2
    cells = cv2.resize(energy, None, fx=1 / _CELL_PX, fy=1 / _CELL_PX, interpolation=cv2.INTER_AREA)
    threshold = max(_threshold(energy), share * float(np.percentile(cells[::2, ::2], 99)))
    stats = cv2.connectedComponentsWithStats((cells > threshold).astype(np.uint8))[2][1:].astype(np.int64)
    _, _, width, height, area = stats.T
    small, large = np.minimum(width, height), np.maximum(width, height)
    fits = stats[(small >= _PATCH_CELLS) & (large < _ASPECT * small) & (area > _LEAST_FILL * width * height)]
    found: list[tuple[float, Box]] = []
    for x, y, w, h, _ in fits[np.argsort(-np.minimum(fits[:, 2], fits[:, 3]))][:_PATCHES].tolist():
        box = (x * _STEP_PX, y * _STEP_PX, (x + w) * _STEP_PX, (y + h) * _STEP_PX)
        found.append((min(w, h) * float(cells[y : y + h, x : x + w].mean()), box))
    found.sort(key=lambda entry: -entry[0])
    return [box for _, box in found]


def cropped(view: View, box: Box, margin_px: int) -> View:
    """Return the part of `view` in `box` and `margin_px` around it."""
    left, top = max(0, box[0] - margin_px), max(0, box[1] - margin_px)
    gray = np.ascontiguousarray(view.gray[top : box[3] + margin_px, left : box[2] + margin_px])
    offset = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)
    return View(gray, view.to_original @ offset)


def _threshold(energy: NDArray[np.uint8]) -> float:
    return _OVER_NOISE * float(np.median(energy[::4, ::4])) + 1
