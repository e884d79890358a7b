"""How scanned and typed texts are classified: exactly the server's own codes count, and nothing else."""

import base64
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.qr import (
    TYPED_ALPHABET,
    ForeignCode,
    LinkCode,
    ProfileCode,
    TypedCode,
    format_link,
    format_profile,
    format_typed,
    is_code,
    parse_scanned,
    parse_typed,
)

BASE = "https://link.example.com"
CODE = "AbCdEfGhIjKlMnOpQrSt-w"
LINK = f"{BASE}/l#{CODE}"

TRICKS = [
    # another host that looks like ours
    f"https://link.example.com.evil.test/l#{CODE}",
    f"https://evil.test/link.example.com/l#{CODE}",
    f"https://linkexample.com/l#{CODE}",
    f"https://xlink.example.com/l#{CODE}",
    f"https://example.com/l#{CODE}",
    f"https://link.example.com./l#{CODE}",
    f"https://link.example.com%2eevil.test/l#{CODE}",
    f"https://link.example.com%00.evil.test/l#{CODE}",
    f"https://link%2eexample%2ecom/l#{CODE}",
    f"https://lіnk.example.com/l#{CODE}",  # noqa: RUF001 - a Cyrillic letter
    f"https://ｌink.example.com/l#{CODE}",  # noqa: RUF001 - a full-width letter
    f"https://link。example。com/l#{CODE}",
    f"https://link.example.com。evil.test/l#{CODE}",
    f"https://xn--lnk-fma.example.com/l#{CODE}",
    f"https://link.exa\u00admple.com/l#{CODE}",
    f"https://link.exa\u200bmple.com/l#{CODE}",
    f"https://\u202elink.example.com/l#{CODE}",
    f"https://[::1]/l#{CODE}",
    f"https://127.0.0.1/l#{CODE}",
    f"https://0x7f000001/l#{CODE}",
    # a user name before the @
    f"https://link.example.com@evil.test/l#{CODE}",
    f"https://user@link.example.com/l#{CODE}",
    f"https://user:password@link.example.com/l#{CODE}",
    f"https://@link.example.com/l#{CODE}",
    f"https://:@link.example.com/l#{CODE}",
    f"https://link.example.com:443@evil.test/l#{CODE}",
    f"https://evil.test#@link.example.com/l#{CODE}",
    f"https://evil.test?@link.example.com/l#{CODE}",
    # slashes that browsers interpret differently
    f"https://evil.test\\@link.example.com/l#{CODE}",
    f"https:\\\\link.example.com/l#{CODE}",
    f"https://link.example.com\\l#{CODE}",
    f"https:/link.example.com/l#{CODE}",
    f"https:link.example.com/l#{CODE}",
    f"https:///link.example.com/l#{CODE}",
    f"//link.example.com/l#{CODE}",
    f"link.example.com/l#{CODE}",
    f"/l#{CODE}",
    # another scheme or port
    f"http://link.example.com/l#{CODE}",
    f"httpss://link.example.com/l#{CODE}",
    f"ftp://link.example.com/l#{CODE}",
    f"javascript://link.example.com/l#{CODE}",
    f"javascript:https://link.example.com/l#{CODE}",
    f"view-source:https://link.example.com/l#{CODE}",
    f"https://link.example.com:444/l#{CODE}",
    f"https://link.example.com:0/l#{CODE}",
    f"https://link.example.com:80/l#{CODE}",
    f"https://link.example.com:99999/l#{CODE}",
    f"https://link.example.com:abc/l#{CODE}",
    f"https://link.example.com:４４３/l#{CODE}",  # noqa: RUF001 - full-width digits
    # our host, but not our format
    f"{BASE}/l/#{CODE}",
    f"{BASE}//l#{CODE}",
    f"{BASE}/./l#{CODE}",
    f"{BASE}/x/../l#{CODE}",
    f"{BASE}/L#{CODE}",
    f"{BASE}/%6c#{CODE}",
    f"{BASE}/l;x#{CODE}",
    f"{BASE}/l?x#{CODE}",
    f"{BASE}/l?code={CODE}",
    f"{BASE}/l?next=https://evil.test#{CODE}",
    f"{BASE}/l#{CODE}#",
    f"{BASE}/l#{CODE}/",
    f"{BASE}/l#{CODE}&x=1",
    f"{BASE}/l#{CODE[:-1]}",
    f"{BASE}/l#{CODE}A",
    f"{BASE}/l#{CODE[:-1]}%77",
    f"{BASE}/l#{CODE[:-1]}B",  # bits beyond the 128, which the server never sets
    f"{BASE}/l#" + CODE.replace("-", "+"),
    f"{BASE}/l#" + CODE.replace("-", "/"),
    f"{BASE}/l#{CODE}==",
    f"{BASE}/l#",
    f"{BASE}/l",
    f"{BASE}/#{CODE}",
    f"{BASE}/l #{CODE}",
    f"{BASE}/l#{CODE[:10]} {CODE[11:]}",
    f"{BASE}/l#{CODE[:10]}\x00{CODE[11:]}",
    f"{BASE}/l#{CODE[:10]}\n{CODE[11:]}",
    f"{BASE}/l\t#{CODE}",
    f"{BASE}/l\r\n#{CODE}",
    # not profiles
    f"{BASE}/@",
    f"{BASE}/@a",
    f"{BASE}/@mia.bakes/",
    f"{BASE}/@mia.bakes?x",
    f"{BASE}/@mia.bakes#x",
    f"{BASE}/@Mia",
    f"{BASE}/@mia/../l",
    f"{BASE}/@" + "a" * 25,
    f"{BASE}/@mi%61",
    # something else entirely
    "",
    " ",
    "WIFI:S:cafe;T:WPA;P:secret;;",
    "BEGIN:VCARD\nEND:VCARD",
    "tel:+15550100",
    CODE,
    "\x00",
    "https://[",
    "https://]link.example.com/",
    "😀" * 100,
]


def test_our_own_codes() -> None:
    """The links and profiles that the server writes are recognised."""
    assert parse_scanned(format_link(BASE, CODE), BASE) == LinkCode(CODE)
    assert parse_scanned(format_link(BASE + "/", CODE), BASE) == LinkCode(CODE)
    assert parse_scanned(f"  {LINK}\r\n", BASE) == LinkCode(CODE)
    assert parse_scanned(format_profile(BASE, "mia.bakes"), BASE) == ProfileCode("mia.bakes")


@pytest.mark.parametrize(
    "same",
    [
        f"HTTPS://LINK.EXAMPLE.COM/l#{CODE}",
        f"https://Link.Example.Com:443/l#{CODE}",
        f"https://link.example.com:/l#{CODE}",
    ],
)
def test_other_spellings_of_the_same_origin(same: str) -> None:
    """Scheme and host ignore case and the default port may be explicit: it is the same server."""
    assert parse_scanned(same, BASE) == LinkCode(CODE)


def test_there_are_enough_tricks() -> None:
    """Every trick is different, and there are enough of them."""
    assert len(set(TRICKS)) == len(TRICKS) >= 80


@pytest.mark.parametrize("text", TRICKS, ids=range(len(TRICKS)))
def test_tricks(text: str) -> None:
    """Any text that is not exactly ours is foreign, and its shown part is short and printable."""
    found = parse_scanned(text, BASE)
    assert isinstance(found, ForeignCode)
    assert len(found.shown) <= 80
    assert found.shown.isprintable()


def test_a_port_belongs_to_the_origin() -> None:
    """A server on another port accepts its own codes and not its neighbour's."""
    base = "http://127.0.0.1:8000"
    assert parse_scanned(f"http://127.0.0.1:8000/l#{CODE}", base) == LinkCode(CODE)
    for other in ("http://127.0.0.1:8001", "http://127.0.0.1", "http://localhost:8000", "https://127.0.0.1:8000"):
        assert isinstance(parse_scanned(f"{other}/l#{CODE}", base), ForeignCode)


@given(st.text(max_size=120))
@example("https://[")
@example("https://link.example.com:\u0663/l#")
@settings(max_examples=400)
def test_any_text_is_read_without_error(text: str) -> None:
    """No text makes the reader fail, and only the exact format counts as a code."""
    for candidate in (text, BASE + text, f"{BASE}/l#{text}", f"https://{text}/l#{CODE}"):
        found = parse_scanned(candidate, BASE)
        if isinstance(found, LinkCode):
            assert is_code(found.code)
            assert candidate.strip().lower().startswith(("https://link.example.com/", "https://link.example.com:"))


@given(st.binary(min_size=16, max_size=16))
def test_every_code_is_read_back(secret: bytes) -> None:
    """Every 128-bit value survives the round trip through the link, and only one text of 22 characters means it."""
    code = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    assert is_code(code)
    assert parse_scanned(format_link(BASE, code), BASE) == LinkCode(code)
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    alike = [code[:-1] + last for last in alphabet if base64.urlsafe_b64decode(code[:-1] + last + "==") == secret]
    assert [other for other in alike if is_code(other)] == [code]


@given(st.data(), st.text(TYPED_ALPHABET, min_size=10, max_size=10))
def test_typed_codes_in_any_spelling(data: st.DataObject, letters: str) -> None:
    """Case, spaces and hyphens do not matter."""
    assert parse_typed(format_typed(letters)) == TypedCode(letters)
    spelled = "".join(
        data.draw(st.sampled_from(["", " ", "-", "  ", "–", "\t", "\u00a0"]))
        + data.draw(st.sampled_from([letter, letter.lower()]))
        for letter in letters
    )
    assert parse_typed(spelled) == TypedCode(letters)


@given(st.text(max_size=20))
def test_other_texts_are_no_typed_codes(text: str) -> None:
    """Every typed code that is accepted consists of ten letters of the alphabet."""
    found = parse_typed(text)
    assert found is None or (len(found.letters) == 10 and set(found.letters) <= set(TYPED_ALPHABET))


@pytest.mark.parametrize("text", ["", "BCDFG-HJKL", "BCDFG-HJKLMN", "AEIOU-AEIOU", "BCDFG_HJKLM", "0BCDF-GHJKL", LINK])
def test_near_misses(text: str) -> None:
    """A text with a letter too few, too many or from another alphabet is not a typed code."""
    assert parse_typed(text) is None


def test_the_alphabet_spells_no_words_and_confuses_nobody() -> None:
    """The alphabet has twenty capitals, without vowels, digits and Y, as RFC 8628 advises for typed codes."""
    assert len(set(TYPED_ALPHABET)) == len(TYPED_ALPHABET) == 20
    assert not set(TYPED_ALPHABET) & set("AEIOUY0123456789")
