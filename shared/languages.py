"""The languages people can choose, which one is in force, and sentences in it.

A sentence stands in English where it is used, and that English text is its key: `_("Sign in")`. Catalogues (files like
`locales/es.po`, one folder a side) hold the other languages; a sentence without a translation is shown in English.
`docs/decisions/0011-english-in-the-code.md` says why it is done so.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, overload

from shared.catalogues import Catalogue, read

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its ISO 639-1 code, with its own name for itself.

    `plural` picks among the forms of a catalogue by a count, as in the header `Plural-Forms` of its files.
    """

    code: str
    name: str
    direction: Direction = "ltr"
    plural: Callable[[int], int] = field(default=lambda number: int(number != 1), repr=False, compare=False)


def _arabic(number: int) -> int:
    """Pick zero, one, two, few, many or other (CLDR, plural rules of `ar`)."""
    if number <= 2:
        return number
    if 3 <= number % 100 <= 10:
        return 3
    return 4 if number % 100 >= 11 else 5


ENGLISH: Final = Language("en", "English")
LANGUAGES: Final[dict[str, Language]] = {
    language.code: language
    for language in (
        ENGLISH,
        Language("es", "Español"),
        Language("id", "Bahasa Indonesia", plural=lambda number: 0),
        Language("ar", "العربية", "rtl", _arabic),
    )
}
_OLD_CODES: Final = {"in": "id"}  # what Java and old Android still call Indonesian

_spoken: ContextVar[Language | None] = ContextVar("language", default=None)
_finders: list[Callable[[], Language | None]] = []
_folders: list[Path] = [Path(__file__).parent / "locales"]
_loaded: dict[str, Catalogue] = {}


def language_of(code: str | None) -> Language | None:
    """Return the language of a code or tag like `es` or `es-MX`, or None if we do not speak it."""
    primary = (code or "").replace("_", "-").partition("-")[0].strip().lower()
    return LANGUAGES.get(_OLD_CODES.get(primary, primary))


def negotiate(accept_language: str | None) -> Language:
    """Return the best of our languages for an `Accept-Language` header (RFC 9110, section 12.5.4)."""
    return _negotiated(accept_language[:500]) if accept_language else ENGLISH


@lru_cache(maxsize=256)
def _negotiated(accept_language: str) -> Language:
    wanted = [_weighted(part, place) for place, part in enumerate(accept_language.split(","))]
    for weight, _, tag in sorted(wanted):
        if tag == "*":
            break
        if weight < 0 and (language := language_of(tag)):
            return language
    return ENGLISH


def _weighted(part: str, place: int) -> tuple[float, int, str]:
    tag, _, parameter = part.strip().partition(";")
    name, _, value = parameter.strip().partition("=")
    try:
        weight = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        weight = 0.0
    return -weight, place, tag.strip()


def current() -> Language:
    """Return the language in force here: that of this request or this person's session, else English."""
    if spoken := _spoken.get():
        return spoken
    return next((found for finder in _finders if (found := finder())), ENGLISH)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Put a language in force for this task, and for those it starts."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def find_by(finder: Callable[[], Language | None]) -> None:
    """Ask `finder` where no language was put in force: it knows whose session this is, or returns None."""
    _finders.append(finder)


def add_catalogues(folder: Path) -> None:
    """Take sentences from this folder, too; each side of the program brings its own."""
    _folders.append(folder)
    _loaded.clear()


def catalogue(language: Language) -> Catalogue:
    """Return every translation into a language, read once."""
    if language.code not in _loaded:
        merged: Catalogue = {}
        for folder in _folders:
            path = folder / f"{language.code}.po"
            merged.update(read(path.read_text(encoding="utf-8")) if path.exists() else {})
        _loaded[language.code] = merged
    return _loaded[language.code]


def gettext(message: str) -> str:
    """Return a sentence in the language in force."""
    return pgettext("", message)


def pgettext(context: str, message: str) -> str:
    """Return a sentence in the language in force; `context` tells two meanings of one English text apart."""
    language = current()
    if language is ENGLISH:
        return str(message)
    forms = catalogue(language).get((context, str(message)))
    return forms[0] if forms else str(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a sentence that fits a count; the count itself is filled in by the caller."""
    language = current()
    forms = None if language is ENGLISH else catalogue(language).get(("", str(one)))
    if forms is None:
        return one if number == 1 else many
    return forms[language.plural(number)]


class Message(str):
    """A sentence marked for the catalogues that is translated where it is shown.

    As an attribute of a class, reading it gives the text in the language in force; anywhere else it is the English
    text until `gettext` (or `spoken`) gets it.
    """

    __slots__ = ()

    @overload
    def __get__(self, instance: None, owner: type, /) -> str: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None, /) -> str: ...
    def __get__(self, instance: object, owner: type | None = None, /) -> str:
        """Return the text in the language in force."""
        return gettext(self)


def marked(owner: type, name: str) -> Message:
    """Return an attribute of a class still marked, for a constant that is made before anybody's language is known."""
    message = vars(owner)[name]
    assert isinstance(message, Message)
    return message


def spoken(value: Any) -> Any:
    """Return a marked sentence in the language in force, and anything else as it is."""
    return gettext(value) if isinstance(value, Message) else value
