"""No sentence is missing in any language, and every translation has the placeholders of its original."""

import io
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from shared.events import EventType
from shared.languages import LANGUAGES
from shared.permissions import PERMISSIONS
from shared.problems import ProblemType

ROOT = Path(__file__).parents[2]
SIDES = ("shared", "server", "mobile_app")
OTHERS = [code for code in LANGUAGES if code != "en"]
FORMS = {"es": 2, "id": 2, "ar": 6}
PLACES = re.compile(r"\{\w+\}|%\(\w+\)s")
TAGS = re.compile(r"</?\w+[^>]*>")


@cache
def extracted(side: str) -> dict[str, Message]:
    """Return the sentences of one side of the program, as `make messages` finds them."""
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml"]
    command += ["-k", "Message", "-k", "require_admin:4", "--no-location"]
    with tempfile.NamedTemporaryFile(suffix=".pot") as file:
        subprocess.run([*command, "-o", file.name, side], cwd=ROOT, check=True)
        return {_key(message): message for message in read_po(file) if message.id}


def translated(side: str, code: str) -> dict[str, Message]:
    """Return the translations in a catalogue."""
    with (ROOT / side / "locales" / f"{code}.po").open("rb") as file:
        return {_key(message): message for message in read_po(file, locale=code) if message.id}


def _key(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}: {text}" if message.context else str(text)


def _forms(texts: str | tuple[str, ...] | list[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("side", SIDES)
def test_no_sentence_is_missing(side: str, code: str) -> None:
    """Every sentence marked in code and templates has all forms of its translation, and no old one is left."""
    wanted, there = extracted(side), translated(side, code)
    assert len(wanted) > 50
    assert sorted(wanted.keys() ^ there.keys()) == [], "run `make messages`"
    empty = [key for key, message in there.items() if message.fuzzy or not all(_forms(message.string))]
    assert empty == []
    plural = {key: len(_forms(there[key].string)) for key, message in wanted.items() if not isinstance(message.id, str)}
    assert set(plural.values()) <= {FORMS[code]}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("side", SIDES)
def test_compiled_catalogues_are_current(side: str, code: str) -> None:
    """The program reads the compiled file, so that file has every translation and the rule for plurals."""
    compiled = ROOT / side / "locales" / f"{code}.mo"
    with compiled.open("rb") as old, compiled.with_suffix(".po").open("rb") as file:
        new = io.BytesIO()
        write_mo(new, read_po(file, locale=code))
        new.seek(0)
        assert _content(read_mo(old)) == _content(read_mo(new)), "run `make messages`"


def _content(catalog: Catalog) -> tuple[str, dict[str, object]]:
    return catalog.plural_forms, {_key(message): message.string for message in catalog if message.id}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("side", SIDES)
def test_translations_keep_places_and_tags(side: str, code: str) -> None:
    """Translations keep `{name}` and HTML tags. A plural form may write its count as a word."""
    for message in translated(side, code).values():
        original = _forms(message.id)[-1]
        for form in _forms(message.string):
            missing = set(PLACES.findall(original)) ^ set(PLACES.findall(form))
            assert missing <= ({"{count}", "%(count)s", "%(many)s"} if not isinstance(message.id, str) else set()), form
            assert sorted(TAGS.findall(original)) == sorted(TAGS.findall(form)), form


@pytest.mark.parametrize("code", OTHERS)
def test_a_sentence_of_two_catalogues_has_one_translation(code: str) -> None:
    """At run time all catalogues are one, so they must not contradict each other."""
    seen: dict[str, list[str]] = {}
    contradictions = []
    for side in SIDES:
        for key, message in translated(side, code).items():
            forms = _forms(message.string)
            if seen.setdefault(key, forms) != forms:
                contradictions.append((key, seen[key], forms))
    assert contradictions == []


@pytest.mark.parametrize("code", OTHERS)
def test_permissions_and_events_are_translated(code: str) -> None:
    """The sentences about permissions and events are in the shared catalogue, marked or not."""
    there = translated("shared", code)
    words = {
        text
        for info in PERMISSIONS.values()
        for text in (info.english_title, info.english_consequence, info.english_stops)
    }
    assert words <= there.keys()
    assert {happened.sentence for happened in EventType} <= there.keys()
    assert len(ProblemType) > 20
