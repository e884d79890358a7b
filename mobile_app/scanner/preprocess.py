"""Make a picture easier to read. Each step takes a `View` and returns one that can map places back to the original.

OpenCV does the work. Without it, `cv2` is None and the pipeline uses only the steps that do not need it.
"""

import contextlib
import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner.engines.decoders import Corners, polygon
from mobile_app.scanner.image import Gray

cv2: Any = None  # None if it, or a system library it needs, is not installed
with contextlib.suppress(ImportError):
    cv2 = importlib.import_module("cv2")
    cv2.setNumThreads(1)  # the server shares this machine; one picture must not take every core


@dataclass(frozen=True, slots=True)
class View:
    """A grey picture and the 3x3 matrix that maps its pixel coordinates to those of the original."""

    gray: Gray
    to_original: NDArray[np.float64]

    @property
    def megapixels(self) -> float:
        """Return the millions of pixels."""
        return self.gray.size / 1e6

    def corners_in_original(self, corners: Corners) -> Corners:
        """Return `corners` of this view in pixels of the original."""
        points = np.hstack([polygon(corners), np.ones((4, 1))]) @ self.to_original.T
        with np.errstate(divide="ignore", invalid="ignore"):
            places = np.nan_to_num(points[:, :2] / points[:, 2:])
        a, b, c, d = ((float(x), float(y)) for x, y in places)
        return a, b, c, d


def scaling(x: float, y: float) -> NDArray[np.float64]:
    """Return the matrix that maps a picture's pixels to one `x` by `y` times as large (pixel centres at .5)."""
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]], dtype=np.float64)


def inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix that maps back."""
    return np.linalg.inv(matrix).astype(np.float64)


def resized(view: View, factor: float) -> View:
    """Return `view` enlarged with cubic or reduced with area interpolation."""
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    gray = cv2.resize(view.gray, None, fx=factor, fy=factor, interpolation=how)
    height, width = view.gray.shape
    back = scaling(width / gray.shape[1], height / gray.shape[0])
    return View(gray, view.to_original @ back)


def within(view: View, side_px: int) -> View | None:
    """Return `view` reduced to `side_px` on its longer side, or None if that would hardly change it."""
    factor = side_px / max(view.gray.shape)
    return resized(view, factor) if factor < 0.85 else None


def filtered(view: View, gray: Gray) -> View:
    """Return a view with the geometry of `view` and the pixels of `gray`."""
    return View(gray, view.to_original)


def thresholded(view: View, blocks: int) -> View:
    """Return `view` in black and white, compared with the mean of blocks of 1/`blocks` of the longer side."""
    block = max(11, max(view.gray.shape) // blocks | 1)
    black_white = cv2.adaptiveThreshold(view.gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, block, 5)
    return filtered(view, black_white)


def gamma(view: View, power: float) -> View:
    """Return `view` darkened (`power` above 1, against glare) or brightened (below 1, for night)."""
    table = np.array([255 * (i / 255) ** power for i in range(256)], np.uint8)
    return filtered(view, cv2.LUT(view.gray, table))


def median(view: View) -> View:
    """Return `view` without specks and thin lines (moire, scratches)."""
    return filtered(view, cv2.medianBlur(view.gray, 5))


def sharpened(gray: Gray, sigma_px: float = 3, amount: float = 1.5) -> Gray:
    """Return `gray` with its blur of about `sigma_px` counteracted."""
    sharp: Gray = cv2.addWeighted(gray, 1 + amount, cv2.GaussianBlur(gray, (0, 0), sigma_px), -amount, 0)
    return sharp


def stretched(gray: Gray) -> Gray:
    """Return `gray` with its 2nd and 98th percentile at black and white."""
    low, high = np.percentile(gray[::2, ::2], (2, 98))
    even = (gray.astype(np.float32) - low) * np.float32(255 / max(1.0, high - low))
    clipped: Gray = np.clip(even, 0, 255).astype(np.uint8)
    return clipped


def straightened(view: View, corners: Corners, side_px: int, margin: float) -> View:
    """Return the symbol at `corners` seen from the front, `side_px` square, with a `margin` (share) around it."""
    edge = side_px * margin
    far = side_px - edge
    target = np.array([[edge, edge], [far, edge], [far, far], [edge, far]], np.float32)
    to_view = cv2.getPerspectiveTransform(target, polygon(corners).astype(np.float32))
    gray = cv2.warpPerspective(
        view.gray,
        to_view,
        (side_px, side_px),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return View(gray, view.to_original @ to_view)
