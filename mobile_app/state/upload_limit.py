"""Files that a person chooses: how large they may be, and what stands in for one that is too large to be sent here."""

from typing import Final

LIMIT_BYTES: Final = 30 * 1024 * 1024
# On the web a file comes in one message over the line, and a larger one would break the line. So the page (shell.js)
# looks at the size before anything is read, and hands over this in its place.
STAND_IN: Final = b"sparklink: larger than 30 MB"


def too_large(content: bytes | None, size: int = 0) -> bool:
    """Say whether a chosen file is too large to be used."""
    return size > LIMIT_BYTES or len(content or b"") > LIMIT_BYTES or content == STAND_IN
