"""A picture with more than one code, shown upright to ask which one to use."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PIL import ExifTags, Image

from mobile_app.scanner import ScannedCode
from mobile_app.scanner.findings import in_reading_order

SHOWN_PX: Final = 1200

# How the camera was held (EXIF 2.32, orientation): the turn that makes a stored picture of w x h upright, and where it
# moves a point.
_Place = Callable[[float, float, int, int], tuple[float, float]]
_AS_STORED: Final[tuple[Image.Transpose | None, _Place]] = (None, lambda x, y, w, h: (x, y))
_UPRIGHT: Final[dict[int, tuple[Image.Transpose | None, _Place]]] = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT, lambda x, y, w, h: (w - x, y)),
    3: (Image.Transpose.ROTATE_180, lambda x, y, w, h: (w - x, h - y)),
    4: (Image.Transpose.FLIP_TOP_BOTTOM, lambda x, y, w, h: (x, h - y)),
    5: (Image.Transpose.TRANSPOSE, lambda x, y, w, h: (y, x)),
    6: (Image.Transpose.ROTATE_270, lambda x, y, w, h: (h - y, x)),
    7: (Image.Transpose.TRANSVERSE, lambda x, y, w, h: (h - y, w - x)),
    8: (Image.Transpose.ROTATE_90, lambda x, y, w, h: (y, w - x)),
}


@dataclass(frozen=True)
class MultipleCodes:
    """What the question shows: an upright JPEG, and the codes row by row, in pixels of `width_px` x `height_px`."""

    picture: bytes
    width_px: int
    height_px: int
    codes: list[ScannedCode]


def multiple_codes(picture: bytes, codes: list[ScannedCode]) -> MultipleCodes:
    """Return `picture` upright, in a format that every screen shows; the corners of `codes` refer to it as stored."""
    with Image.open(io.BytesIO(picture)) as image:
        turn, place = _UPRIGHT.get(_orientation(image), _AS_STORED)
        stored = image.size
        upright = image.convert("RGB")
    if turn is not None:
        upright = upright.transpose(turn)
    width, height = upright.size
    upright.thumbnail((SHOWN_PX, SHOWN_PX))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    placed = []
    for code in codes:
        a, b, c, d = (place(x, y, *stored) for x, y in code.corners)
        placed.append(replace(code, corners=(a, b, c, d)))
    return MultipleCodes(out.getvalue(), width, height, in_reading_order(placed))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken EXIF data can make Pillow raise anything; the picture itself is readable
        return 1
