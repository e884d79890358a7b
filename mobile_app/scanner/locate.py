"""Where in a picture a code may be, found cheaply: codes are dense in edges of both directions, little else is."""

from typing import Final

import numpy as np

from mobile_app.scanner import preprocess
from mobile_app.scanner.preprocess import View

_WINDOW_PX: Final = 15  # at half size: some ten modules of a code at the limit of resolution
_OVER_NOISE: Final = 1.5  # times the median of the picture: sensor noise has edges too
_MARGIN_PX: Final = 32  # quiet zone, and the blur of the window
_SMALLEST_PX: Final = 20  # at half size


def textured_area(view: View) -> View | None:
    """Return the part of `view` that holds everything a code could be, or None where there is nothing of the kind."""
    cv2 = preprocess.cv2
    if min(view.gray.shape) < 2 * _SMALLEST_PX:
        return view
    half = cv2.resize(view.gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    across = cv2.absdiff(half[:-1, 1:], half[:-1, :-1])
    down = cv2.absdiff(half[1:, :-1], half[:-1, :-1])
    window = (_WINDOW_PX, _WINDOW_PX)
    energy = cv2.min(cv2.blur(across, window), cv2.blur(down, window))
    threshold = _OVER_NOISE * float(np.median(energy[::4, ::4])) + 1
    x, y, width, height = cv2.boundingRect((energy > threshold).astype(np.uint8))
    if min(width, height) < _SMALLEST_PX:
        return None
    left, top = max(0, 2 * x - _MARGIN_PX), max(0, 2 * y - _MARGIN_PX)
    right, bottom = 2 * (x + width) + _MARGIN_PX, 2 * (y + height) + _MARGIN_PX
    gray = np.ascontiguousarray(view.gray[top:bottom, left:right])
    offset = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)
    return View(gray, view.to_original @ offset)
