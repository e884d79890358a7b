"""Reading codes: text, bytes and corners, from clean pictures, photographs and frames."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from mobile_app.scanner import engine_report, scan_frame, scan_image
from mobile_app.scanner.findings import TraceEntry
from tests.mobile_app.scanner.pictures import LINK, PATIENCE_MS, draw, encode, place, scene

LATIN_1 = "Fußgängerübergang, naïve café"


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("Ärzte 測試 🙂".encode(), "Ärzte 測試 🙂"),
        (LATIN_1.encode("latin-1"), LATIN_1),
        ("日本語テスト".encode("shift_jis"), "日本語テスト"),
        (b"before\0after", "before\0after"),
        (b"BEGIN:VCARD\r\nN:Doe\r\nEND:VCARD", "BEGIN:VCARD\r\nN:Doe\r\nEND:VCARD"),
    ],
)
def test_text_and_bytes_are_exact(payload: bytes, text: str) -> None:
    """In any character set, the text is right and the bytes are those of the payload."""
    (code,) = scan_image(encode(draw(payload)), budget_ms=PATIENCE_MS)
    assert code.text == text
    assert code.data == payload


@pytest.mark.parametrize("turn", [0, 17, 45, 90, 133, 180, 270, 301])
def test_corners_are_those_of_the_symbol(turn: float) -> None:
    """Corners start at the symbol's own top left and go clockwise, at any angle, to within a module and a half."""
    frame = scene()
    symbol = draw(quiet=0)
    place(frame, np.pad(symbol, 32, constant_values=255), 330, 320, 240, turn)
    expected = place(frame, symbol, 330 * symbol.shape[0] / (symbol.shape[0] + 64), 320, 240, turn)
    (code,) = scan_image(encode(frame), budget_ms=PATIENCE_MS)
    assert code.text == LINK
    assert np.abs(np.array(code.corners) - expected).max() < 1.5 * 330 / 41


def test_reads_a_photograph_of_a_screen() -> None:
    """The scanner reads a tilted, dim, slightly blurred and noisy code."""
    frame = scene(1280, 720)
    place(frame, draw(), 300, 700, 380, 8, 30)
    dim = cv2.GaussianBlur(frame, (0, 0), 1.3).astype(np.float32) * 0.5 + 10
    noisy = dim + np.random.default_rng(1).normal(0, 4, dim.shape)
    (code,) = scan_image(encode(np.clip(noisy, 0, 255).astype(np.uint8), "JPEG", quality=70), budget_ms=PATIENCE_MS)
    assert code.text == LINK


@pytest.mark.parametrize("change", ["inverted", "mirrored", "upside down", "no quiet zone"])
def test_reads_altered_codes(change: str) -> None:
    """The scanner reads light on dark, mirrored, upside-down and borderless codes."""
    code = draw()
    altered = {
        "inverted": 255 - code,
        "mirrored": code[:, ::-1],
        "upside down": code[::-1, ::-1],
        "no quiet zone": np.pad(draw(quiet=0), 60, constant_values=20),
    }[change]
    assert [c.text for c in scan_image(encode(np.ascontiguousarray(altered)), budget_ms=PATIENCE_MS)] == [LINK]


def test_several_codes_come_in_reading_order() -> None:
    """All codes in a picture are returned, row by row and from the left, each with its place."""
    frame = np.full((700, 900), 255, np.uint8)
    spots = [(170, 160), (450, 180), (730, 150), (300, 520), (640, 510)]
    for number, (x, y) in enumerate(spots):
        place(frame, draw(f"code number {number}"), 240, x, y)
    codes = scan_image(encode(frame), budget_ms=PATIENCE_MS)
    assert [code.text for code in codes] == [f"code number {n}" for n in range(5)]
    for code, spot in zip(codes, spots, strict=True):
        assert np.abs(np.mean(code.corners, axis=0) - spot).max() < 8


def test_the_same_code_twice_is_two_codes() -> None:
    """Two copies of one code give two results at two places."""
    pair = np.hstack([draw(), draw()])
    assert len(scan_image(encode(pair), budget_ms=PATIENCE_MS)) == 2


def test_scenes_without_a_code_give_nothing() -> None:
    """Blobs, edges and noise never count as a code."""
    for seed in range(6):
        assert scan_image(encode(scene(seed=seed))) == []


def test_budget_is_kept() -> None:
    """With no time left after the first attempt, no other attempt starts."""
    trace: list[TraceEntry] = []
    scan_image(encode(scene(1600, 1200)), budget_ms=0, trace=trace)
    assert len([entry for entry in trace if entry.view is not None]) == 1
    assert all(entry.note for entry in trace[1:])


def test_frames_are_read_from_arrays_and_bytes() -> None:
    """A camera frame may be grey, colour or an encoded picture; a frame without a code gives an empty list."""
    frame = scene(1280, 720)
    place(frame, draw(), 300, 640, 360, 5)
    colour = cv2.cvtColor(frame, cv2.COLOR_GRAY2RGB)
    for source in (frame, colour, encode(frame, "JPEG")):
        (code,) = scan_frame(source, budget_ms=PATIENCE_MS)
        assert code.text == LINK
    assert scan_frame(scene(1280, 720)) == []


@pytest.mark.parametrize("frame", [np.zeros((4, 4), np.float32), np.zeros((4, 4, 2), np.uint8), np.zeros(0, np.uint8)])
def test_a_frame_of_another_shape_is_refused(frame: np.ndarray) -> None:
    """An array that is not a picture raises ValueError immediately."""
    with pytest.raises(ValueError, match="frame"):
        scan_frame(frame)


def test_all_engines_are_ready_here() -> None:
    """The test machine has every engine; otherwise the other results would mean little."""
    assert {status.name: status.available for status in engine_report()} == {
        "zxing-cpp": True,
        "zbar": True,
        "opencv": True,
    }


@pytest.mark.parametrize(
    ("missing", "engine"),
    [
        (["zxingcpp"], "zbar"),
        (["pyzbar.wrapper"], "zxing-cpp"),
        (["cv2"], "zxing-cpp"),
        (["zxingcpp", "pyzbar.wrapper"], "opencv"),
        (["zxingcpp", "cv2"], "zbar"),
    ],
)
def test_any_engine_may_be_missing(missing: list[str], engine: str) -> None:
    """Without one or two engines, the package loads, reads with the others and reports what is missing."""
    program = (
        "import sys\n"
        f"for name in {missing!r}: sys.modules[name] = None\n"
        "from mobile_app.scanner import engine_report, scan_image\n"
        "(code,) = scan_image(sys.stdin.buffer.read(), budget_ms=2000)\n"
        "print(code.text, code.engine, sum(s.available for s in engine_report()), sep='|')\n"
        "print(*[s.why for s in engine_report() if not s.available], sep='|')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, input=encode(draw()), capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    read, why = done.stdout.decode().splitlines()
    assert read == f"{LINK}|{engine}|{3 - len(missing)}"
    assert why.count("pip install") == len(missing)


@pytest.mark.parametrize("seed", [0, 1, 8])
def test_continues_after_signs_of_more_codes(seed: int) -> None:
    """Three blurred codes, from black to pale, are all read, though no single attempt reads all of them."""
    frame = scene(900, 420, seed)
    texts = [f"code number {number} of this picture" for number in range(3)]
    for number, (side, ink) in enumerate(((170, 60), (200, 150), (185, 215))):
        pale = np.where(draw(texts[number]) > 0, 255, ink).astype(np.uint8)
        place(frame, pale, side, 150 + 290 * number, 210, 7 * number - 9)
    grain = np.random.default_rng(seed).normal(0, 3, frame.shape)
    blurred = np.clip(cv2.GaussianBlur(frame, (0, 0), 2.2) + grain, 0, 255).astype(np.uint8)
    assert [code.text for code in scan_image(encode(blurred), budget_ms=20_000)] == texts
