"""The drawn code is readable, small enough for a poor camera, and has its margin."""

import io
import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyzbar import pyzbar

from shared.qr import QUIET_ZONE_MODULES, draw_png, draw_svg, draw_terminal, format_link

SVG = "{http://www.w3.org/2000/svg}"
ORIGINS = [
    "https://s.co",
    "https://link.example.com",
    "http://127.0.0.1:8000",
    "http://192.168.100.100:8000",
]
CODES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=22, max_size=22)


def picture(png: bytes) -> Image.Image:
    """Return the picture in grey."""
    return Image.open(io.BytesIO(png)).convert("L")


@pytest.mark.parametrize("origin", ORIGINS)
def test_form_of_the_code(origin: str) -> None:
    """For every origin of a usual length, error correction is M or Q and the version at most 4."""
    link = format_link(origin, "AbCdEfGhIjKlMnOpQrSt-w")
    (found,) = zxingcpp.read_barcodes(picture(draw_png(link)))
    assert found.text == link
    assert found.ec_level in {"M", "Q"}
    size = picture(draw_png(link, scale=1)).width - 2 * QUIET_ZONE_MODULES
    assert (size - 17) // 4 <= 4  # a version has 17 + 4 * version modules a side


@given(CODES)
@settings(max_examples=25, deadline=None)
def test_every_code_can_be_read(code: str) -> None:
    """Two independent readers return exactly the drawn text."""
    link = format_link("https://link.example.com", code)
    drawn = picture(draw_png(link, scale=4))
    assert [found.text for found in zxingcpp.read_barcodes(drawn)] == [link]
    assert [found.data.decode() for found in pyzbar.decode(drawn)] == [link]


@pytest.mark.parametrize("scale", [1, 3, 10, 40])
def test_the_quiet_zone(scale: int) -> None:
    """Each side has four white modules, the code begins right after them, and all is black and white."""
    drawn = picture(draw_png("https://link.example.com/l#AbCdEfGhIjKlMnOpQrSt-w", scale))
    margin = QUIET_ZONE_MODULES * scale
    assert drawn.point(lambda value: 255 - value).getbbox() == (
        margin,
        margin,
        drawn.width - margin,
        drawn.height - margin,
    )
    assert {value for _, value in drawn.getcolors() or []} == {0, 255}


def test_svg_has_the_same_modules() -> None:
    """The SVG's path, drawn by hand, gives the same picture as the PNG."""
    link = "https://link.example.com/l#AbCdEfGhIjKlMnOpQrSt-w"
    root = ET.fromstring(draw_svg(link))  # noqa: S314 - our own
    side = int(root.attrib["viewBox"].split()[2])
    paths = root.findall(f"{SVG}path")
    assert len(paths) == 1
    drawn = Image.new("L", (side, side), 255)
    for step in paths[0].attrib["d"].split("M")[1:]:
        left, top = (int(float(number)) for number in step.split("H")[0].rstrip(",").split(","))
        drawn.putpixel((left, top), 0)
    assert drawn.tobytes() == picture(draw_png(link, scale=1)).tobytes()


def test_terminal_drawing_can_be_read() -> None:
    """The half blocks that a terminal shows, light on dark, form the code."""
    link = "https://link.example.com/l#AbCdEfGhIjKlMnOpQrSt-w"
    rows = draw_terminal(link).splitlines()
    light = {" ": (0, 0), "▄": (0, 255), "▀": (255, 0), "█": (255, 255)}
    drawn = Image.new("L", (len(rows[0]), 2 * len(rows)))
    for y, row in enumerate(rows):
        for x, block in enumerate(row):
            for half, value in enumerate(light[block]):
                drawn.putpixel((x, 2 * y + half), value)
    enlarged = drawn.resize((drawn.width * 4, drawn.height * 4), Image.Resampling.NEAREST)
    assert [found.text for found in zxingcpp.read_barcodes(enlarged)] == [link]
