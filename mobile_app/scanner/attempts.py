"""The attempts to read a picture, cheapest first. Each is a preprocessing step and an engine.

The order is greedy: each attempt is the one that reads most of what the earlier ones missed, for its cost.
`docs/scanner.md` has the figures.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from mobile_app.scanner import preprocess
from mobile_app.scanner.deblur import deblurred
from mobile_app.scanner.engines.decoders import Corners
from mobile_app.scanner.locate import textured_area
from mobile_app.scanner.preprocess import View
from mobile_app.scanner.rebuild.rebuild import rebuilt

# Takes the picture and the corners, in its pixels, of the symbols that were located but not yet read.
# Yields the views that the engine reads, or None after work without a result, so that the caller can check the time.
Step = Callable[[View, list[Corners]], Iterator[View | None]]

_DOUBLE_UP_TO_PX: Final = 2000
_CROP_SIDE_PX: Final = 360
_CROP_MARGIN: Final = 0.12  # of the crop's side: room for the quiet zone and an inexact corner
_CROPS_AT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. `ms_per_mpx` is the cost of a miss per megapixel of the picture, on one 3 GHz core."""

    name: str
    step: Step
    engine: str
    ms_per_mpx: float
    targeted: bool = False  # looks at located symbols only, so it pays even after other codes were read
    finds_more: bool = False  # pays even after other codes were read, if there are signs of more
    needs_opencv: bool = True


def _plain(view: View, unread: list[Corners]) -> Iterator[View]:
    yield view


def _doubled(view: View, unread: list[Corners]) -> Iterator[View]:
    if max(view.gray.shape) <= _DOUBLE_UP_TO_PX:
        yield preprocess.resized(view, 2)


def _fine_threshold(view: View, unread: list[Corners]) -> Iterator[View]:
    yield preprocess.thresholded(view, 50)


def _darker(view: View, unread: list[Corners]) -> Iterator[View]:
    yield preprocess.gamma(view, 2.0)


def _brighter(view: View, unread: list[Corners]) -> Iterator[View]:
    yield preprocess.gamma(view, 0.45)


def _median(view: View, unread: list[Corners]) -> Iterator[View]:
    yield preprocess.median(view)


def _small(view: View, unread: list[Corners]) -> Iterator[View]:
    reduced = preprocess.within(view, 1000)
    if reduced is not None:
        yield reduced


def _sharp(view: View, unread: list[Corners]) -> Iterator[View]:
    view = preprocess.within(view, 2000) or view
    yield preprocess.filtered(view, preprocess.sharpened(view.gray))


def _moderate(view: View, unread: list[Corners]) -> Iterator[View]:
    yield preprocess.within(view, 1200) or view


def _coarse_threshold(view: View, unread: list[Corners]) -> Iterator[View]:
    yield preprocess.thresholded(preprocess.within(view, 1600) or view, 20)


def _rebuilt(view: View, unread: list[Corners]) -> Iterator[View | None]:
    yield from rebuilt(preprocess.within(view, 1200) or view)


def _deblurred(view: View, unread: list[Corners]) -> Iterator[View | None]:
    area = textured_area(view)
    if area is not None:
        yield from deblurred(preprocess.within(area, 700) or area)


def _crops(view: View, unread: list[Corners]) -> Iterator[View]:
    for corners in unread[:_CROPS_AT_MOST]:
        crop = preprocess.straightened(view, corners, _CROP_SIDE_PX, _CROP_MARGIN)
        yield crop
        even = preprocess.filtered(crop, preprocess.stretched(crop.gray))
        yield even
        yield preprocess.filtered(crop, preprocess.sharpened(even.gray, sigma_px=4, amount=3))


ATTEMPTS: Final = (
    Attempt("plain", _plain, "zxing-cpp", 3, needs_opencv=False),
    Attempt("twice the size", _doubled, "zxing-cpp", 14, finds_more=True),
    Attempt("darker", _darker, "zxing-cpp", 3, finds_more=True),
    Attempt("fine threshold", _fine_threshold, "zxing-cpp", 4, finds_more=True),
    Attempt("brighter", _brighter, "zxing-cpp", 3, finds_more=True),
    Attempt("coarse threshold", _coarse_threshold, "zbar", 15),
    Attempt("zbar", _moderate, "zbar", 15),
    Attempt("straightened", _crops, "zxing-cpp", 4, targeted=True),
    Attempt("median", _median, "zxing-cpp", 4),
    Attempt("smaller", _small, "zxing-cpp", 1),
    Attempt("rebuilt", _rebuilt, "zxing-cpp", 20),
    Attempt("sharpened", _sharp, "zxing-cpp", 8),
    Attempt("deblurred", _deblurred, "zxing-cpp", 20),
    Attempt("opencv", _moderate, "opencv", 60),
)
# The same idea for phones, which lack zxing-cpp.
ATTEMPTS_WITHOUT_ZXING: Final = (
    Attempt("zbar", _plain, "zbar", 15, needs_opencv=False),
    Attempt("coarse threshold", _coarse_threshold, "zbar", 15),
    Attempt("opencv", _moderate, "opencv", 40),
    Attempt("straightened", _crops, "zbar", 4, targeted=True),
    Attempt("twice the size", _doubled, "zbar", 60),
    Attempt("darker", _darker, "zbar", 15),
    Attempt("sharpened", _sharp, "zbar", 20),
    Attempt("opencv, smaller", _small, "opencv", 30),
)
