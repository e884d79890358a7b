"""Measure how dark each module of a symbol is, given a picture and the symbol's rough place.

The grid is a plane in perspective plus a gentle bend. It moves until the modules that the standard fixes (finders,
timing, alignment) fit best. A linear filter, learnt from the same fixed modules, then undoes the blur between
modules, where that is simplest.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner import preprocess
from mobile_app.scanner.engines.decoders import Corners, polygon
from mobile_app.scanner.image import Gray
from mobile_app.scanner.rebuild.matrix import Soft
from mobile_app.scanner.rebuild.symbology import fixed_modules, side_of

Points = NDArray[np.float64]

BENDS: Final = 12  # six shapes, each across and down
_CORNERS: Final = tuple(range(8))
_FOURTH_CORNER: Final = (4, 5)  # it has no finder, so it is the least certain
_ALL: Final = tuple(range(8 + BENDS))
_MOVING: Final = ((2.0, _FOURTH_CORNER), (1.0, _FOURTH_CORNER), (0.5, _CORNERS), (0.25, _CORNERS))
_BENDING: Final = ((1.0, _ALL[8:]), (0.5, _ALL), (0.25, _ALL))
_BEND_COSTS: Final = 0.005  # of the fit, per module
_WORTH_A_STEP: Final = 1e-4
_NEIGHBOURHOOD_MODULES: Final = 7  # as wide as a finder: every window contains dark and light
_LEAST_CONTRAST: Final = 0.3  # of the symbol's own: a module below it is glare or dirt and counts for little


@dataclass(slots=True)
class Grid:
    """The place of a symbol's modules in a picture: its four corners, and how far its surface bends (in modules)."""

    version: int
    corners: Points  # (4, 2), x and y of the outer corners of the symbol
    bends: Points  # (BENDS,)

    @classmethod
    def at(cls, version: int, corners: Corners) -> "Grid":
        """Return the flat grid on `corners`."""
        return cls(version, polygon(corners), np.zeros(BENDS))

    def module_px(self) -> float:
        """Return the mean width of a module in pixels."""
        edges = np.roll(self.corners, -1, axis=0) - self.corners
        return float(np.hypot(edges[:, 0], edges[:, 1]).mean()) / side_of(self.version)

    def centres(self) -> NDArray[np.float32]:
        """Return the (n, n, 2) places of the modules' centres, counted from pixel centres as in `cv2.remap`."""
        n = side_of(self.version)
        flat, shapes = _plane(self.version)
        places = flat
        if self.bends.any():
            half = BENDS // 2
            bent = np.stack([self.bends[:half] @ shapes, self.bends[half:] @ shapes, np.zeros(n * n)]) * (2 / n)
            places = flat + bent.astype(np.float32)
        matrix = preprocess.cv2.getPerspectiveTransform(_SQUARE, self.corners.astype(np.float32)).astype(np.float32)
        x, y, w = matrix @ places
        # Corners count from pixels' edges, as the engines report them.
        return np.stack([x / w - np.float32(0.5), y / w - np.float32(0.5)], axis=-1).reshape(n, n, 2)

    def moved(self, number: int, by_modules: float) -> "Grid":
        """Return the grid with one of its numbers changed: 8 for the corners, then the bends."""
        corners, bends = self.corners.copy(), self.bends.copy()
        if number < 8:
            corners[number // 2, number % 2] += by_modules * self.module_px()
        else:
            bends[number - 8] += by_modules
        return Grid(self.version, corners, bends)


_SQUARE: Final = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)


@cache
def _plane(version: int) -> tuple[NDArray[np.float32], Points]:
    """Return the centres of modules on the square from -1 to 1 as (3, n * n), and the shapes it may bend into."""
    n = side_of(version)
    steps = (np.arange(n) + 0.5) * 2 / n - 1
    u, v = (axis.ravel() for axis in np.meshgrid(steps, steps))
    across, down = 1 - u * u, 1 - v * v  # 0 at the edges, so that the corners stay in place
    shapes = np.stack([across, down, across * v, down * u, across * u, down * v])
    return np.stack([u, v, np.ones_like(u)]).astype(np.float32), shapes


def sample(gray: Gray, grid: Grid) -> Soft:
    """Return how dark each module is relative to its surroundings: about -1 (light) to 1 (dark), near 0 under glare."""
    values = _values(gray, grid)
    middle, half = _surround(values)
    soft: Soft = (middle - values) / half
    return soft


def _values(gray: Gray, grid: Grid) -> NDArray[np.float32]:
    cv2 = preprocess.cv2
    sampled = cv2.remap(gray, grid.centres(), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled, np.float32)


def _surround(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the middle between the darkest and the lightest module around each, and half their difference."""
    cv2 = preprocess.cv2
    window = np.ones((_NEIGHBOURHOOD_MODULES, _NEIGHBOURHOOD_MODULES), np.uint8)
    smooth = (_NEIGHBOURHOOD_MODULES, _NEIGHBOURHOOD_MODULES)
    low = cv2.blur(cv2.erode(values, window), smooth)
    high = cv2.blur(cv2.dilate(values, window), smooth)
    half = (high - low) / 2
    floor = max(1.0, _LEAST_CONTRAST * float(np.median(half)))
    return (high + low) / 2, np.maximum(half, np.float32(floor))


def fit(soft: Soft, version: int) -> float:
    """Return how well `soft` agrees with what the standard fixes and how clear-cut the rest is: 1 at best."""
    agreement, decided = _weights(version)
    clipped = np.clip(soft, -1, 1)
    return float(np.vdot(clipped, agreement) + np.vdot(np.abs(clipped), decided))


@cache
def _weights(version: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    fixed = fixed_modules(version)
    known = fixed >= 0
    agreement = np.where(known, np.where(fixed > 0, 1, -1), 0) * (0.7 / known.sum())
    decided = np.where(known, 0, 0.3 / (~known).sum())
    return agreement.astype(np.float32), decided.astype(np.float32)


def refined(gray: Gray, grid: Grid, *, bend: bool) -> tuple[Grid, float]:
    """Move, or move and bend, `grid` to fit best (coordinate ascent, coarse to fine); return it and its fit."""
    # The surroundings hardly change while the grid moves by a module, so measure them once.
    middle, half = _surround(_values(gray, grid))

    def value_of(candidate: Grid) -> float:
        # Timing repeats every two modules, so a strong bend can fit wrongly. Prefer flat.
        bent = _BEND_COSTS * float(np.abs(candidate.bends).sum())
        return fit((middle - _values(gray, candidate)) / half, candidate.version) - bent

    best = value_of(grid)
    for step_modules, numbers in _BENDING if bend else _MOVING:
        for number in numbers:
            for step in (step_modules, -step_modules):
                before = best
                while True:
                    candidate = grid.moved(number, step)
                    value = value_of(candidate)
                    if value <= best + _WORTH_A_STEP:
                        break
                    grid, best = candidate, value
                if best > before:
                    break
    return grid, fit(sample(gray, grid), grid.version)


def smoothed(gray: Gray, module_px: float) -> Gray:
    """Return `gray` without detail much finer than a module, so that one sample represents a module."""
    sigma = 0.25 * module_px
    blurred: Gray = preprocess.cv2.GaussianBlur(gray, (0, 0), sigma) if sigma > 0.5 else gray
    return blurred


def equalised(soft: Soft, version: int, *, reach: int = 2, rounds: int = 2) -> Soft:
    """Return `soft` with the blur between neighbouring modules undone.

    The filter has (2 * reach + 1) ** 2 taps. It is the ridge regression from neighbourhoods to known modules: first
    those the standard fixes, then also those it decided most clearly.
    """
    fixed = fixed_modules(version)
    taps = _neighbourhoods(np.clip(soft, -1.5, 1.5), reach)
    target = np.where(fixed > 0, 1.0, -1.0).ravel()
    weight = (fixed >= 0).astype(np.float64).ravel()
    result = soft.astype(np.float64).ravel()
    for _ in range(rounds):
        weighted = taps * weight[:, None]
        ridge = 0.02 * weight.sum() * np.eye(taps.shape[1])
        prior = np.zeros(taps.shape[1])
        prior[taps.shape[1] // 2] = 1  # without training, a module stays itself
        filter_ = np.linalg.solve(weighted.T @ taps + ridge, weighted.T @ target + ridge @ prior)
        result = taps @ filter_
        decided = np.minimum(np.abs(result), 1)
        target = np.where(fixed.ravel() >= 0, target, np.sign(result))
        weight = np.where(fixed.ravel() >= 0, 1.0, np.where(decided > 0.5, decided, 0.0))
    return result.reshape(soft.shape).astype(np.float32)


def _neighbourhoods(soft: Soft, reach: int) -> NDArray[np.float64]:
    n = soft.shape[0]
    padded = np.pad(soft.astype(np.float64), reach, constant_values=-1.0)  # the quiet zone is light
    shifts = range(2 * reach + 1)
    return np.stack([padded[i : i + n, j : j + n].ravel() for i in shifts for j in shifts], axis=1)
