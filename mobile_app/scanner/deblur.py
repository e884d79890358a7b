"""Undo blur by Wiener deconvolution, if the picture shows which kind of blur it has.

A lens out of focus spreads a point into a disk; a moving hand draws it out into a line. Motion blurs the gradients
along its path and keeps those across it, which gives the angle. The size is found by trying several.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner import preprocess
from mobile_app.scanner.image import Gray
from mobile_app.scanner.preprocess import View

_NOISE: Final = 0.004  # noise power relative to the picture's; more leaves blur, less causes ringing
_DISK_RADII_PX: Final = (4.0, 5.0, 6.0, 7.0)
_LINE_LENGTHS_PX: Final = (8.0, 10.0, 13.0, 6.0)
_IS_MOTION: Final = 0.4  # how one-sided the gradients are, 0 to 1; defocused photographs stay below 0.2
_IS_BLURRED: Final = 1.5  # see `blurriness`
_BORDER_PX: Final = 32

Kernel = NDArray[np.float32]


def deblurred(view: View) -> Iterator[View | None]:
    """Yield `view` with the likely kinds and sizes of blur undone; yield nothing if it is sharp."""
    angle, one_sided = motion(view.gray)
    if blurriness(view.gray) < _IS_BLURRED and one_sided < _IS_MOTION:
        return
    if one_sided > _IS_MOTION:
        kernels = [line(length, angle) for length in _LINE_LENGTHS_PX]
    else:
        kernels = [disk(radius) for radius in _DISK_RADII_PX]
    for gray in deconvolved(view.gray, kernels):
        yield preprocess.filtered(view, gray)


def blurriness(gray: Gray) -> float:
    """Return the rise of edges over 6 pixels relative to the steepest 2 of them: 1 if sharp, 3 on an even slope."""
    if gray.shape[1] < 16:
        return 0.0
    cv2 = preprocess.cv2
    climb = cv2.absdiff(gray[:, 6:], gray[:, :-6])
    steps = cv2.absdiff(gray[:, 2:], gray[:, :-2])
    steepest = cv2.max(cv2.max(steps[:, :-4], steps[:, 2:-2]), steps[:, 4:])
    # Flat areas contain only noise, so only the strongest tenth counts.
    strong = climb > max(8.0, float(np.percentile(climb[::3, ::3], 90)))
    if not strong.any():
        return 0.0
    return float(climb[strong].mean()) / max(1.0, float(steepest[strong].mean()))


def motion(gray: Gray) -> tuple[float, float]:
    """Return the angle along which the picture is smeared, in radians, and how one-sided its gradients are (0 to 1)."""
    cv2 = preprocess.cv2
    across = cv2.Sobel(gray, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(gray, cv2.CV_32F, 0, 1, ksize=3)
    size = cv2.magnitude(across, down)
    strong = size > np.percentile(size[::3, ::3], 70)
    if not strong.any():
        return 0.0, 0.0
    xx, xy, yy = ((a * b)[strong].mean() for a, b in ((across, across), (across, down), (down, down)))
    one_sided = math.hypot(xx - yy, 2 * xy) / max(1e-6, float(xx + yy))
    return 0.5 * math.atan2(2 * xy, xx - yy) + math.pi / 2, one_sided


def disk(radius_px: float) -> Kernel:
    """Return the kernel of a lens out of focus: a point becomes a disk."""
    reach = math.ceil(radius_px)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel: Kernel = np.clip(radius_px + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return kernel / np.float32(kernel.sum())


def line(length_px: float, angle: float) -> Kernel:
    """Return the kernel of motion by `length_px` along `angle`: a point becomes a line."""
    reach = math.ceil(length_px / 2) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    x, y = math.cos(angle) * length_px / 2, math.sin(angle) * length_px / 2
    ends = [(round((reach + s * x) * 16), round((reach + s * y) * 16)) for s in (-1, 1)]
    preprocess.cv2.line(kernel, ends[0], ends[1], 1.0, 1, preprocess.cv2.LINE_AA, 4)
    softened: Kernel = preprocess.cv2.GaussianBlur(kernel, (0, 0), 0.5)
    return softened / np.float32(softened.sum())


def deconvolved(gray: Gray, kernels: list[Kernel]) -> Iterator[Gray]:
    """Yield `gray` with each kernel undone (Wiener filter), transforming the picture only once."""
    cv2 = preprocess.cv2
    height, width = gray.shape
    size = (cv2.getOptimalDFTSize(height + _BORDER_PX), cv2.getOptimalDFTSize(width + _BORDER_PX))
    padded = cv2.copyMakeBorder(gray, 0, size[0] - height, 0, size[1] - width, cv2.BORDER_REFLECT)
    picture = cv2.dft(padded.astype(np.float32))
    for kernel in kernels:
        product = cv2.mulSpectrums(picture, _inverse_filter(size, kernel.shape, kernel.tobytes()), 0)
        restored = cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)
        clipped: Gray = cv2.convertScaleAbs(cv2.max(restored[:height, :width], 0))
        yield clipped


@lru_cache(maxsize=8)
def _inverse_filter(size: tuple[int, int], shape: tuple[int, int], kernel: bytes) -> Kernel:
    """Return the spectrum of the filter that undoes a kernel, in OpenCV's packed format for real numbers.

    Successive frames need the same filters, and making one costs five times as much as applying it.
    """
    cv2 = preprocess.cv2
    spread = np.zeros(size, np.float32)
    spread[: shape[0], : shape[1]] = np.frombuffer(kernel, np.float32).reshape(shape)
    spread = np.roll(spread, (-(shape[0] // 2), -(shape[1] // 2)), axis=(0, 1))
    real, imaginary = cv2.split(cv2.dft(spread, flags=cv2.DFT_COMPLEX_OUTPUT))
    power = real * real + imaginary * imaginary + np.float32(_NOISE)
    spectrum = cv2.merge([real / power, -imaginary / power])
    undone = cv2.dft(spectrum, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)
    packed: Kernel = cv2.dft(undone)
    return packed
