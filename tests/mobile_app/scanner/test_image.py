"""Loading pictures: every format, and a clear refusal of everything else."""

import io
import os
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mobile_app.scanner import Limits, UnreadableImage, scan_image
from mobile_app.scanner.image import load
from tests.mobile_app.scanner.pictures import LINK, PATIENCE_MS, draw, encode


def _texts(data: bytes) -> list[str]:
    return [code.text for code in scan_image(data, budget_ms=PATIENCE_MS)]


def _png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 80}),
        ("JPEG", {"quality": 60, "progressive": True}),
        ("WEBP", {}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("AVIF", {}),
    ],
)
def test_reads_every_format(file_format: str, options: dict[str, object]) -> None:
    """The scanner reads a clean code in every supported format."""
    assert _texts(encode(draw(), file_format, **options)) == [LINK]


def test_reads_cmyk_jpeg() -> None:
    """The scanner reads a JPEG in CMYK colours."""
    out = io.BytesIO()
    Image.fromarray(draw()).convert("CMYK").save(out, "JPEG")
    assert _texts(out.getvalue()) == [LINK]


def test_reads_sixteen_bit_samples() -> None:
    """The scanner stretches and reads a faint 16-bit TIFF or PNG."""
    faint = (20_000 + draw().astype(np.uint16) * 8).astype(np.uint16)
    for file_format in ("TIFF", "PNG"):
        assert _texts(encode(faint, file_format)) == [LINK]


@pytest.mark.parametrize("ink", [0, 255])
def test_reads_transparent_pictures(ink: int) -> None:
    """The scanner reads a code on a transparent background, in black or white."""
    code = draw()
    rgba = np.full((*code.shape, 4), ink, np.uint8)
    rgba[:, :, 3] = 255 - code
    assert _texts(encode(rgba)) == [LINK]


def test_reads_a_later_frame_of_an_animation() -> None:
    """The scanner reads a GIF that fades in from its second frame."""
    code = Image.fromarray(draw())
    out = io.BytesIO()
    Image.new("L", code.size, 255).save(out, "GIF", save_all=True, append_images=[code])
    assert _texts(out.getvalue()) == [LINK]


def test_a_picture_without_a_code_is_an_empty_list() -> None:
    """Nothing found is a result, not an error."""
    assert scan_image(encode(np.full((200, 300), 128, np.uint8))) == []
    assert scan_image(encode(np.zeros((1, 1), np.uint8))) == []


def test_refuses_what_is_not_a_picture(tmp_path: Path) -> None:
    """Empty, truncated, unsupported, missing and special files are refused with a reason and advice."""
    whole = encode(draw(), "JPEG")
    empty = tmp_path / "empty.png"
    empty.touch()
    os.mkfifo(tmp_path / "pipe.png")
    cases: list[tuple[bytes | Path, str]] = [
        (b"", "empty"),
        (empty, "empty"),
        (whole[: len(whole) // 2], "damaged"),
        (encode(draw())[:200], "damaged"),
        (b"%PDF-1.7 and so on", "document"),
        (b"hello, world " * 100, "not-a-picture"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "heic"),
        (tmp_path / "absent.png", "missing"),
        (tmp_path, "not-a-file"),
        (tmp_path / "pipe.png", "not-a-file"),
        (Path("nul\0byte.png"), "io"),
    ]
    for source, reason in cases:
        with pytest.raises(UnreadableImage) as refusal:
            scan_image(source)
        assert refusal.value.reason == reason
        assert str(refusal.value).endswith(".")
        assert len(str(refusal.value).split(". ")) >= 2, "says what happened and what to do next"


def test_refuses_a_bomb_by_its_header() -> None:
    """A file that claims 20,000 x 20,000 pixels is refused before decoding a pixel."""
    began = time.process_time()
    for side in (20_000, 8_000):
        with pytest.raises(UnreadableImage, match="pixels") as refusal:
            scan_image(_png_header(side, side))
        assert refusal.value.reason == "too-many-pixels"
    assert time.process_time() - began < 0.5


def test_refuses_large_files_and_keeps_tighter_limits(tmp_path: Path) -> None:
    """The byte limit applies to files and bytes, and a caller may set its own limits."""
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    tight = Limits(max_bytes=1000, max_px=10_000, formats=("PNG",))
    for source, limits, reason in (
        (large, Limits(), "too-many-bytes"),
        (bytes(2000), tight, "too-many-bytes"),
        (_png_header(101, 100), tight, "too-many-pixels"),
        (encode(np.zeros((9, 9), np.uint8), "GIF"), tight, "not-a-picture"),
    ):
        with pytest.raises(UnreadableImage) as refusal:
            scan_image(source, limits=limits)
        assert refusal.value.reason == reason


def test_large_photographs_are_averaged_down() -> None:
    """Pictures over the working size are averaged down, and keep their scale to the original."""
    data = encode(np.full((1000, 2000), 200, np.uint8), "JPEG")
    rendering = load(data, Limits(working_px=500_000)).first
    assert rendering.gray.size <= 500_000
    assert rendering.scale[0] == pytest.approx(2000 / rendering.gray.shape[1])
