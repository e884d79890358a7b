"""Pictures and videos of posts: which files are accepted, how they are stored, and signed addresses for them."""

import hashlib
import hmac
import io
import re
import time
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from server.problems import Problem
from shared.problems import ProblemType

SIZE_LIMIT_BYTES: Final = 30 * 1024 * 1024
UPLOAD_LIMIT_BYTES: Final = SIZE_LIMIT_BYTES + 1024 * 1024  # the file and the fields around it
# A JPEG can be decoded at a reduced size; the other formats need eighteen bytes per pixel while they are read.
_JPEG_PIXEL_LIMIT: Final = 50_000_000
_OTHER_PIXEL_LIMIT: Final = 16_000_000
_LONGEST_PX: Final = 1920
_COVER_PX: Final = (360, 480)
_LIFE_SECONDS: Final = 3600
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
# The first box of an MP4 file (ISO 14496-12, 4.3). HEIC and AVIF pictures begin with one too, with other brands.
_MP4: Final = re.compile(rb"(.{4})ftyp(?!hei[cxms]|mif1|msf1|hevc|avi[fs]).{4}", re.DOTALL)
# The header of a WebM file: an EBML element that contains the DocType "webm" (RFC 8794, 11.2).
_WEBM: Final = re.compile(rb"\x1a\x45\xdf\xa3.{1,64}?\x42\x82(\x84|[\x01-\x40]\x00{0,6}\x04)webm", re.DOTALL)


class UnreadableMedia(Problem):
    """The file is not a picture or video of an accepted format."""

    type, status, title = ProblemType.UNREADABLE_MEDIA, 422, "This file cannot be used"
    detail = "{why}"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or video as it is stored. `cover` is a JPEG for the grid, None for a video."""

    content_type: str
    content: bytes
    cover: bytes | None


def read(data: bytes) -> Media:
    """Return a file as it should be stored: a picture re-encoded without location and camera data, or a video as is.

    Only a video's header is checked. The server sends the video with the type found here, so no browser runs it as a
    page or script; whether it plays depends on the file and the browser.

    Raises:
        UnreadableMedia: the file is of another kind, too large or broken.
    """
    if len(data) > SIZE_LIMIT_BYTES:
        raise UnreadableMedia(why="The file is larger than 30 MB. Choose a smaller one.")
    video = _video_type(data)
    return _picture(data) if video is None else Media(video, data, None)


def _video_type(data: bytes) -> str | None:
    if (first := _MP4.match(data)) and 12 <= int.from_bytes(first[1]) <= len(data):
        return "video/mp4"
    return "video/webm" if _WEBM.match(data) else None


def _picture(data: bytes) -> Media:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            _require_small_enough(opened)
            # Shrink the picture before anything copies it; a JPEG is decoded only as far as needed.
            opened.draft("RGB", (_LONGEST_PX, _LONGEST_PX))
            small = opened.convert("RGBA") if opened.mode == "P" else opened
            small.thumbnail((_LONGEST_PX, _LONGEST_PX))
            picture = _on_white(ImageOps.exif_transpose(small))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UnreadableMedia(
            why="This is not a picture (JPEG, PNG, WebP) or a video (MP4, WebM) that can be read. Choose another file."
        ) from None
    return Media("image/jpeg", _jpeg(picture), _jpeg(ImageOps.fit(picture, _COVER_PX)))


def _require_small_enough(opened: Image.Image) -> None:
    pixels = opened.width * opened.height
    if pixels > _JPEG_PIXEL_LIMIT:
        raise UnreadableMedia(why="The picture has more than 50 million pixels. Choose a smaller one.")
    if pixels > _OTHER_PIXEL_LIMIT and opened.format != "JPEG":
        raise UnreadableMedia(
            why="The picture has more than 16 million pixels. Choose a smaller one, or save it as a JPEG."
        )


def _on_white(picture: Image.Image) -> Image.Image:
    # JPEG has no transparency, and black is seldom the intended background.
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGB", layer.size, "white")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()


class MediaLinks:
    """Signs addresses of pictures and videos, so that an <img> needs no header. They last one to two hours."""

    def __init__(self, key: bytes) -> None:
        """Take the server's key."""
        self._key = key

    def _signature(self, post_id: str, part: str, until: int) -> str:
        return hmac.digest(self._key, f"media:{post_id}:{part}:{until}".encode(), hashlib.sha256).hex()[:32]

    def url(self, post_id: str, part: str) -> str:
        """Return the path. It stays the same for an hour, so that browsers cache the picture."""
        until = (int(time.time()) // _LIFE_SECONDS + 2) * _LIFE_SECONDS
        return f"/api/v1/posts/{post_id}/{part}?until={until}&signature={self._signature(post_id, part, until)}"

    def is_valid(self, post_id: str, part: str, until: int, signature: str) -> bool:
        """Return whether we signed an address and it has not expired."""
        ours = self._signature(post_id, part, until).encode()
        return until >= time.time() and hmac.compare_digest(ours, signature.encode())
