"""Find finder patterns by their nested outlines, and the symbols that any two of them may belong to.

Engines need all three. Two intact ones place a symbol well enough to fit its grid, so the third may be torn off,
bleached or scribbled over.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np

from mobile_app.scanner import preprocess
from mobile_app.scanner.image import Gray
from mobile_app.scanner.rebuild.sampling import BENDS, Grid, Points
from mobile_app.scanner.rebuild.symbology import side_of

_FINDER_MODULES: Final = 7
_SMALLEST_PX2: Final = 60.0
_SIZES_APART: Final = 2.0
_AT_MOST: Final = 8  # finders considered, largest first
# Shares of the outline's area, 7 x 7: the hole in it has 5 x 5, the heart 3 x 3. Blur shrinks and swells them.
_HOLE_SHARE: Final = (0.3, 0.75)
_HEART_SHARE: Final = (0.06, 0.4)


@dataclass(frozen=True, slots=True)
class Finder:
    """The outer corners of a finder pattern, clockwise, (4, 2) in pixels."""

    quad: Points

    @property
    def centre(self) -> Points:
        """Return its centre, the mean of its corners."""
        return np.asarray(self.quad.mean(axis=0))

    @property
    def side_px(self) -> float:
        """Return the square root of its area."""
        x, y = self.quad.T
        return math.sqrt(abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2)


def find_finders(black_white: Gray) -> list[Finder]:
    """Return the finder patterns in a (height, width) picture of 0 and 255, dark on light, largest first."""
    cv2 = preprocess.cv2
    contours, tree = cv2.findContours(255 - black_white, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    found: list[Finder] = []
    for index, contour in enumerate(contours):
        hole = tree[0][index][2]
        heart = tree[0][hole][2] if hole >= 0 else -1
        if heart < 0 or not _is_nested(cv2, contour, contours[hole], contours[heart]):
            continue
        found.append(Finder(_quad(cv2, contour)))
    found.sort(key=lambda finder: -finder.side_px)
    distinct: list[Finder] = []
    for finder in found:  # skip rings within rings and second outlines of the same finder
        if all(np.hypot(*(finder.centre - other.centre)) > 0.5 * finder.side_px for other in distinct):
            distinct.append(finder)
    return distinct[:_AT_MOST]


def _is_nested(cv2: Any, outline: Any, hole: Any, heart: Any) -> bool:
    area = cv2.contourArea(outline)
    if area < _SMALLEST_PX2:
        return False
    hole_share, heart_share = cv2.contourArea(hole) / area, cv2.contourArea(heart) / area
    if not (_HOLE_SHARE[0] < hole_share < _HOLE_SHARE[1] and _HEART_SHARE[0] < heart_share < _HEART_SHARE[1]):
        return False
    (x, y), (u, v) = cv2.minAreaRect(outline)[0], cv2.minAreaRect(heart)[0]
    return math.hypot(x - u, y - v) < 0.15 * math.sqrt(area)


def _quad(cv2: Any, contour: Any) -> Points:
    """Return the four corners of an outline: of its hull if that is a quadrilateral, else of its smallest box."""
    hull = cv2.convexHull(contour)
    length = cv2.arcLength(hull, True)
    for tolerance in (0.04, 0.06, 0.08, 0.1):
        corners = cv2.approxPolyDP(hull, tolerance * length, True)
        if len(corners) == 4:
            points = corners[:, 0].astype(np.float64)
            break
    else:
        points = cv2.boxPoints(cv2.minAreaRect(contour)).astype(np.float64)
    middle = points.mean(axis=0)
    # Contours run through the outermost pixels' centres: go half a pixel outwards, and count from pixels' edges.
    points = middle + (points - middle) * (1 + 1 / max(4.0, math.sqrt(cv2.contourArea(contour)))) + 0.5
    order = np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))
    return np.asarray(points[order])


def grids(finders: list[Finder]) -> Iterator[Grid]:
    """Yield the symbols that two finders may belong to: as neighbours or across the diagonal, either way round.

    A third finder near the place where the symbol would have one helps to place the symbol.
    """
    for one, other in combinations(finders, 2):
        small, large = sorted((one.side_px, other.side_px))
        if large > _SIZES_APART * small:
            continue
        across = other.centre - one.centre
        edge = one.quad[1] - one.quad[0]
        angle = (math.atan2(across[1], across[0]) - math.atan2(edge[1], edge[0])) % (math.pi / 2)
        is_diagonal = abs(angle - math.pi / 4) < math.pi / 8
        distance_modules = float(np.hypot(*across)) / ((small + large) / 2 / _FINDER_MODULES)
        modules = distance_modules / (math.sqrt(2) if is_diagonal else 1) + _FINDER_MODULES
        for version in range(max(1, round((modules - 21) / 4)), min(40, round((modules - 13) / 4)) + 1):
            if abs(side_of(version) - modules) < 2 + 0.12 * modules:
                for a, b in ((one, other), (other, one)):
                    yield from _placed(a, b, is_diagonal, version, finders)


def _placed(one: Finder, other: Finder, is_diagonal: bool, version: int, finders: list[Finder]) -> Iterator[Grid]:
    """Yield the symbols that have `one` and `other` on an edge (the top or the left one), or across the diagonal."""
    far = side_of(version) - _FINDER_MODULES
    across = other.centre - one.centre
    if is_diagonal:
        turn = -math.pi * 3 / 4  # from the diagonal, which runs down to the left, to the top edge
        cos, sin = math.cos(turn), math.sin(turn)
        direction = np.array([cos * across[0] - sin * across[1], sin * across[0] + cos * across[1]])
        cases = [([(one, far, 0), (other, 0, far)], (0, 0), direction)]
    else:
        down = np.array([-across[1], across[0]])
        cases = [
            ([(one, 0, 0), (other, far, 0)], (0, far), across),
            ([(one, 0, far), (other, 0, 0)], (far, 0), down),
        ]
    for known, third_place, direction in cases:
        corners = _corners_from(known, direction, version)
        if corners is None:
            continue
        yield Grid(version, corners, np.zeros(BENDS))
        third = _nearest(finders, corners, third_place, version)
        if third is not None and third is not one and third is not other:
            corners = _corners_from([*known, (third, *third_place)], direction, version)
            if corners is not None:
                yield Grid(version, corners, np.zeros(BENDS))


def _nearest(finders: list[Finder], corners: Points, place: tuple[int, int], version: int) -> Finder | None:
    """Return the finder nearest to `place` in the symbol on `corners`, if it is near enough."""
    n = side_of(version)
    source = np.array([[0, 0], [n, 0], [n, n], [0, n]], np.float32)
    matrix = preprocess.cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    x, y, w = matrix @ (place[0] + _FINDER_MODULES / 2, place[1] + _FINDER_MODULES / 2, 1)
    nearest = min(finders, key=lambda finder: float(np.hypot(*(finder.centre - (x / w, y / w)))))
    distance = float(np.hypot(*(nearest.centre - (x / w, y / w))))
    return nearest if distance < 0.3 * n * nearest.side_px / _FINDER_MODULES else None


def _corners_from(known: list[tuple[Finder, int, int]], direction: Points, version: int) -> Points | None:
    """Return the corners of a symbol from finders at known module offsets; its top edge runs along `direction`."""
    n = side_of(version)
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float) * _FINDER_MODULES
    modules = np.vstack([unit + np.array([x, y]) for _, x, y in known]) / n
    pixels = np.vstack([_turned(finder.quad, direction) for finder, _, _ in known])
    middle = pixels.mean(axis=0)
    matrix = _homography(modules, pixels - middle)
    corners = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]]) @ matrix.T
    if (corners[:, 2] <= 0.05).any():  # beyond the horizon
        return None
    return np.asarray(corners[:, :2] / corners[:, 2:] + middle)


def _homography(source: Points, target: Points) -> Points:
    """Return the 3x3 matrix that maps `source` closest to `target` (linear least squares; four points or more)."""
    x, y = source.T
    u, v = target.T
    one, zero = np.ones_like(x), np.zeros_like(x)
    rows = np.vstack(
        [
            np.stack([x, y, one, zero, zero, zero, -u * x, -u * y], axis=1),
            np.stack([zero, zero, zero, x, y, one, -v * x, -v * y], axis=1),
        ]
    )
    solution = np.linalg.lstsq(rows, np.concatenate([u, v]), rcond=None)[0]
    return np.append(solution, 1.0).reshape(3, 3)


def _turned(quad: Points, direction: Points) -> Points:
    """Return the clockwise `quad`, starting at the corner whose next edge runs along `direction`."""
    edges = quad[[1, 2, 3, 0]] - quad
    first = int(np.argmax(edges @ direction / np.hypot(edges[:, 0], edges[:, 1])))
    return quad[[first, (first + 1) % 4, (first + 2) % 4, (first + 3) % 4]]
