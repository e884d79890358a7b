"""The picture that asks which of its codes to use."""

import io

import pytest
from PIL import ExifTags, Image

from mobile_app.camera.multiple_codes import multiple_codes
from mobile_app.scanner import scan_image
from shared.qr import draw_png

# By EXIF orientation, how the upright picture is turned into the one that the camera stores.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def _three_codes() -> Image.Image:
    """Draw two codes side by side, the left one a little lower, and one below."""
    picture = Image.new("RGB", (900, 1400), "#DDD")
    for x, y, side, text in ((40, 160, 380, "left"), (480, 60, 380, "right"), (250, 800, 400, "below")):
        picture.paste(Image.open(io.BytesIO(draw_png(text, 8))).convert("RGB").resize((side, side)), (x, y))
    return picture


@pytest.mark.parametrize("orientation", STORED)
def test_the_picture_is_upright_and_each_outline_surrounds_its_code(orientation: int) -> None:
    """However the camera was held, the picture is upright, and its codes are numbered by row and outlined correctly."""
    picture = _three_codes()
    turn = STORED[orientation]
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = io.BytesIO()
    (picture.transpose(turn) if turn is not None else picture).save(stored, "JPEG", quality=95, exif=exif)
    several = multiple_codes(stored.getvalue(), scan_image(stored.getvalue()))
    assert (several.width_px, several.height_px) == picture.size
    assert [code.text for code in several.codes] == ["left", "right", "below"]
    shown = Image.open(io.BytesIO(several.picture))
    scale = shown.width / several.width_px
    for code in several.codes:
        xs, ys = zip(*code.corners, strict=True)
        box = (min(xs) - 20, min(ys) - 20, max(xs) + 20, max(ys) + 20)
        out = io.BytesIO()
        shown.crop(tuple(round(value * scale) for value in box)).save(out, "PNG")
        assert [found.text for found in scan_image(out.getvalue())] == [code.text]
