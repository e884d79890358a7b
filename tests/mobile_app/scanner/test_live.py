"""Live scanning: each code as soon as it is certain, the newest frame first, and no trouble from bad frames."""

import threading
import time

import cv2
import numpy as np
import pytest

from benchmarks.scanner.live import cluttered
from mobile_app.scanner import LiveScanner
from mobile_app.scanner.engines.decoders import Engine, Symbol, load_engine
from mobile_app.scanner.locate import patches, texture, textured_area
from mobile_app.scanner.preprocess import View
from mobile_app.scanner.video.frames import FrameReader
from tests.mobile_app.scanner.pictures import LINK, Gray, draw, encode, place, scene


def _frames(count: int = 12, blur: float = 6.0) -> list[Gray]:
    """Return frames in which the code comes into focus while the hand moves."""
    frames = []
    for number in range(count):
        frame = scene(1280, 720, seed=3)
        place(frame, draw(), 240, 620 + 5 * number, 360 - 3 * number, turn=number)
        sigma = blur * (1 - number / (count - 1)) + 0.4
        frames.append(cv2.GaussianBlur(frame, (0, 0), sigma).astype(np.uint8))
    return frames


def test_a_code_is_reported_as_soon_as_it_is_readable() -> None:
    """Frames without a readable code give nothing; a code is reported once, however long it stays in view."""
    frames = [scene(1280, 720, seed=3)] * 3 + _frames() + _frames()[-1:] * 5
    assert [code.text for code in LiveScanner.over(frames)] == [LINK]


def test_frames_come_as_arrays_or_jpeg() -> None:
    """Grey, colour and encoded frames give the same code, with corners in the frame's pixels."""
    frame = _frames()[-1]
    for source in (frame, cv2.cvtColor(frame, cv2.COLOR_GRAY2RGB), encode(frame, "JPEG")):
        (code,) = FrameReader().read(source)
        assert code.text == LINK
        assert np.abs(np.mean(code.corners, axis=0) - (620 + 55, 360 - 33)).max() < 5


def test_a_borderless_code_on_dark_is_read_within_a_second() -> None:
    """After every few misses, ZBar gets a frame: it reads codes without a quiet zone."""
    frame = np.full((720, 1280), 20, np.uint8)
    place(frame, draw(quiet=0), 200, 640, 360, 3)
    assert [code.text for code in LiveScanner.over([frame] * 30)] == [LINK]


def test_the_newest_frame_wins() -> None:
    """While the scanner reads one frame, at most one waits: the newest."""
    with LiveScanner() as scanner:
        for frame in [scene(1280, 720)] * 200:
            scanner.offer(frame)
        scanner.offer(_frames()[-1])
        code = scanner.next_code(timeout_seconds=10)
        assert code is not None
        assert code.text == LINK
        assert scanner.frames_dropped > 150


def test_a_code_is_reported_again_only_after_a_pause() -> None:
    """A code that stays in view is reported once. With a pause of zero, it is reported every time."""
    frame = _frames()[-1]
    for pause, reported in ((60.0, 1), (0.0, 3)):
        with LiveScanner(again_after_seconds=pause) as scanner:
            for _ in range(3):
                scanner.offer(frame)
                assert scanner.wait_until_idle(timeout_seconds=10)
            codes = [scanner.next_code(timeout_seconds=0) for _ in range(4)]
            assert sum(code is not None for code in codes) == reported


def test_a_bad_frame_does_not_end_the_stream() -> None:
    """Bytes that are not a picture set an error, which the next frame clears."""
    with LiveScanner() as scanner:
        scanner.offer(b"not a picture")
        assert scanner.wait_until_idle(timeout_seconds=10)
        assert scanner.last_error is not None
        scanner.offer(_frames()[-1])
        assert scanner.next_code(timeout_seconds=10) is not None
        assert scanner.last_error is None


def test_closing_wakes_a_waiting_thread() -> None:
    """A thread that waits for a code gets None when the scanner is closed."""
    scanner = LiveScanner()
    threading.Timer(0.2, scanner.close).start()
    began = time.monotonic()
    assert scanner.next_code(timeout_seconds=30) is None
    assert time.monotonic() - began < 5


def test_only_texture_is_searched() -> None:
    """The textured area contains the code and its quiet zone; a blank wall has no such area."""
    frame = np.full((720, 1280), 90, np.uint8)
    assert textured_area(View(frame, np.eye(3))) is None
    corners = place(frame, draw(), 240, 700, 300, 10)
    area = textured_area(View(frame, np.eye(3)))
    assert area is not None
    assert area.gray.size < 0.25 * frame.size
    left, top = area.to_original[0, 2], area.to_original[1, 2]
    assert left < corners[:, 0].min()
    assert top < corners[:, 1].min()
    assert left + area.gray.shape[1] > corners[:, 0].max()


@pytest.mark.parametrize("seed", range(3))
def test_frames_without_a_code_give_nothing(seed: int) -> None:
    """No retry makes up a code."""
    assert list(LiveScanner.over([scene(1280, 720, seed=seed)] * 14)) == []


class _Counting:
    """zxing-cpp, counting the pixels it receives."""

    name = "zxing-cpp"

    def __init__(self) -> None:
        engine = load_engine("zxing-cpp")
        assert engine is not None
        self._engine: Engine = engine
        self.pixels = 0
        self.located = 0

    def read(self, gray: Gray, *, rescue: bool = False) -> list[Symbol]:
        """Read the symbols and count the pixels."""
        self.pixels += gray.size
        symbols = self._engine.read(gray, rescue=rescue)
        self.located += sum(symbol.text is None for symbol in symbols)
        return symbols


def test_a_scene_without_a_sign_of_a_code_costs_little_more_than_a_look() -> None:
    """In clutter, retries are few and small: they decode little beyond the first look at each frame."""
    frames = cluttered(np.random.default_rng(4), 45)
    reader, counting = FrameReader(), _Counting()
    reader._zxing = counting
    assert [code for frame in frames for code in reader.read(frame)] == []
    assert counting.pixels < 1.15 * sum(frame.size for frame in frames)


def test_a_located_code_is_retried_promptly_amid_clutter() -> None:
    """A symbol that plain reading only locates is read within a few frames, despite the clutter around it."""
    frames = cluttered(np.random.default_rng(5), 8)
    for number, frame in enumerate(frames):
        place(frame, draw(), 120, 640 + 2 * number, 360)
        frame[260:460, 540:760] = cv2.GaussianBlur(frame[260:460, 540:760], (0, 0), 1.6)
    plain = _Counting()
    assert not [symbol for frame in frames for symbol in plain.read(frame) if symbol.text]
    assert plain.located
    (code,) = LiveScanner.over(frames)
    assert code.text == LINK
    assert code.attempt != "plain"
    assert np.abs(np.mean(code.corners, axis=0) - (647, 360)).max() < 12


def test_a_code_amid_clutter_is_a_patch_of_its_own() -> None:
    """The texture of a code stands out from the letters and edges around it."""
    (frame,) = cluttered(np.random.default_rng(6), 1)
    corners = place(frame, draw(), 150, 700, 300, 10)
    boxes = [box for share in (0.3, 0.6) for box in patches(texture(View(frame, np.eye(3))), share)]
    apart = [np.abs(np.reshape(box, (2, 2)) - (corners.min(axis=0), corners.max(axis=0))).max() for box in boxes]
    assert min(apart) < 32
