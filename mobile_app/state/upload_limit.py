"""The size limit for a file that a person chooses, and what replaces a file that is too large to send."""

from typing import Final

UPLOAD_LIMIT_BYTES: Final = 30 * 1024 * 1024
# On the web a file arrives in one message, and a larger one would break the connection. So the page (shell.js) checks
# the size before it reads anything, and sends this instead.
TOO_LARGE_PLACEHOLDER: Final = b"sparklink: larger than 30 MB"


def too_large(content: bytes | None, size: int = 0) -> bool:
    """Return whether a chosen file is too large to be used."""
    return max(size, len(content or b"")) > UPLOAD_LIMIT_BYTES or content == TOO_LARGE_PLACEHOLDER
