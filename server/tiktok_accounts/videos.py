"""Whether a file is a video that browsers play: by its boxes (ISO 14496-12) or elements (EBML, RFC 8794).

Nothing is decoded: a file that is whole and has a picture track may still hold a codec that a browser does not know.
"""

import re
from collections.abc import Iterator
from typing import Final

# HEIC and AVIF pictures begin like an MP4 video (ISO 14496-12, 4.3); browsers would show a broken video.
_STILL_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"avif", b"avis"})
_VIDEO_TRACK: Final = re.compile(rb"hdlr.{8}vide", re.DOTALL)  # 8.4.3: version, flags, pre_defined, handler_type
_EBML, _DOC_TYPE = 0x1A45DFA3, 0x4282
_SEGMENT, _TRACKS, _CLUSTER = 0x18538067, 0x1654AE6B, 0x1F43B675
_IS_VIDEO: Final = b"\x83\x81\x01"  # TrackType 1
# Looked at in one file. A long video in fragments has thousands of boxes; before the first cluster of a WebM there are
# a dozen elements. A file of nothing else, two to eight bytes each, took up to 15 s and 850 MB.
_BOXES, _ELEMENTS = 100_000, 1_000


class NotPlayable(ValueError):
    """A file that begins like a video and is none that can be played: cut off, without a picture, of another kind."""


def content_type(data: bytes) -> str | None:
    """Return the type of a video, None for a file that does not begin like one.

    Raises:
        NotPlayable.
    """
    if data[4:8] == b"ftyp" and data[8:12] not in _STILL_BRANDS:
        _require_mp4(data)
        return "video/mp4"
    if data[:4] == _EBML.to_bytes(4):
        _require_webm(data)
        return "video/webm"
    return None


def _require_mp4(data: bytes) -> None:
    boxes = {kind: where for kind, where in _boxes(data) if kind in {b"moov", b"mdat"}}
    moov = boxes.get(b"moov", (0, 0))
    if b"mdat" not in boxes or not _VIDEO_TRACK.search(data, *moov):
        raise NotPlayable


def _boxes(data: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield the boxes of a whole file: type, and where the content begins and ends."""
    at = 0
    for _ in range(_BOXES):
        if at + 8 > len(data):
            return
        size, begin = int.from_bytes(data[at : at + 4]), at + 8
        if size == 1:  # written in 64 bits behind the type
            size, begin = int.from_bytes(data[at + 8 : at + 16]), at + 16
        end = at + size if size else len(data)
        if end < begin or end > len(data):
            raise NotPlayable
        yield data[at + 4 : at + 8], (begin, end)
        at = end
    raise NotPlayable


def _require_webm(data: bytes) -> None:
    _, begin, end = _element(data, 0)
    if end is None or b"webm" not in _child(data, begin, end, _DOC_TYPE):
        raise NotPlayable
    name, begin, end = _element(data, end)
    if name != _SEGMENT:
        raise NotPlayable
    end = len(data) if end is None else end
    if end > len(data) or _IS_VIDEO not in _child(data, begin, end, _TRACKS):
        raise NotPlayable
    _child(data, begin, end, _CLUSTER)


def _child(data: bytes, at: int, end: int, wanted: int) -> bytes:
    """Return the content of the first element of a kind between two places."""
    for _ in range(_ELEMENTS):
        if at >= end:
            break
        name, begin, stop = _element(data, at)
        if name == wanted:
            return data[begin : end if stop is None else stop]
        if stop is None:  # of unknown length: what follows it cannot be found without reading it
            break
        at = stop
    raise NotPlayable


def _element(data: bytes, at: int) -> tuple[int, int, int | None]:
    """Return the id of an element and where its content begins and ends, None if that is not written down."""
    name, begin = _number(data, at, keep_marker=True)
    size, begin = _number(data, begin, keep_marker=False)
    unknown = size == (1 << 7 * (begin - at - _length(data, at))) - 1
    return name, begin, None if unknown else begin + size


def _length(data: bytes, at: int) -> int:
    if at >= len(data) or not data[at]:
        raise NotPlayable
    return 9 - data[at].bit_length()  # the first one bit says how many bytes a number has


def _number(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    length = _length(data, at)
    if at + length > len(data):
        raise NotPlayable
    value = int.from_bytes(data[at : at + length])
    return (value if keep_marker else value & ~(1 << 7 * length)), at + length
