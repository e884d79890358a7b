"""Combine several frames of the same code: noise averages out, and the resolution doubles."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner import preprocess
from mobile_app.scanner.image import Gray
from mobile_app.scanner.preprocess import View, inverse, scaling

_FACTOR: Final = 2  # times finer than the frames
_AREA_PX_AT_MOST: Final = 90_000  # of a frame: larger codes are readable without this, and registering costs time
_LEAST_CORRELATION: Final = 0.7  # of two registered frames; the stack omits others
_PLACES: Final = 40
_LEAST_PLACES: Final = 8
_FOLLOWED_PX: Final = (15, 15)  # the window around each place
_LEAST_WEIGHT: Final = 0.12  # of a new frame: the camera gains focus, so the newest frames count most
_SHARPER: Final = 1.2  # times the gradients of the reference: a frame that much sharper starts a new stack


class FrameStack:
    """The textured areas of successive frames, registered on a reference frame and averaged."""

    def __init__(self) -> None:
        self._mean: NDArray[np.float32] | None = None
        self._reference: NDArray[np.float32] | None = None
        self._to_frame = np.eye(3)
        self.count = 0

    def add(self, area: View) -> bool:
        """Add `area` to the stack and return whether it fitted. One that does not fit may start a new stack."""
        if area.gray.size > _AREA_PX_AT_MOST or min(area.gray.shape) < 32:
            return False
        gray = area.gray.astype(np.float32)
        motion = self._registered(gray)
        if motion is None or self._mean is None:
            if self._mean is None or _gradient(gray) > _SHARPER * _gradient(self._reference):
                self._begin(area, gray)
            return False
        fine = scaling(_FACTOR, _FACTOR)
        step = (fine @ np.vstack([motion, [0, 0, 1]]) @ inverse(fine))[:2].astype(np.float32)
        cv2 = preprocess.cv2
        large = cv2.resize(gray, None, fx=_FACTOR, fy=_FACTOR, interpolation=cv2.INTER_CUBIC)
        size = (self._mean.shape[1], self._mean.shape[0])
        how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        warped = cv2.warpAffine(large, step, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
        self.count += 1
        weight = max(1 / self.count, _LEAST_WEIGHT)
        self._mean = cv2.addWeighted(self._mean, 1 - weight, warped, weight, 0)
        # Maps the stack's pixels to the newest frame, where the corners of a code are reported.
        self._to_frame = area.to_original @ np.vstack([motion, [0, 0, 1]]) @ scaling(1 / _FACTOR, 1 / _FACTOR)
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
        """Return the 2x3 matrix from the stack's reference to `gray`, or None if they do not fit."""
        if self._reference is None:
            return None
        cv2 = preprocess.cv2
        before, after = (cv2.GaussianBlur(cv2.convertScaleAbs(g), (3, 3), 0) for g in (self._reference, gray))
        motion = _motion(before, after)
        if motion is None:
            return None
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        warped = cv2.warpAffine(after, motion, before.shape[::-1], flags=how, borderMode=cv2.BORDER_REPLICATE)
        return motion if _correlation(warped, before) >= _LEAST_CORRELATION else None


def _motion(before: Gray, after: Gray) -> NDArray[np.float32] | None:
    """Return the 2x3 matrix that maps places in `before` to `after`, or None.

    It shifts the whole picture first, then tracks places with structure. That is as exact as aligning all pixels and
    takes a fifth of the time.
    """
    cv2 = preprocess.cv2
    places = cv2.goodFeaturesToTrack(before, _PLACES, 0.05, 5)
    if places is None or len(places) < _LEAST_PLACES:
        return None
    height, width = (min(a, b) for a, b in zip(before.shape, after.shape, strict=True))
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    shift, _ = cv2.phaseCorrelate(*(gray[:height, :width].astype(np.float32) for gray in (before, after)), window)
    rows, columns = (max(0, a - b) for a, b in zip(before.shape, after.shape, strict=True))
    same_size = cv2.copyMakeBorder(after, 0, rows, 0, columns, cv2.BORDER_REPLICATE)
    same_size = same_size[: before.shape[0], : before.shape[1]]
    guess = places + np.array(shift, np.float32)
    flow = {"winSize": _FOLLOWED_PX, "maxLevel": 1, "flags": cv2.OPTFLOW_USE_INITIAL_FLOW}
    moved, was_found, _ = cv2.calcOpticalFlowPyrLK(before, same_size, places, guess, **flow)
    kept = was_found.ravel() == 1
    if kept.sum() < _LEAST_PLACES:
        return None
    motion, _ = cv2.estimateAffine2D(places[kept], moved[kept], ransacReprojThreshold=1.0)
    return None if motion is None else np.asarray(motion, np.float32)


def _correlation(one: Gray, other: Gray) -> float:
    a, b = (gray.ravel() - np.float32(gray.mean()) for gray in (one, other))
    return float(a @ b) / max(1e-6, float(np.sqrt((a @ a) * (b @ b))))


def _gradient(gray: NDArray[np.float32] | None) -> float:
    return 0.0 if gray is None else float(np.abs(np.diff(gray, axis=1)).mean())
