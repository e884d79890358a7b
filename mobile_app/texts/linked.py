"""Texts of linked businesses and of their history."""

from typing import Final

from mobile_app.texts.words import isolated
from shared.events import EventType
from shared.languages import Message, gettext, ngettext


class Linked:
    """Linked businesses, one of them, and revoking."""

    TITLE: Final = Message("Linked businesses")
    EMPTY: Final = Message("No linked businesses")
    EMPTY_TEXT: Final = Message("When you approve a request, the business appears here, and you can revoke it here.")
    DETAIL: Final = Message("Linked business")
    CAN: Final = Message("What it may do")
    CAN_NOTE: Final = Message("Turn off what you no longer want. Turning it on again needs a new code.")
    LAST: Final = Message("The last permission cannot be turned off by itself. To end the link, revoke access.")
    NOT_GRANTED: Final = Message("Asked for, but off")
    HISTORY: Final = Message("History")
    ASKED_BY: Final = Message("Asked by")
    SINCE: Final = Message("Linked since")
    CHANGED: Final = Message("Last changed")
    ID: Final = Message("Business Center id")
    ADS: Final = Message("Ads that use your account now")
    NO_ADS: Final = Message("No ad uses your account through this business.")
    ADS_UNKNOWN: Final = Message("Which ads use your account could not be loaded.")
    NEW_CONTENT: Final = Message("Published by the business for ads")
    REVOKE: Final = Message("Revoke access")
    STOPS: Final = Message("This stops at once:")
    STOPS_ADS: Final = Message("Ads that run in your name through this business stop.")
    STOPS_NEW: Final = Message("It can no longer use your posts or publish in your name.")
    STAYS: Final = Message("Your account and your posts stay as they are. It can ask again with a new code.")
    REVOKED: Final = Message("Access revoked")
    TURN_OFF: Final = Message("Turn off")
    KEEP: Final = Message("Keep it on")
    STOPS_SPARK_ADS: Final = Message("Spark Ads then work only in part: they need both existing posts and new videos.")
    AGAIN: Final = Message("Everything else stays on. Turning it on again needs a new code.")
    NOTHING_PAUSES: Final = Message("No ad runs with it now, so no ad pauses.")

    @staticmethod
    def post(caption: str) -> str:
        """Say which post an ad shows."""
        return gettext("Post: {caption}").format(caption=isolated(caption or gettext("Post without a caption")))

    @staticmethod
    def more_ads(count: int) -> str:
        """Say how many more ads there are."""
        return ngettext("and {count} more ad", "and {count} more ads", count).format(count=count)

    @staticmethod
    def pauses(count: int) -> str:
        """Say how many ads pause; their names follow."""
        return ngettext("{count} ad pauses at once:", "{count} ads pause at once:", count).format(count=count)

    @staticmethod
    def revoked(paused: int) -> str:
        """Say that access has ended, and how many ads paused with it."""
        if not paused:
            return Linked.REVOKED
        return ngettext(
            "Access revoked. {count} ad is paused.", "Access revoked. {count} ads are paused.", paused
        ).format(count=paused)

    @staticmethod
    def turn_off(title: str) -> str:
        """Ask before turning a permission off."""
        return gettext("Turn off “{title}”?").format(title=isolated(title))

    @staticmethod
    def turned_off(title: str) -> str:
        """Say that a permission is off now."""
        return gettext("Turned off: {title}").format(title=isolated(title))

    @staticmethod
    def question(name: str) -> str:
        """Ask before revoking."""
        return gettext("Revoke access for {name}?").format(name=isolated(name))


class Inbox:
    """What happened to the account, item by item."""

    EMPTY: Final = Message("Nothing new")
    EMPTY_TEXT: Final = Message(
        "Requests do not arrive by message here. A business shows or sends you a QR code, and you scan it."
    )
    SOMEBODY: Final = Message("a business")
    NOBODY_NAMED: Final = Message("Nothing was granted: the code works for your account only.")
    ENDED: Final = Message("Everything it was allowed ended at that moment.")
    ENDED_BY_THEM: Final = Message("Nothing is left for it to use. It can ask again with a new code.")
    NOTHING_GRANTED: Final = Message("Nothing was granted.")

    @staticmethod
    def allowed(permissions: str) -> str:
        """Say what an approval allowed."""
        return gettext("Allowed: {permissions}").format(permissions=permissions)

    @staticmethod
    def left(permissions: str) -> str:
        """Say what is still on."""
        return gettext("Still on: {permissions}").format(permissions=permissions)

    @staticmethod
    def sentence(happened: str, name: str, removed: str) -> str:
        """Say what happened, naming the business."""
        sentences: dict[str, Message] = {
            EventType.LINK_REQUEST_APPROVED: Message("You approved {name}"),
            EventType.LINK_REQUEST_DECLINED: Message("You declined a request from {name}"),
            EventType.LINK_REQUEST_REFUSED: Message("Another account tried a code that {name} made for you"),
            EventType.AUTHORIZATION_NARROWED: Message("You turned off {removed} for {name}"),
            EventType.AUTHORIZATION_REVOKED: Message("You revoked access for {name}"),
            EventType.AUTHORIZATION_UNLINKED: Message("{name} unlinked your account"),
        }
        sentence = sentences.get(happened, Message("Something changed with {name}"))
        return gettext(sentence).format(removed=removed, name=isolated(name))

    @staticmethod
    def short(happened: str, removed: str) -> str:
        """Say what happened, on a screen that already names the business."""
        sentences: dict[str, Message] = {
            EventType.LINK_REQUEST_APPROVED: Message("You approved a request"),
            EventType.LINK_REQUEST_DECLINED: Message("You declined a request"),
            EventType.LINK_REQUEST_REFUSED: Message("Another account tried a code made for you"),
            EventType.AUTHORIZATION_NARROWED: Message("You turned off {removed}"),
            EventType.AUTHORIZATION_REVOKED: Message("You revoked access"),
            EventType.AUTHORIZATION_UNLINKED: Message("It unlinked your account"),
        }
        return gettext(sentences.get(happened, Message("Something changed"))).format(removed=removed)
