"""Byte ranges (RFC 9110, section 14). Browsers need them to seek in a video; Safari plays no video without them."""

import re
from typing import Final

from server.problems import Problem
from shared.problems import ProblemType

_ONE_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class RangeNotSatisfiable(Problem):
    """The range begins after the end of the file."""

    type, status, title = ProblemType.RANGE_NOT_SATISFIABLE, 416, "The requested range is empty"
    detail = (
        "The file has {size} bytes, and the range starts after its end. Request an earlier range, or the whole file."
    )

    def __init__(self, *, size: int) -> None:
        """Take the size of the file in bytes."""
        super().__init__(size=size)
        self._size = size

    def headers(self) -> dict[str, str]:
        """Return the headers that belong to this refusal."""
        return {**super().headers(), "Content-Range": f"bytes */{self._size}"}


def wanted(header: str | None, size: int) -> range | None:
    """Return the bytes that a Range header asks for; None for all of them, or if we ignore that kind of header.

    Raises:
        RangeNotSatisfiable.
    """
    found = _ONE_RANGE.fullmatch(header or "")
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < begin:
            return None
    if begin >= size:
        raise RangeNotSatisfiable(size=size)
    return range(begin, end)
