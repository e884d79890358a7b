"""The choice of a language, and how catalogues are read."""

import asyncio

import pytest

from shared.catalogues import read
from shared.languages import LANGUAGES, Message, current, gettext, negotiate, speaking


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
def test_the_supported_language_with_the_highest_weight_wins(header: str | None, code: str) -> None:
    """RFC 9110, 12.5.4: the weight decides, and weight 0 means never. The default is English."""
    assert negotiate(header).code == code


@pytest.mark.parametrize(
    ("number", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (103, 3), (11, 4), (99, 4), (100, 5), (102, 5)]
)
def test_arabic_has_six_plurals(number: int, form: int) -> None:
    """Arabic plurals follow the CLDR rules for `ar`."""
    assert LANGUAGES["ar"].plural(number) == form


def test_unfinished_translations_are_not_shown() -> None:
    """A fuzzy or empty entry counts as missing. Texts and contexts on several lines are joined."""
    entries = (
        'msgctxt "c"\nmsgid ""\n"a "\n"b"\nmsgstr "x\\n"',
        '#, fuzzy\nmsgid "f"\nmsgstr "g"',
        'msgid "e"\nmsgstr ""',
    )
    assert read("\n\n".join(entries)) == {("c", "a b"): ("x\n",)}


async def test_each_task_speaks_its_own_language() -> None:
    """Two people in one process never see each other's language."""

    async def speak(code: str) -> str:
        with speaking(LANGUAGES[code]):
            await asyncio.sleep(0)
            return current().code

    assert await asyncio.gather(*map(speak, LANGUAGES)) == list(LANGUAGES)
    assert current().code == "en"


def test_an_attribute_reads_in_the_current_language() -> None:
    """A marked sentence in a class reads in the current language each time; unknown sentences stay English."""

    class Screen:
        title = Message("No catalogue has this sentence.")

    with speaking(LANGUAGES["es"]):
        assert Screen.title == gettext("No catalogue has this sentence.") == "No catalogue has this sentence."
