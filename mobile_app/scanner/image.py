"""Turn an untrusted picture file into grey pixels, within fixed limits on bytes, pixels and memory.

It checks every limit against the file's header before it decodes a pixel. Every failure raises `UnreadableImage`,
whose text says what happened and what to do next.
"""

import os
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Gray = NDArray[np.uint8]  # (height, width) uint8, 0 black
ImageSource = str | os.PathLike[str] | bytes | bytearray | memoryview

# The only formats allowed: Pillow has parsers for some forty more, each of them attack surface.
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_WITH_FRAMES: Final = ("GIF", "WEBP", "PNG", "TIFF")
_FRAMES_TRIED: Final = 3  # an animated picture shows its code immediately or after a short fade-in

# Our own pixel limit is lower than the size at which Pillow warns, and it raises an error.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# Its warnings about broken files (corrupt EXIF data, for example) help nobody here.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


class UnreadableImage(ValueError):
    """The picture cannot be read. `str()` is a sentence for people; `reason` is a stable word for code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type["UnreadableImage"], tuple[str, str]]:
        """Keep both arguments when the error crosses a process boundary."""
        return type(self), (self.reason, str(self))


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on a picture. Pictures over `working_px` are averaged down to it before the search for codes."""

    max_bytes: int = 32 * 1024 * 1024
    max_px: int = 50_000_000  # phones take 50 Mpx photographs
    max_side_px: int = 20_000  # long scrolled screenshots
    working_px: int = 24_000_000
    formats: tuple[str, ...] = FORMATS


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way to see a picture as grey pixels; `scale` is pixels of the original per pixel of `gray`."""

    name: str
    gray: Gray
    scale: tuple[float, float]


@dataclass(slots=True)
class Picture:
    """An opened picture. Its first rendering is decoded; the others (black background, next frames) follow lazily."""

    width: int
    height: int
    first: Rendering
    _image: Image.Image = field(repr=False)
    _limits: Limits = field(repr=False)

    def renderings(self) -> Iterator[Rendering]:
        """Yield the first rendering, then a transparent picture on black, then the next frames of an animation."""
        yield self.first
        if has_transparency(self._image):
            yield _render(self._image, self._limits, background=0)
        if self._image.format in _WITH_FRAMES:
            yield from self._next_frames()

    def _next_frames(self) -> Iterator[Rendering]:
        for number in range(1, _FRAMES_TRIED):
            try:
                self._image.seek(number)
                _check_size(self._image.size, self._limits)
                yield _render(self._image, self._limits, name=f"frame {number + 1}")
            except Exception:  # there is no further frame, or it is broken; the earlier ones still count
                return


def load(source: ImageSource, limits: Limits = DEFAULT_LIMITS) -> Picture:
    """Open and decode a picture from a path or its bytes.

    Raises UnreadableImage, and nothing else, unless the source is a complete picture within `limits`.
    """
    data = _read(source, limits)
    try:
        image = Image.open(BytesIO(data), formats=limits.formats)
    except UnreadableImage:
        raise
    except Exception as error:  # Pillow's parsers raise all kinds of errors on a broken header
        raise _not_a_picture(data, error) from None
    width, height = image.size
    _check_size(image.size, limits)
    try:
        if image.format in ("JPEG", "MPO") and image.mode == "RGB":
            # We need only the luminance plane. The JPEG decoder halves it without extra memory.
            wanted = (width // 2, height // 2) if width * height > limits.working_px else (width, height)
            image.draft("L", wanted)
        first = _render(image, limits, original=(width, height))
    except Exception as error:  # as above, for broken pixel data
        raise _broken(error) from None
    return Picture(width, height, first, image, limits)


def has_transparency(image: Image.Image) -> bool:
    """Return whether some pixel of `image` may be transparent."""
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _read(source: ImageSource, limits: Limits) -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source) if len(source) <= limits.max_bytes else None
    else:
        data = _read_file(Path(source), limits)
    if data is None:
        megabytes = limits.max_bytes // (1024 * 1024)
        raise UnreadableImage(
            "too-many-bytes",
            f"The file is larger than {megabytes} MiB. Save the picture smaller, or crop it to the code.",
        )
    if not data:
        raise UnreadableImage("empty", "The file is empty. Save or download the picture again.")
    return data


def _read_file(path: Path, limits: Limits) -> bytes | None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableImage("not-a-file", f"{path} is not a file. Name a picture file.")
        if status.st_size > limits.max_bytes:
            return None
        with path.open("rb") as file:
            data = file.read(limits.max_bytes + 1)  # the file may have grown since
    except UnreadableImage:
        raise
    except FileNotFoundError:
        raise UnreadableImage("missing", f"There is no file {path}. Check the name.") from None
    except PermissionError:
        raise UnreadableImage("no-permission", f"You cannot read {path}. Change its permissions.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableImage(
            "io", f"The file could not be read ({reason}). Copy it elsewhere and try again."
        ) from None
    return data if len(data) <= limits.max_bytes else None


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise UnreadableImage("no-pixels", "The picture has no pixels. Save or download it again.")
    if width * height > limits.max_px or max(size) > limits.max_side_px:
        raise UnreadableImage(
            "too-many-pixels",
            f"The picture is {width} x {height} pixels; the limit is {limits.max_px // 1_000_000} million in "
            f"total and {limits.max_side_px:,} on a side. Save it smaller, or crop it to the code.",
        )


def _not_a_picture(data: bytes, error: Exception) -> UnreadableImage:
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return UnreadableImage(
            "too-many-pixels", "The picture has far too many pixels. Save it smaller, or crop it to the code."
        )
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"):
        return UnreadableImage(
            "heic", "HEIC pictures are not supported. Share it as JPEG or PNG, or take a screenshot of it."
        )
    if data.startswith(b"%PDF") or b"<svg" in data[:1024]:
        return UnreadableImage(
            "document", "This is a document, not a picture. Open it and take a screenshot of the code."
        )
    return UnreadableImage(
        "not-a-picture",
        "This is not a picture in a supported format (PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF), or its beginning is "
        "damaged. Save it as PNG or JPEG and try again.",
    )


def _broken(error: Exception) -> UnreadableImage:
    if isinstance(error, UnreadableImage):
        return error
    if isinstance(error, MemoryError):
        return UnreadableImage(
            "no-memory", "There is not enough memory to open the picture. Save it smaller and try again."
        )
    return UnreadableImage(
        "damaged", "The picture is cut off or damaged. Save or download it again, or take a screenshot of it."
    )


def _render(
    image: Image.Image,
    limits: Limits,
    *,
    name: str = "",
    background: int = 255,
    original: tuple[int, int] | None = None,
) -> Rendering:
    """Return `image` as grey pixels, transparent parts on `background`, 16-bit and float samples stretched."""
    gray = _to_gray(image, background)
    width, height = original or image.size
    if gray.size > limits.working_px:
        ratio = (limits.working_px / gray.size) ** 0.5
        size = (max(1, int(gray.shape[1] * ratio)), max(1, int(gray.shape[0] * ratio)))
        gray = np.asarray(Image.fromarray(gray).resize(size, Image.Resampling.BOX))
    if background == 0:
        name = "on black"
    scale = (width / gray.shape[1], height / gray.shape[0])
    return Rendering(name, np.ascontiguousarray(gray), scale)


def _to_gray(image: Image.Image, background: int) -> Gray:
    if image.mode.startswith("I") or image.mode == "F":
        return _stretch(np.asarray(image, dtype=np.float32))
    if not has_transparency(image):
        return np.asarray(image.convert("L"))
    full = image.convert("RGBA")
    alpha = full.getchannel("A")
    plain = Image.new("L", image.size, background)
    return np.asarray(Image.composite(full.convert("L"), plain, alpha))


def _stretch(samples: NDArray[np.float32]) -> Gray:
    samples = np.nan_to_num(samples, copy=False, posinf=0.0, neginf=0.0)
    low, high = float(samples.min()), float(samples.max())
    if 0 <= low and high <= 255 and high > 1:
        return samples.astype(np.uint8)
    samples -= low
    samples *= 255 / max(high - low, 1e-12)
    return samples.astype(np.uint8)
