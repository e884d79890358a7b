"""Texts of every error."""

from typing import Final

from mobile_app.texts.words import isolated
from shared.languages import Message, gettext, ngettext

# Only marked, not translated: `notices` keeps them until a screen translates them.
ACTION_SEE_LINKED: Final = Message("See linked businesses")
ACTION_TO_PROFILE: Final = Message("Back to profile")
ACTION_SCAN: Final = Message("Scan another code")
ACTION_TO_REQUEST: Final = Message("Back to the request")


class Away:
    """What the web page says while it has no connection to the server, and so no session."""

    TITLE: Final = Message("The server is not responding")
    TEXT: Final = Message("Check your connection. The app continues by itself where you left off, and nothing is lost.")


class Problems:
    """Every error: what happened and what to do next, as pairs of title and detail."""

    NO_CODE: Final = (
        Message("No code in this picture"),
        Message("Choose a picture that shows the whole QR code, sharp and with its white edge, or type the code."),
    )
    UNREADABLE: Final = (
        Message("This picture cannot be read"),
        Message("It may be damaged, too large, or not a picture. Take a screenshot of the code and choose that."),
    )
    FOREIGN: Final = (
        Message("Not a Sparklink code"),
        Message("It was not opened. Ask the business for a code from its Business Center."),
    )
    NOT_FOUND: Final = (
        Message("This code is not known"),
        Message("It may have been replaced by a newer one. Ask the business to show the code again, then scan that."),
    )
    EXPIRED: Final = (
        Message("This code has expired"),
        Message("Nothing was linked. Ask the business for a new code and scan it while it is on screen."),
    )
    CANCELLED: Final = (
        Message("The business cancelled this request"),
        Message("Nothing was linked, and there is nothing for you to do. A new request needs a new code."),
    )
    DECLINED: Final = (
        Message("This request was declined"),
        Message("Nothing was linked. If that was a mistake, ask the business for a new code."),
    )
    USED: Final = (
        Message("This code has been used"),
        Message("A code works once. If you approved it, see Linked businesses; if not, ask for a new code."),
    )
    ANOTHER: Final = (
        Message("Meant for another account"),
        Message(
            "The business made this code for a different account. "
            "Log in with that account, or ask for a code for yours."
        ),
    )
    ACCOUNT_LIMIT: Final = (
        Message("Your account has reached its limit"),
        Message(
            "An account can be linked to at most 800 Business Centers. "
            "Revoke one that you do not need, then scan again."
        ),
    )
    BC_LIMIT: Final = (
        Message("The business has reached its limit"),
        Message(
            "A Business Center can link at most 800 accounts. It has to unlink one first; then ask it for a new code."
        ),
    )
    OCCUPIED: Final = (
        Message("One permission is taken"),
        Message(
            "Another business holds Exclusive LIVE GMV Max ad delivery for your account. "
            "Approve without it, or revoke it there first."
        ),
    )
    UNREACHABLE: Final = (
        Message("The server is not responding"),
        Message("Check your connection and try again. Nothing is lost: your place and your choices are kept."),
    )
    TOO_MANY: Final = (Message("Too many attempts"), Message("Wait a moment, then try again."))
    BUSY: Final = (Message("The server is busy"), Message("Nothing was changed. Wait a moment and try again."))
    CHANGED_ELSEWHERE: Final = (
        Message("This link has changed"),
        Message(
            "What the business may do was changed somewhere else in the meantime, so nothing was changed now. Check "
            "it again."
        ),
    )
    GONE: Final = (Message("Not found"), Message("It may have been removed in the meantime."))
    NO_PROFILE: Final = (
        Message("No such profile"),
        Message("The account in this code does not exist on this server, or no longer exists."),
    )
    OTHER: Final = (
        Message("Something went wrong"),
        Message("Nothing was approved. Try again; if it happens again, ask for a new code."),
    )
    YOU_DECLINED: Final = (Message("Request declined"), Message("Nothing was linked."))

    SEE_LINKED: Final = ACTION_SEE_LINKED
    TO_PROFILE: Final = ACTION_TO_PROFILE
    SCAN: Final = ACTION_SCAN
    TO_REQUEST: Final = ACTION_TO_REQUEST

    @staticmethod
    def foreign(shown: str) -> str:
        """Say where a foreign code points, without opening it."""
        return gettext(
            "It points to {shown}. It was not opened. Ask the business for a code from its Business Center."
        ).format(shown=isolated(shown))

    @staticmethod
    def foreign_text(shown: str) -> str:
        """Say what a foreign code without a link contains."""
        return gettext(
            "It says “{shown}”. Nothing was opened. Ask the business for a code from its Business Center."
        ).format(shown=isolated(shown))

    @staticmethod
    def wait(seconds: int) -> str:
        """Say how long to wait."""
        if seconds < 90:
            return ngettext(
                "Wait {count} second, then try again.", "Wait {count} seconds, then try again.", seconds
            ).format(count=seconds)
        minutes = round(seconds / 60)
        return ngettext(
            "Wait {count} minute, then try again.", "Wait {count} minutes, then try again.", minutes
        ).format(count=minutes)

    @staticmethod
    def you_declined(name: str) -> str:
        """Say what declining did."""
        return gettext("{name} has been notified, and nothing was linked. If it asks again, you decide again.").format(
            name=isolated(name)
        )
