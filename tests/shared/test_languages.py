"""Which language is chosen, and what is said in it."""

import asyncio
import io
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import mobile_app
from shared.languages import LANGUAGES, Message, current, gettext, negotiate, ngettext, speaking


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "en"),
        ("", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de-DE,de;q=0.9,ar;q=0.5,en;q=0.4", "ar"),
        ("en;q=0.2, id;q=0.7", "id"),
        ("in-ID", "id"),
        ("es;q=0, id;q=0.1", "id"),
        ("*", "en"),
        ("es;q=nonsense", "en"),
    ],
)
def test_the_heaviest_language_that_we_speak_is_taken(header: str | None, code: str) -> None:
    """RFC 9110, 12.5.4: by weight, weight 0 means never; what nobody asked for is English."""
    assert negotiate(header).code == code


@pytest.mark.parametrize(
    ("number", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (103, 3), (11, 4), (99, 4), (100, 5), (102, 5)]
)
def test_arabic_has_six_plurals(number: int, form: int) -> None:
    """The rules of CLDR for `ar`: zero, one, two, few, many, other."""
    ids = ("Access revoked. {count} ad is paused.", "Access revoked. {count} ads are paused.")  # its six forms differ
    path = Path(mobile_app.__file__).parent / "locales" / "ar.po"
    forms = read_po(io.BytesIO(path.read_bytes()), locale="ar")[ids].string
    with speaking(LANGUAGES["ar"]):
        assert ngettext(*ids, number) == forms[form]


def test_no_sentence_is_none() -> None:
    """No text is no text in any language, and what no catalogue has stays English, in both numbers."""
    for language in LANGUAGES.values():
        with speaking(language):
            assert gettext("") == ""
            assert [ngettext("one dog", "dogs", number) for number in (0, 1, 2)] == ["dogs", "one dog", "dogs"]


async def test_each_task_speaks_its_own_language() -> None:
    """Two people in one process never see each other's language."""

    async def speak(code: str) -> str:
        with speaking(LANGUAGES[code]):
            await asyncio.sleep(0)
            return current().code

    assert await asyncio.gather(*map(speak, LANGUAGES)) == list(LANGUAGES)
    assert current().code == "en"


def test_an_attribute_reads_in_the_language_in_force() -> None:
    """A marked sentence of a class follows the language at every reading; unknown sentences stay English."""

    class Screen:
        title = Message("No catalogue has this sentence.")

    with speaking(LANGUAGES["es"]):
        assert Screen.title == gettext("No catalogue has this sentence.") == "No catalogue has this sentence."
