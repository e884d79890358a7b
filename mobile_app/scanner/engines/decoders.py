"""The decoders behind one protocol: zxing-cpp, ZBar (through pyzbar) and OpenCV. Each is optional.

Phone builds lack zxing-cpp and bare servers lack libzbar, but one decoder is enough: without the others the scanner
reads fewer codes and raises no import error. `engine_report()` describes what is missing.
"""

import ctypes
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner.image import Gray
from mobile_app.scanner.text import decode_payload

Corner = tuple[float, float]
Corners = tuple[Corner, Corner, Corner, Corner]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A code in an engine's picture. `text` is None if it was located but not read.

    `corners` are the symbol's own top left, top right, bottom right, bottom left, in pixels of the picture
    the engine received. `version` is the symbol version (1 to 40), or 0 if the engine does not report it.
    `spare` is the unused share of the error correction, or 1.0 if the engine does not report it.
    """

    corners: Corners
    text: str | None
    data: bytes = b""
    version: int = 0
    spare: float = 1.0


class Engine(Protocol):
    """A decoder of QR codes."""

    name: str

    def read(self, gray: Gray, *, rescue: bool = False) -> list[Symbol]:
        """Return the symbols of a (height, width) uint8 picture; `rescue` means that it was altered first."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Whether an engine can be used here, and if not, why."""

    name: str
    available: bool
    why: str


class ZxingEngine:
    """zxing-cpp: the fastest and best single decoder. It also reports symbols that it located but could not read."""

    name = "zxing-cpp"

    def __init__(self) -> None:
        self._zxing = importlib.import_module("zxingcpp")

    def read(self, gray: Gray, *, rescue: bool = False) -> list[Symbol]:
        """Return the symbols it read, then those it only located."""
        zxing = self._zxing
        # A filter can turn texture into a Micro QR code: in altered pictures only full symbols count.
        wanted = zxing.BarcodeFormat.QRCodeModel2 if rescue else zxing.BarcodeFormat.QRCode
        found = zxing.read_barcodes(
            np.ascontiguousarray(gray), formats=wanted, text_mode=zxing.TextMode.Plain, return_errors=True
        )
        symbols = [self._symbol(barcode) for barcode in found]
        return [s for s in symbols if s.text is not None] + [s for s in symbols if s.text is None]

    @staticmethod
    def _symbol(barcode: Any) -> Symbol:
        place = barcode.position
        points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        extra = barcode.extra or {}  # None if only the finder patterns were found
        version = str(extra.get("Version", ""))
        return Symbol(
            corners=_corners([(point.x, point.y) for point in points]),
            text=barcode.text if barcode.valid else None,
            data=barcode.bytes if barcode.valid else b"",
            version=int(version) if version.isdecimal() else 0,
            spare=float(extra.get("UEC", 1.0)),
        )


class ZbarEngine:
    """ZBar in its binary mode, which returns the payload's bytes: its own decoding to text mangles UTF-8.

    Unlike zxing-cpp, it reads codes without a quiet zone. It never reads inverted ones.
    """

    name = "zbar"
    _QRCODE = 64  # ZBAR_QRCODE of zbar.h
    _BINARY = 4  # ZBAR_CFG_BINARY of zbar.h, not in pyzbar's enumeration
    _Y800 = int.from_bytes(b"Y800", "little")

    def __init__(self) -> None:
        self._wrapper = importlib.import_module("pyzbar.wrapper")

    def read(self, gray: Gray, *, rescue: bool = False) -> list[Symbol]:
        """Return the symbols read; ZBar does not report symbols it only located."""
        zbar = self._wrapper
        pixels = ctypes.create_string_buffer(gray.tobytes(), gray.size)
        scanner, image = zbar.zbar_image_scanner_create(), zbar.zbar_image_create()
        if not scanner or not image:
            raise MemoryError("ZBar could not create its scanner")
        try:
            for symbology, setting, value in ((0, 0, 0), (self._QRCODE, 0, 1), (self._QRCODE, self._BINARY, 1)):
                zbar.zbar_image_scanner_set_config(scanner, symbology, setting, value)
            zbar.zbar_image_set_format(image, self._Y800)
            zbar.zbar_image_set_size(image, gray.shape[1], gray.shape[0])
            zbar.zbar_image_set_data(image, ctypes.cast(pixels, ctypes.c_void_p), len(pixels), None)
            zbar.zbar_scan_image(scanner, image)
            return self._symbols(image)
        finally:
            zbar.zbar_image_destroy(image)
            zbar.zbar_image_scanner_destroy(scanner)

    def _symbols(self, image: Any) -> list[Symbol]:
        zbar, symbols = self._wrapper, []
        symbol = zbar.zbar_image_first_symbol(image)
        while symbol:
            data = ctypes.string_at(zbar.zbar_symbol_get_data(symbol), zbar.zbar_symbol_get_data_length(symbol))
            count = zbar.zbar_symbol_get_loc_size(symbol)
            if data and count == 4:
                points = [
                    (zbar.zbar_symbol_get_loc_x(symbol, i), zbar.zbar_symbol_get_loc_y(symbol, i)) for i in (0, 3, 2, 1)
                ]
                symbols.append(Symbol(_corners(points), decode_payload(data), data))
            symbol = zbar.zbar_symbol_next(symbol)
        return symbols


class OpenCvEngine:
    """OpenCV's QRCodeDetector: reads a few damaged finder patterns, and works when no other decoder can be loaded."""

    name = "opencv"

    def __init__(self) -> None:
        self._cv2 = importlib.import_module("cv2")
        self._detector = self._cv2.QRCodeDetector()

    def read(self, gray: Gray, *, rescue: bool = False) -> list[Symbol]:
        """Return the symbols it read or located."""
        if min(gray.shape) < 21:  # the smallest symbol has 21 modules; OpenCV fails an assertion on less
            return []
        symbols = self._several(gray)
        if any(symbol.text is not None for symbol in symbols):
            return symbols
        return self._single(gray) or symbols

    def _several(self, gray: Gray) -> list[Symbol]:
        try:
            found, texts, quads, _ = self._detector.detectAndDecodeMulti(gray)
        except (self._cv2.error, UnicodeDecodeError):
            return []  # OpenCV fails on some odd pictures; the caller did nothing wrong
        if not found or quads is None:
            return []
        return [self._symbol(text, quad) for text, quad in zip(texts, quads, strict=True)]

    def _single(self, gray: Gray) -> list[Symbol]:
        # OpenCV searches for one symbol differently than for several, and finds some that the other search misses.
        try:
            text, quads, _ = self._detector.detectAndDecode(gray)
        except (self._cv2.error, UnicodeDecodeError):
            return []
        return [self._symbol(text, quads[0])] if text and quads is not None else []

    @staticmethod
    def _symbol(text: str, quad: Any) -> Symbol:
        return Symbol(_corners(quad), text or None, text.encode("utf-8", "surrogateescape"))


def _corners(points: Any) -> Corners:
    a, b, c, d = ((float(x), float(y)) for x, y in points)
    return a, b, c, d


_WHY_MISSING: Final = {
    "zxing-cpp": "the package zxing-cpp is not installed: pip install zxing-cpp",
    "zbar": "pyzbar or the system library libzbar0 is missing: pip install pyzbar, and on Debian apt install libzbar0",
    "opencv": "the package opencv-python-headless is not installed: pip install opencv-python-headless",
}
_MAKERS: Final[dict[str, Callable[[], Engine]]] = {
    "zxing-cpp": ZxingEngine,
    "zbar": ZbarEngine,
    "opencv": OpenCvEngine,
}
ENGINE_NAMES: Final = tuple(_MAKERS)
_loaded: dict[str, Engine | EngineStatus] = {}


def load_engine(name: str) -> Engine | None:
    """Return the engine called `name`, or None if it cannot be used here."""
    if name not in _loaded:
        try:
            _loaded[name] = _MAKERS[name]()
        except (ImportError, OSError, AttributeError) as error:
            _loaded[name] = EngineStatus(name, False, f"{_WHY_MISSING[name]} ({error})")
    engine = _loaded[name]
    return None if isinstance(engine, EngineStatus) else engine


def engine_report() -> list[EngineStatus]:
    """Return the status of every engine: whether it can be used here, and if not, why."""
    report = []
    for name in ENGINE_NAMES:
        load_engine(name)
        loaded = _loaded[name]
        report.append(loaded if isinstance(loaded, EngineStatus) else EngineStatus(name, True, "ready"))
    return report


def polygon(corners: Corners) -> NDArray[np.float64]:
    """Return `corners` as a (4, 2) array."""
    return np.array(corners, dtype=np.float64)
