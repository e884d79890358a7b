"""Derive Spark codes from the server's key: owners can see a code again, yet the database stores only hashes."""

import base64
import hashlib
import hmac
from typing import Final

_BYTES: Final = 47  # gives 64 characters with one "=" at the end, like the vendor's codes


class SparkCodes:
    """Derives codes from a key, without I/O or state."""

    def __init__(self, key: bytes) -> None:
        """Take the key (32 bytes or more)."""
        if len(key) < 32:
            raise ValueError("the key of Spark codes must have at least 32 bytes")
        self._key = key

    def code(self, spark_code_id: str) -> str:
        """Return the code of one row: `#` and base64."""
        digest = hmac.digest(self._key, f"spark-code:{spark_code_id}".encode(), "sha512")
        return "#" + base64.b64encode(digest[:_BYTES]).decode()


def code_hash(code: str) -> bytes:
    """Return the SHA-256 of a code for the database. The leading `#` is optional."""
    return hashlib.sha256(code.strip().removeprefix("#").encode()).digest()
