"""Points in time, counts and names, as sentences use them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from shared.languages import Message, current, gettext, ngettext
from shared.permissions import PERMISSIONS, Permission

_LEFT_TO_RIGHT_ISOLATE = "\N{LEFT-TO-RIGHT ISOLATE}"
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_MONTHS: Final = (
    Message("January"),
    Message("February"),
    Message("March"),
    Message("April"),
    Message("May"),
    Message("June"),
    Message("July"),
    Message("August"),
    Message("September"),
    Message("October"),
    Message("November"),
    Message("December"),
)


def isolated(words: object) -> str:
    """Return a name or a handle so that its direction does not affect the text around it (UAX 9, isolates)."""
    if current().direction == "ltr":
        return str(words)
    return f"{_FIRST_STRONG_ISOLATE}{words}{_POP_ISOLATE}"


def left_to_right(words: str) -> str:
    """Return a handle or an id so that it reads from left to right in any text."""
    return words if current().direction == "ltr" else f"{_LEFT_TO_RIGHT_ISOLATE}{words}{_POP_ISOLATE}"


class Times:
    """Points in time, relative to now: on the web, the device's time zone is unknown."""

    @staticmethod
    def ago(then: datetime) -> str:
        """Say how long ago something was."""
        return _counted(
            (datetime.now(UTC) - then).total_seconds(),
            lambda n: ngettext("{count} day ago", "{count} days ago", n),
            lambda n: ngettext("{count} hour ago", "{count} hours ago", n),
            lambda n: ngettext("{count} minute ago", "{count} minutes ago", n),
            gettext("less than a minute ago"),
        )

    @staticmethod
    def when(then: datetime) -> str:
        """Say how long ago something was, on a line of its own."""
        recent = (datetime.now(UTC) - then).total_seconds() < 57
        return gettext("Just now") if recent else Times.ago(then)

    @staticmethod
    def left(then: datetime) -> str:
        """Say how much longer something lasts."""
        seconds = (then - datetime.now(UTC)).total_seconds()
        if seconds <= 0:
            return gettext("just ended")
        return _counted(
            seconds,
            lambda n: ngettext("for {count} day more", "for {count} days more", n),
            lambda n: ngettext("for {count} hour more", "for {count} hours more", n),
            lambda n: ngettext("for {count} minute more", "for {count} minutes more", n),
            gettext("for less than a minute more"),
        )

    @staticmethod
    def date(then: datetime) -> str:
        """Return the day, like 7 March 2026."""
        month = gettext(_MONTHS[then.month - 1])
        return gettext("{day} {month} {year}").format(day=then.day, month=month, year=then.year)


def _counted(
    seconds: float, days: Callable[[int], str], hours: Callable[[int], str], minutes: Callable[[int], str], less: str
) -> str:
    for size, sentence in ((86_400, days), (3_600, hours), (60, minutes)):
        if seconds >= size * 0.95:
            count = round(seconds / size)
            return sentence(count).format(count=count)
    return less


def count(number: int) -> str:
    """Return a count as profiles show it: 987, 12.3K, 4.5M."""
    for size, letter in ((1_000_000, "M"), (10_000, "K")):
        if number >= size:
            value = number / (1_000_000 if letter == "M" else 1_000)
            return f"{value:.1f}".removesuffix(".0") + letter
    return f"{number:,}"


def short_list(permissions: Iterable[Permission]) -> str:
    """Return the permissions' short names, separated by dots because one of them contains a comma."""
    return " · ".join(isolated(PERMISSIONS[permission].short) for permission in permissions)


def plain(name: str) -> str:
    """Return someone else's words on one line, without control characters that affect the text around them."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())
