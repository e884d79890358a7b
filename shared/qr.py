"""The text in a QR code: make it, read it back and draw it.

A link code is `https://HOST/l#CODE`. CODE is 128 bits as 22 characters of base64url. It is in the fragment because
browsers send that neither to servers nor in Referer. A profile code is `https://HOST/@handle`. The typed code is the
fallback from RFC 8628 section 6.1: ten letters from an alphabet without vowels, shown as `XXXXX-XXXXX`.
"""

import io
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import qrcode
from qrcode.image.svg import SvgPathImage

TYPED_ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
TYPED_LENGTH: Final = 10
QUIET_ZONE_MODULES: Final = 4  # ISO/IEC 18004, section 9.1

_CODE = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")  # the last of 22 characters carries 2 bits
_TYPED = re.compile(f"[{TYPED_ALPHABET}]{{{TYPED_LENGTH}}}")
_HANDLE = re.compile(r"[a-z0-9_.]{2,24}")


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code for a link request on this server."""

    code: str


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code typed by hand, in capitals and without its hyphen."""

    letters: str


@dataclass(frozen=True, slots=True)
class ProfileCode:
    """“Your QR code” of an account on this server."""

    handle: str


@dataclass(frozen=True, slots=True)
class ForeignCode:
    """Any other text, which is never opened or fetched. `shown` is safe to print (printable, short)."""

    shown: str


ScannedText = LinkCode | ProfileCode | ForeignCode


def format_link(base_url: str, code: str) -> str:
    """Return the text for the QR code of a link request."""
    return f"{base_url.rstrip('/')}/l#{code}"


def format_profile(base_url: str, handle: str) -> str:
    """Return the text for an account's own QR code."""
    return f"{base_url.rstrip('/')}/@{handle}"


def format_typed(letters: str) -> str:
    """Return ten letters as `XXXXX-XXXXX`."""
    return f"{letters[:5]}-{letters[5:]}"


def _origin(url: str) -> tuple[str, str, int | None] | None:
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None or not parts.hostname:
        return None
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, usual if parts.port is None else parts.port


def _same_origin(text: str, base_url: str) -> bool:
    """Compare scheme, host and port exactly after parsing. Anything unusual counts as another origin."""
    if not text.isascii() or not text.isprintable() or "\\" in text or " " in text:
        return False
    try:
        ours, theirs = _origin(base_url), _origin(text)
    except ValueError:
        return False
    return ours is not None and ours == theirs


def parse_scanned(text: str, base_url: str) -> ScannedText:
    """Classify a decoded QR text for the server at `base_url`. Never raises."""
    text = text.strip()
    if _same_origin(text, base_url):
        parts = urlsplit(text)
        if parts.path == "/l" and not parts.query and _CODE.fullmatch(parts.fragment):
            return LinkCode(parts.fragment)
        if not parts.query and not parts.fragment and parts.path.startswith("/@"):
            handle = parts.path[2:]
            if _HANDLE.fullmatch(handle):
                return ProfileCode(handle)
    return ForeignCode("".join(c if c.isprintable() else "·" for c in text)[:80])


def parse_typed(text: str) -> TypedCode | None:
    """Return the typed code in `text`, ignoring case, spaces and hyphens, or None."""
    letters = re.sub(r"[\s\-–—]", "", text).upper()
    return TypedCode(letters) if _TYPED.fullmatch(letters) else None


def is_code(text: str) -> bool:
    """Return whether `text` has the form of a link code: 22 characters of canonical base64url."""
    return _CODE.fullmatch(text) is not None


def _matrix(text: str) -> qrcode.QRCode:
    # At the same size, level M reads best; see docs/decisions/0004-qr-text-and-drawing.md.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_ZONE_MODULES)
    code.add_data(text)
    code.make(fit=True)
    return code


def draw_png(text: str, scale: int = 10) -> bytes:
    """Draw `text` as a PNG, black on white, `scale` pixels a module, with a quiet zone of 4 modules."""
    code = _matrix(text)
    code.box_size = scale
    out = io.BytesIO()
    code.make_image().save(out)
    return out.getvalue()


def draw_svg(text: str) -> str:
    """Draw `text` as a standalone SVG document, black on white, as one path."""
    code = _matrix(text)
    image = code.make_image(image_factory=SvgPathImage)
    svg: str = image.to_string(encoding="unicode")
    side = len(code.get_matrix())
    background = f'<rect width="{side}mm" height="{side}mm" fill="#fff"/>'
    return svg.replace("<path", background + "<path", 1)


def draw_terminal(text: str) -> str:
    """Draw `text` with half-block characters, two modules per character, for a dark terminal."""
    rows = _matrix(text).get_matrix()
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    blocks = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}
    return "\n".join(
        "".join(blocks[upper, lower] for upper, lower in zip(top, bottom, strict=True))
        for top, bottom in zip(rows[::2], rows[1::2], strict=True)
    )
