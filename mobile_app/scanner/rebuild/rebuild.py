"""Read symbols that no engine reads: place the grid, sample the modules, repair them and redraw the symbol.

The drawing is perfect and its place is known, so any engine can read it and report the right corners.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from mobile_app.scanner import preprocess
from mobile_app.scanner.image import Gray
from mobile_app.scanner.preprocess import View
from mobile_app.scanner.rebuild.finders import find_finders, grids
from mobile_app.scanner.rebuild.matrix import CleanSymbol, clean
from mobile_app.scanner.rebuild.sampling import Grid, equalised, fit, refined, sample, smoothed
from mobile_app.scanner.rebuild.symbology import side_of

_BLOCKS: Final = (12, 50)  # for thresholds: wide against texture inside a finder, narrow against shadows
_LEAST_FIT: Final = 0.5  # of a grid before refining; noise reaches 0.45
_LEAST_REFINED_FIT: Final = 0.55
_GRIDS_REFINED: Final = 2
_DRAWN_MODULE_PX: Final = 4
_QUIET_MODULES: Final = 4


def rebuilt(view: View) -> Iterator[View | None]:
    """Yield drawings of the symbols rebuilt from finder patterns in `view`, and None for each that failed."""
    for blocks in _BLOCKS:
        finders = find_finders(preprocess.thresholded(view, blocks).gray)
        likely = _best(_ranked(view.gray, list(grids(finders))))
        for grid, gray in likely:
            yield _rebuilt_at(view, gray, grid)
        if likely:
            return
        yield None


def _best(ranked: Iterable[tuple[float, Grid, Gray]]) -> list[tuple[Grid, Gray]]:
    """Return the few grids worth refining, one for each place."""
    best: list[tuple[Grid, Gray]] = []
    for value, grid, gray in sorted(ranked, key=lambda entry: -entry[0]):
        if value < _LEAST_FIT or len(best) == _GRIDS_REFINED:
            break
        apart = 0.5 * grid.module_px()
        if all(np.abs(grid.corners - other.corners).max() > apart for other, _ in best):
            best.append((grid, gray))
    return best


def _ranked(gray: Gray, candidates: list[Grid]) -> Iterator[tuple[float, Grid, Gray]]:
    smooth: dict[int, Gray] = {}
    for grid in candidates:
        module_px = 2 ** round(math.log2(max(1.0, grid.module_px())))
        if module_px not in smooth:
            smooth[module_px] = smoothed(gray, module_px)
        yield fit(sample(smooth[module_px], grid), grid.version), grid, smooth[module_px]


def _rebuilt_at(view: View, gray: Gray, grid: Grid) -> View | None:
    """Return the drawing of the symbol at `grid`: try it flat first, then bent like paper or a can."""
    for bend in (False, True):
        grid, value = refined(gray, grid, bend=bend)
        if value < _LEAST_REFINED_FIT:
            return None
        symbol = _clean(gray, grid, thoroughly=bend)
        if symbol is not None:
            return _drawing(view, grid, symbol)
    return None


def _clean(gray: Gray, grid: Grid, *, thoroughly: bool) -> CleanSymbol | None:
    soft = sample(gray, grid)
    for reach in (0, 1, 2) if thoroughly else (0, 2):
        symbol = clean(equalised(soft, grid.version, reach=reach) if reach else soft, grid.version)
        if symbol is not None:
            return symbol
    return None


def _drawing(view: View, grid: Grid, symbol: CleanSymbol) -> View:
    near, far = _QUIET_MODULES * _DRAWN_MODULE_PX, (_QUIET_MODULES + side_of(symbol.version)) * _DRAWN_MODULE_PX
    drawn = np.array([[near, near], [far, near], [far, far], [near, far]], np.float32)
    to_view = preprocess.cv2.getPerspectiveTransform(drawn, grid.corners.astype(np.float32))
    return View(symbol.draw(_DRAWN_MODULE_PX), view.to_original @ to_view)
