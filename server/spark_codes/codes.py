"""Derives Spark codes from the server's key, so that the owner can see one again and the database holds only hashes."""

import base64
import hashlib
import hmac
from typing import Final

_BYTES: Final = 47  # 64 characters with one "=" at the end, as the vendor's codes have


class SparkCodes:
    """Pure cryptography: no I/O, no state."""

    def __init__(self, key: bytes) -> None:
        """Take the key (32 bytes or more)."""
        if len(key) < 32:
            raise ValueError("the key of Spark codes must have at least 32 bytes")
        self._key = key

    def code(self, spark_code_id: str) -> str:
        """Return the code of one row: `#`, then base64."""
        digest = hmac.digest(self._key, f"spark-code:{spark_code_id}".encode(), "sha512")
        return "#" + base64.b64encode(digest[:_BYTES]).decode()


def code_hash(code: str) -> bytes:
    """Return what the database stores of a code; the `#` in front may be missing."""
    return hashlib.sha256(code.strip().removeprefix("#").encode()).digest()
