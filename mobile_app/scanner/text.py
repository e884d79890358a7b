"""Turn the bytes of a QR payload into text, for the decoders that return bytes.

ISO/IEC 18004 specifies Latin-1 unless an ECI says otherwise. In practice writers use UTF-8, or Shift-JIS in Japan.
"""

_MOSTLY_KANJI = 0.5


def decode_payload(data: bytes) -> str:
    """Return `data` as text: as UTF-8 if valid, else as Shift-JIS if plausible, else as Latin-1."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    return data.decode("cp932") if _looks_like_shift_jis(data) else data.decode("latin-1")


def _looks_like_shift_jis(data: bytes) -> bool:
    """Return whether `data` is valid Shift-JIS that Latin-1 writers would hardly produce.

    Latin-1 text is mostly ASCII with single high bytes. In Shift-JIS, a second byte follows each high lead byte, lead
    bytes 0x81-0x9F are control characters in Latin-1, and half-width kana come in runs.
    """
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return False
    if any(0x80 <= byte <= 0x9F for byte in data):
        return True
    high = sum(byte >= 0x80 for byte in data)
    double = sum(1 for character in text if len(character.encode("cp932")) == 2)
    kana = sum("\uff61" <= character <= "\uff9f" for character in text)
    return high >= _MOSTLY_KANJI * len(data) and double + kana >= _MOSTLY_KANJI * len(text)
