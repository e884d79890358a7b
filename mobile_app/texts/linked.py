"""Texts of linked businesses and of their history."""

from typing import Final

from mobile_app.texts.words import isolated
from shared.languages import Message, gettext, ngettext
from shared.permissions import Permission


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
    STOPS_SPARK_ADS: Final = Message("Spark Ads work only in part then: they need both existing posts and new videos.")
    AGAIN: Final = Message("Everything else stays on. Turning it on again needs a new code.")
    STOPS_BY_PERMISSION: Final = {
        Permission.EXISTING_POSTS: Message("Ads that use posts on your account stop."),
        Permission.NEW_VIDEOS_ADS_ONLY: Message(
            "It can no longer publish in your name, and ads with what it published stop."
        ),
        Permission.NEW_VIDEOS_ON_PROFILE: Message(
            "It can no longer publish in your name, and ads with what it published stop."
        ),
        Permission.LIVE_VIDEOS: Message("Ads that use your LIVE videos stop."),
        Permission.LIVE_GMV_MAX: Message("LIVE ads with GMV Max stop, and another business can hold this."),
        Permission.SHOWCASE: Message("Ads with products of your Showcase stop."),
        Permission.MESSAGE_ADS: Message("It can no longer manage messaging ads for your account."),
        Permission.SERIES: Message("Ads that use your Series stop."),
        Permission.MANAGE_ACCOUNT: Message("It no longer sees your account's data and insights."),
    }

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
        return {
            "link_request.approved": gettext("You approved {name}").format(name=isolated(name)),
            "link_request.declined": gettext("You declined a request from {name}").format(name=isolated(name)),
            "link_request.refused": gettext("Another account tried a code that {name} made for you").format(
                name=isolated(name)
            ),
            "authorization.narrowed": gettext("You turned off {removed} for {name}").format(
                removed=removed, name=isolated(name)
            ),
            "authorization.revoked": gettext("You revoked access for {name}").format(name=isolated(name)),
            "authorization.unlinked": gettext("{name} unlinked your account").format(name=isolated(name)),
        }.get(happened, gettext("Something changed with {name}").format(name=isolated(name)))

    @staticmethod
    def short(happened: str, removed: str) -> str:
        """Say what happened, on a screen that already names the business."""
        return {
            "link_request.approved": gettext("You approved a request"),
            "link_request.declined": gettext("You declined a request"),
            "link_request.refused": gettext("Another account tried a code made for you"),
            "authorization.narrowed": gettext("You turned off {removed}").format(removed=removed),
            "authorization.revoked": gettext("You revoked access"),
            "authorization.unlinked": gettext("It unlinked your account"),
        }.get(happened, gettext("Something changed"))
