"""Pure cryptography: tokens, hashes, seals and link codes. No I/O, no state."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken

from shared import qr

_TOKEN_BYTES = 32


def new_token() -> str:
    """Return an opaque bearer token: 256 random bits as 43 characters of base64url."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return the SHA-256 of a token; a fast hash is enough for 256 random bits (ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(token.encode()).digest()


class Seal:
    """Seals content so that whoever stores it can neither read nor forge it (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, key: bytes, purpose: str) -> None:
        """Take the server's key. A seal made for one purpose is invalid for another."""
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(key, f"seal:{purpose}".encode(), "sha256")))

    def seal(self, content: bytes) -> str:
        """Return the sealed content as ASCII text."""
        return self._fernet.encrypt(content).decode()

    def unseal(self, sealed: str) -> bytes | None:
        """Return the content, or None if this is not one of our seals."""
        try:
            return self._fernet.decrypt(sealed)
        except (InvalidToken, ValueError):  # ValueError: non-ASCII characters
            return None


class LinkCodes:
    """Derives the codes of link requests from one server key, so that the database stores only hashes.

    A code is HMAC-SHA256(key, id and generation), truncated to 128 bits. The console can therefore draw a code again
    after a reload, and a new generation invalidates the old code.
    """

    def __init__(self, key: bytes, origin: str) -> None:
        """Take the key (32 bytes or more) and the origin that every link begins with."""
        if len(key) < 32:
            raise ValueError("the link code key must have at least 32 bytes")
        self._key = key
        self.origin = origin

    def _derive(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self._key, f"{purpose}:{text}".encode(), "sha256")

    def code(self, link_request_id: str, generation: int) -> str:
        """Return the code in the QR code's link: 22 characters."""
        digest = self._derive("code", f"{link_request_id}:{generation}")[:16]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def url(self, link_request_id: str, generation: int) -> str:
        """Return the link that the QR code contains."""
        return qr.format_link(self.origin, self.code(link_request_id, generation))

    def typed(self, link_request_id: str, generation: int) -> str:
        """Return the ten letters of the typed code: 43 bits, evenly distributed over the alphabet."""
        number = int.from_bytes(self._derive("typed", f"{link_request_id}:{generation}"), "big")
        letters = []
        for _ in range(qr.TYPED_LENGTH):
            number, index = divmod(number, len(qr.TYPED_ALPHABET))
            letters.append(qr.TYPED_ALPHABET[index])
        return "".join(letters)

    @staticmethod
    def code_hash(code: str) -> bytes:
        """Return the SHA-256 of a code, which the database stores instead of the code."""
        return hashlib.sha256(code.encode()).digest()

    def typed_hash(self, letters: str) -> bytes:
        """Return the keyed hash of a typed code for the database; 43 bits without a key could be brute-forced."""
        return self._derive("typed-hash", letters)
