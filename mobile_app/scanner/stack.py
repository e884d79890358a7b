"""Several frames of the same code laid upon each other: noise averages out, and pixels between pixels fill in."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner import preprocess
from mobile_app.scanner.preprocess import View, inverse, scaling

_FACTOR: Final = 2  # times finer than the frames
_AREA_PX_AT_MOST: Final = 90_000  # of a frame: larger codes are readable without help, and registering costs time
_LEAST_CORRELATION: Final = 0.7  # of two registered frames; other frames are left out
_ITERATIONS: Final = 50
_SMOOTHING_PX: Final = 5
_LEAST_WEIGHT: Final = 0.12  # of a new frame: the code comes into focus, so the newest count most
_SHARPER: Final = 1.2  # times the gradients of the stack: then it is better to begin anew


class FrameStack:
    """The textured areas of successive frames, registered on the newest reference and averaged."""

    def __init__(self) -> None:
        self._mean: NDArray[np.float32] | None = None
        self._reference: NDArray[np.float32] | None = None
        self._to_frame = np.eye(3)
        self.count = 0

    def add(self, area: View) -> bool:
        """Lay `area` upon the stack, and say whether it fitted; one that does not fit may begin a new stack."""
        if area.gray.size > _AREA_PX_AT_MOST or min(area.gray.shape) < 32:
            return False
        gray = area.gray.astype(np.float32)
        way = self._registered(gray)
        if way is None or self._mean is None:
            if self._mean is None or _gradient(gray) > _SHARPER * _gradient(self._reference):
                self._begin(area, gray)
            return False
        fine = scaling(_FACTOR, _FACTOR)
        step = (fine @ np.vstack([way, [0, 0, 1]]) @ inverse(fine))[:2].astype(np.float32)
        cv2 = preprocess.cv2
        large = cv2.resize(gray, None, fx=_FACTOR, fy=_FACTOR, interpolation=cv2.INTER_CUBIC)
        size = (self._mean.shape[1], self._mean.shape[0])
        how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        laid = cv2.warpAffine(large, step, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
        self.count += 1
        weight = max(1 / self.count, _LEAST_WEIGHT)
        self._mean = cv2.addWeighted(self._mean, 1 - weight, laid, weight, 0)
        # Where the stack's pixels lie in the newest frame: what is read in it has its corners there.
        self._to_frame = area.to_original @ np.vstack([way, [0, 0, 1]]) @ scaling(1 / _FACTOR, 1 / _FACTOR)
        return True

    def view(self) -> View:
        """Return the average as a view of the newest frame."""
        if self._mean is None:
            raise ValueError("the stack is empty")
        return View(np.clip(self._mean, 0, 255).astype(np.uint8), self._to_frame)

    def _begin(self, area: View, gray: NDArray[np.float32]) -> None:
        cv2 = preprocess.cv2
        self._reference = gray
        self._mean = cv2.resize(gray, None, fx=_FACTOR, fy=_FACTOR, interpolation=cv2.INTER_CUBIC)
        self._to_frame = area.to_original @ scaling(1 / _FACTOR, 1 / _FACTOR)
        self.count = 1

    def _registered(self, gray: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Return the 2x3 matrix from the stack's reference to `gray`, or None where they do not fit."""
        if self._reference is None:
            return None
        cv2 = preprocess.cv2
        height, width = (min(a, b) for a, b in zip(gray.shape, self._reference.shape, strict=True))
        window = cv2.createHanningWindow((width, height), cv2.CV_32F)
        (x, y), _ = cv2.phaseCorrelate(self._reference[:height, :width].copy(), gray[:height, :width].copy(), window)
        way = np.array([[1, 0, x], [0, 1, y]], np.float32)
        until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ITERATIONS, 1e-3)
        # OpenCV smooths pictures of floats where they are: it gets copies.
        reference, newest = self._reference.copy(), gray.copy()
        try:
            fits, way = cv2.findTransformECC(reference, newest, way, cv2.MOTION_AFFINE, until, None, _SMOOTHING_PX)
        except cv2.error:  # it did not converge
            return None
        return np.asarray(way, np.float32) if fits >= _LEAST_CORRELATION else None


def _gradient(gray: NDArray[np.float32] | None) -> float:
    return 0.0 if gray is None else float(np.abs(np.diff(gray, axis=1)).mean())
