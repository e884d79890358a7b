"""Reading what engines cannot: torn finders, bent paper, glare and blur, without making anything up."""

import cv2
import numpy as np
import pytest
import qrcode

from mobile_app.scanner import scan_image
from mobile_app.scanner.deblur import deblurred, disk, line
from mobile_app.scanner.engines.decoders import load_engine
from mobile_app.scanner.preprocess import View
from mobile_app.scanner.rebuild.matrix import clean
from mobile_app.scanner.rebuild.rebuild import rebuilt
from mobile_app.scanner.rebuild.symbology import LEVELS, fixed_modules, side_of
from tests.mobile_app.scanner.pictures import LINK, Gray, draw, encode, place, scene


def _modules(version: int, level: int) -> np.ndarray:
    code = qrcode.QRCode(version=version, error_correction=level, border=0)
    code.add_data("text")
    code.make(fit=False)
    return np.array(code.get_matrix())


def _read(views: object) -> list[str | None]:
    engine = load_engine("zxing-cpp")
    assert engine is not None
    seen = [view for view in views if view is not None]  # type: ignore[attr-defined]
    return [symbol.text for view in seen for symbol in engine.read(view.gray) if symbol.text is not None]


@pytest.mark.parametrize("version", [1, 2, 6, 7, 14, 27, 40])
def test_every_symbol_is_laid_out_as_the_standard_says(version: int) -> None:
    """Noisy modules give the same symbol, at every level."""
    random = np.random.default_rng(version)
    for level in LEVELS:
        modules = _modules(version, level)
        fixed = fixed_modules(version)
        assert ((fixed < 0) | ((fixed == 1) == modules)).all()
        noise = random.normal(0, 0.25, modules.shape)
        symbol = clean((np.where(modules, 1, -1) + noise).astype(np.float32), version)
        assert symbol is not None
        assert np.array_equal(symbol.modules == 1, modules)


def test_noise_is_never_a_symbol() -> None:
    """Noise is never accepted as a symbol, even with every doubtful codeword erased."""
    random = np.random.default_rng(1)
    for version in (1, 2, 4, 6):
        n = side_of(version)
        for _ in range(60):
            assert clean(random.normal(0, 1, (n, n)).astype(np.float32), version) is None


def test_doubtful_codewords_are_erased() -> None:
    """A symbol is repaired even if a grey patch hides more codewords than error correction alone could restore."""
    modules = _modules(4, LEVELS[1])
    soft = np.where(modules, 1, -1).astype(np.float32)
    random = np.random.default_rng(3)
    soft[18:30, 10:22] = random.normal(0, 0.05, (12, 12))
    symbol = clean(soft, 4)
    assert symbol is not None
    assert np.array_equal(symbol.modules == 1, modules)


@pytest.mark.parametrize("corner", [(0.16, 0.16), (0.84, 0.16), (0.16, 0.84)])
def test_two_finders_are_enough(corner: tuple[float, float]) -> None:
    """The scanner reads a code whose third finder is torn off, with its corners in place."""
    code = draw(quiet=4)
    n = code.shape[0]
    cv2.circle(code, (int(corner[0] * n), int(corner[1] * n)), int(0.09 * n), 255, -1)
    frame = scene()
    place(frame, code, 330, 320, 240, 9)
    (found,) = scan_image(encode(frame), budget_ms=2000)
    assert found.text == LINK
    assert np.abs(np.mean(found.corners, axis=0) - (320, 240)).max() < 5


def _shaken(kernel: np.ndarray) -> Gray:
    frame = scene(seed=2)
    place(frame, draw(), 200, 320, 240, 5)
    blurred = cv2.filter2D(frame, -1, kernel)
    return np.clip(blurred + np.random.default_rng(1).normal(0, 2, blurred.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kernel", [disk(5.0), line(10, 0.6), line(13, 1.8)], ids=["defocus", "motion", "more motion"])
def test_blur_is_undone(kernel: np.ndarray) -> None:
    """A code blurred beyond what zxing-cpp reads is read after deconvolution."""
    view = View(_shaken(kernel), np.eye(3))
    assert _read([view]) == []
    assert LINK in _read(deblurred(view))
    assert [code.text for code in scan_image(encode(view.gray), budget_ms=3000)] == [LINK]


def test_sharp_pictures_are_not_deblurred() -> None:
    """Deconvolution costs time and causes ringing, so a sharp picture stays as it is."""
    assert list(deblurred(View(draw(), np.eye(3)))) == []


def test_nothing_is_rebuilt_from_a_scene() -> None:
    """Without finder patterns there is nothing to rebuild."""
    for seed in range(4):
        assert _read(rebuilt(View(scene(seed=seed), np.eye(3)))) == []
