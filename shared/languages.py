"""The languages people can choose, the current language, and translations into it.

The code contains each sentence in English, and that English text is its key: `_("Sign in")`. Catalogues (files like
`locales/es.po`, one folder per side, compiled to `es.mo` by `make messages`) contain the other languages; a sentence
without a translation appears in English. `docs/decisions/0011-english-in-the-code.md` gives the reasons.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Final, Literal, overload

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its ISO 639-1 code, with its own name for itself."""

    code: str
    name: str
    direction: Direction = "ltr"


ENGLISH: Final = Language("en", "English")
LANGUAGES: Final[dict[str, Language]] = {
    language.code: language
    for language in (
        ENGLISH,
        Language("es", "Español"),
        Language("id", "Bahasa Indonesia"),
        Language("ar", "العربية", "rtl"),
    )
}
_OLD_CODES: Final = {"in": "id"}  # what Java and old Android still call Indonesian

_spoken: ContextVar[Language | None] = ContextVar("language", default=None)
_finders: list[Callable[[], Language | None]] = []
_folders: list[Path] = [Path(__file__).parent / "locales"]


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
    """Return the current language: that of the request or of the person's session, otherwise English."""
    if spoken := _spoken.get():
        return spoken
    return next((found for finder in _finders if (found := finder())), ENGLISH)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Make a language current for this task and for the tasks it starts."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def find_by(finder: Callable[[], Language | None]) -> None:
    """Ask `finder` if `speaking` has set no language. It returns the language of the person's session, or None."""
    _finders.append(finder)


def add_catalogues(folder: Path) -> None:
    """Look for translations in this folder, too; each side of the program has its own folder."""
    _folders.append(folder)
    _translations.cache_clear()


@cache
def _translations(code: str) -> NullTranslations:
    """Return the catalogues of all folders as one; English needs none."""
    found = NullTranslations()
    for folder in _folders if code != ENGLISH.code else ():
        with (folder / f"{code}.mo").open("rb") as file:
            catalogue = GNUTranslations(file)
        catalogue.add_fallback(found)
        found = catalogue
    return found


def gettext(message: str) -> str:
    """Return a sentence in the current language."""
    return _translations(current().code).gettext(str(message)) if message else ""  # the key "" is a catalogue's header


def pgettext(context: str, message: str) -> str:
    """Return a sentence in the current language; `context` distinguishes two meanings of one English text."""
    return _translations(current().code).pgettext(context, str(message))


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a sentence that fits a number; the caller fills the number in."""
    return _translations(current().code).ngettext(one, many, number)


class Message(str):
    """A sentence marked for translation, which happens where it is shown.

    Read as a class attribute, it is the text in the current language. Anywhere else, it is the English text until
    `gettext` or `spoken` translates it.
    """

    __slots__ = ()

    @overload
    def __get__(self, instance: None, owner: type, /) -> str: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None, /) -> str: ...
    def __get__(self, instance: object, owner: type | None = None, /) -> str:
        """Return the text in the current language."""
        return gettext(self)


def marked(owner: type, name: str) -> Message:
    """Return a class attribute untranslated, for a constant that is created before any language is known."""
    message = vars(owner)[name]
    assert isinstance(message, Message)
    return message


def spoken(value: Any) -> Any:
    """Return a marked sentence in the current language, and anything else unchanged."""
    return gettext(value) if isinstance(value, Message) else value
