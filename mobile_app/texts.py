"""Every sentence the app shows, in one place, so that another language is another copy of this file."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from shared.permissions import CATALOGUE, Permission

APP_NAME: Final = "Sparklink"
BACK: Final = "Back"
CLOSE: Final = "Close"
CANCEL: Final = "Cancel"
TRY_AGAIN: Final = "Try again"
LOADING: Final = "Loading"


class LogIn:
    """The log-in screen."""

    TITLE: Final = "Log in to continue"
    TO_REQUEST: Final = "Log in to see the request"
    HANDLE: Final = "Handle"
    PASSWORD: Final = "Password"
    SUBMIT: Final = "Log in"
    SHOW: Final = "Show password"
    HIDE: Final = "Hide password"
    NO_HANDLE: Final = "Enter your handle."
    NO_PASSWORD: Final = "Enter your password."
    WRONG: Final = "Handle and password do not match. Check both and try again."
    NOT_AN_OWNER: Final = "This is not the log-in of an account. Members of a Business Center use the console."
    SESSION_OVER: Final = "You were logged out because your session ended. Log in again; nothing is lost."
    DEMO: Final = "Demo accounts"
    DEMO_HINT: Final = "Made-up accounts of this demo server. Choose one to fill in the form."
    SERVER: Final = "Server address"
    PROMISE: Final = "Your password goes to your account's server only, never to a Business Center."


class Profile:
    """The profile, and the cards of other accounts."""

    MENU: Final = "Menu"
    FOLLOWING: Final = "Following"
    FOLLOWERS: Final = "Followers"
    LIKES: Final = "Likes"
    EDIT: Final = "Edit profile"
    SHARE: Final = "Share profile"
    EDIT_ELSEWHERE: Final = "Profiles cannot be edited in this app."
    POSTS: Final = "Posts"
    PRIVATE: Final = "Private"
    NO_POSTS: Final = "No posts yet"
    NO_PRIVATE: Final = "No private posts"
    VERIFIED: Final = "Verified account"
    CARD_NOTE: Final = "You scanned the profile code of this account. It asks for nothing."
    SCAN_ANOTHER: Final = "Scan another code"
    THIS_IS_YOU: Final = "This is your own code."


class Tabs:
    """The tab bar and the quiet tab."""

    HOME: Final = "Home"
    INBOX: Final = "Inbox"
    PROFILE: Final = "Profile"
    HOME_TITLE: Final = "Link a business in three steps"
    HOME_STEPS: Final = (
        ("Ask for a code", "The business opens Accounts in its Business Center and makes a QR code for you."),
        ("Scan it here", "Profile, menu, Your QR code, then the Scan icon at the top."),
        ("Decide", "You see who asks for what. Nothing happens before you approve, and you can revoke at any time."),
    )
    SCAN_NOW: Final = "Scan a code"


class Inbox:
    """What happened to the account, item by item."""

    EMPTY: Final = "Nothing new"
    EMPTY_TEXT: Final = (
        "Requests do not arrive by message here. A business shows or sends you a QR code, and you scan it."
    )
    SOMEBODY: Final = "a business"
    NOBODY_NAMED: Final = "Nothing was granted: the code works for your account only."
    ENDED: Final = "Everything it was allowed ended at that moment."
    ENDED_BY_THEM: Final = "Nothing is left for it to use. It can ask again with a new code."
    NOTHING_GRANTED: Final = "Nothing was granted."

    @staticmethod
    def allowed(permissions: str) -> str:
        """Say what an approval allowed."""
        return f"Allowed: {permissions}"

    @staticmethod
    def left(permissions: str) -> str:
        """Say what is still on."""
        return f"Still on: {permissions}"

    @staticmethod
    def sentence(happened: str, name: str, removed: str) -> str:
        """Say what happened with the business `name`."""
        return {
            "link_request.approved": f"You approved {name}",
            "link_request.declined": f"You declined a request from {name}",
            "link_request.refused": f"Another account tried a code that {name} made for you",
            "authorization.narrowed": f"You turned off {removed} for {name}",
            "authorization.revoked": f"You revoked access for {name}",
            "authorization.unlinked": f"{name} unlinked your account",
        }.get(happened, f"Something changed with {name}")

    @staticmethod
    def short(happened: str, removed: str) -> str:
        """Say what happened where the business is known."""
        return {
            "link_request.approved": "You approved a request",
            "link_request.declined": "You declined a request",
            "link_request.refused": "Another account tried a code made for you",
            "authorization.narrowed": f"You turned off {removed}",
            "authorization.revoked": "You revoked access",
            "authorization.unlinked": "It unlinked your account",
        }.get(happened, "Something changed")


class Menu:
    """The sheet behind the three dashes."""

    QR: Final = "Your QR code"
    LINKED: Final = "Linked businesses"
    SETTINGS: Final = "Settings and privacy"
    LOG_OUT: Final = "Log out"


class Qr:
    """The account's own code."""

    TITLE: Final = "Your QR code"
    SCAN: Final = "Scan"
    SAVE: Final = "Save image"
    SHARE: Final = "Share"
    SAVED: Final = "Image saved"
    COPIED: Final = "Link copied"
    RECOLOUR: Final = "Change the colour"
    HINT: Final = "Tap anywhere to change the colour"


class Scan:
    """The scanner, the picture with several codes, and the typed code."""

    TITLE: Final = "Scan"
    HINT: Final = "Scan a QR code to open it"
    WARNING: Final = "Only scan a code that you expect."
    ALBUM: Final = "Album"
    MY_CODE: Final = "My QR code"
    TORCH: Final = "Light"
    TYPE: Final = "Type the code instead"
    STARTING: Final = "Starting the camera…"
    READING: Final = "Reading the picture…"
    OPENING: Final = "Opening the request…"
    NO_CAMERA: Final = "No camera here. Choose a picture of the code, or type the code."
    DENIED: Final = "The camera is blocked for this app. Allow it in the browser's settings, or choose a picture."
    INSECURE: Final = "The camera needs a secure page (https). Choose a picture of the code, or type it."
    SEVERAL: Final = "Several codes"
    WHICH: Final = "This picture has several codes. Tap the one you mean."
    ANOTHER: Final = "Choose another picture"
    TYPE_TITLE: Final = "Type the code"
    TYPE_TEXT: Final = "Ten letters stand under the QR code, like BCDFG-HJKLM. Capitals and the hyphen do not matter."
    TYPE_LABEL: Final = "Code"
    TYPE_SUBMIT: Final = "Continue"
    TYPE_MALFORMED: Final = "A code has ten letters without vowels, like BCDFG-HJKLM. Check it and try again."
    TYPE_UNKNOWN: Final = "No open request has this code. Codes change after ten minutes: ask for the one shown now."
    SCAN_AGAIN: Final = "Scan again"


class Consent:
    """The question that the app exists to ask."""

    TITLE: Final = "Link request"
    NOT_VERIFIED: Final = "Not verified"
    VERIFIED: Final = "Verified"
    LEVEL_NOTE: Final = "Permission level"
    RECOMMENDED: Final = "Recommended"
    EXCLUSIVE: Final = "Exclusive"
    NEW: Final = "New"
    KEPT: Final = "Already granted"
    REMOVED: Final = "Would be removed"
    CHANGES: Final = "This changes an existing link"
    MESSAGE: Final = "Their message"
    UNEXPECTED: Final = "If you did not expect this request, decline."
    APPROVE: Final = "Approve"
    DECLINE: Final = "Decline"
    NOTHING_CHOSEN: Final = "Switch on at least one permission to approve, or decline."
    CHANGED: Final = "The request changed while you were reading. This is the new one: check it again."
    OCCUPIED: Final = "Another business holds this exclusive permission, so it is switched off now."
    REVOKE_HOW: Final = "Revoke at any time: Profile, menu, Linked businesses."

    WANTS: Final = "wants to use"
    FOR_ADS: Final = "for advertising"
    UNTIL: Final = "Until when"

    @staticmethod
    def bc(bc_id: str) -> str:
        """Name the Business Center by its id."""
        return f"Business Center {bc_id}"

    @staticmethod
    def asked(name: str, when: str) -> str:
        """Say which admin asked, and when."""
        return f"Asked by {name}, {when}"

    @staticmethod
    def until(left: str) -> str:
        """Say how long the request and the permission last."""
        return f"This request stays open {left}. What you approve holds until you revoke it."


class Done:
    """After approving."""

    TITLE: Final = "Linked"
    UPDATED: Final = "Updated"
    SEE_LINKED: Final = "See linked businesses"
    TO_PROFILE: Final = "Back to profile"

    @staticmethod
    def sentence(name: str, handle: str, permissions: str) -> str:
        """Say in one sentence what was granted to whom."""
        return f"{name} can now use @{handle} to deliver ads, with: {permissions}."


class Linked:
    """Linked businesses, one of them, and revoking."""

    TITLE: Final = "Linked businesses"
    EMPTY: Final = "No linked businesses"
    EMPTY_TEXT: Final = "When you approve a request, the business appears here, and you can revoke it here."
    DETAIL: Final = "Linked business"
    CAN: Final = "What it may do"
    CAN_NOTE: Final = "Turn off what you no longer want. Turning it on again needs a new code."
    LAST: Final = "The last permission cannot be turned off by itself. To end the link, revoke access."
    NOT_GRANTED: Final = "Asked for, but off"
    HISTORY: Final = "History"
    ASKED_BY: Final = "Asked by"
    SINCE: Final = "Linked since"
    CHANGED: Final = "Last changed"
    ID: Final = "Business Center id"
    REVOKE: Final = "Revoke access"
    STOPS: Final = "This stops at once:"
    STOPS_ADS: Final = "Ads that run in your name through this business stop."
    STOPS_NEW: Final = "It can no longer use your posts or publish in your name."
    STAYS: Final = "Your account and your posts stay as they are. It can ask again with a new code."
    REVOKED: Final = "Access revoked"
    TURN_OFF: Final = "Turn off"
    KEEP: Final = "Keep it on"
    STOPS_SPARK_ADS: Final = "Spark Ads with your account stop: they need both existing posts and new videos."
    AGAIN: Final = "Everything else stays on. Turning it on again needs a new code."
    STOPS_BY_PERMISSION: Final = {
        Permission.EXISTING_POSTS: "Ads that use posts on your account stop.",
        Permission.NEW_VIDEOS_ADS_ONLY: "It can no longer publish in your name, and ads with what it published stop.",
        Permission.NEW_VIDEOS_ON_PROFILE: "It can no longer publish in your name, and ads with what it published stop.",
        Permission.LIVE_VIDEOS: "Ads that use your LIVE videos stop.",
        Permission.LIVE_GMV_MAX: "LIVE ads with GMV Max stop, and another business can hold this.",
        Permission.SHOWCASE: "Ads with products of your Showcase stop.",
        Permission.MESSAGE_ADS: "It can no longer manage messaging ads for your account.",
        Permission.SERIES: "Ads that use your Series stop.",
        Permission.MANAGE_ACCOUNT: "It no longer sees your account's data and insights.",
    }

    @staticmethod
    def turn_off(title: str) -> str:
        """Ask once more before turning a permission off."""
        return f"Turn off “{title}”?"

    @staticmethod
    def turned_off(title: str) -> str:
        """Say that a permission is off now."""
        return f"Turned off: {title}"

    @staticmethod
    def question(name: str) -> str:
        """Ask once more before revoking."""
        return f"Revoke access for {name}?"


class Settings:
    """Settings and privacy."""

    TITLE: Final = "Settings and privacy"
    APPEARANCE: Final = "Appearance"
    THEMES: Final = (("system", "Same as device"), ("light", "Light"), ("dark", "Dark"))
    PRIVACY: Final = "Privacy"
    PICTURES: Final = "Pictures"
    PICTURES_TEXT: Final = "Camera frames and pictures are read for codes and forgotten at once. They are never stored."
    PASSWORD: Final = "Password"
    PASSWORD_TEXT: Final = "A Business Center never sees your password, and approving never asks for it elsewhere."
    SESSION: Final = "Session"
    SERVER: Final = "Server"
    ENDS: Final = "Logged in until"
    SERVER_HINT: Final = "The address of your Sparklink server, with https://"
    SERVER_SAVE: Final = "Use this server"
    SERVER_BAD: Final = "Enter an address like https://sparklink.example"


class Problems:
    """Every wrong turn: what happened, and what to do next. Pairs of title and detail."""

    NO_CODE: Final = (
        "No code in this picture",
        "Choose a picture that shows the whole QR code, sharp and with its white edge, or type the code.",
    )
    UNREADABLE: Final = (
        "This picture cannot be read",
        "It may be damaged, too large, or not a picture. Take a screenshot of the code and choose that.",
    )
    FOREIGN: Final = (
        "Not a Sparklink code",
        "It was not opened. Ask the business for a code from its Business Center.",
    )
    NOT_FOUND: Final = (
        "This code is not known",
        "It may have been replaced by a newer one. Ask the business to show the code again, then scan that.",
    )
    EXPIRED: Final = (
        "This code has expired",
        "Nothing was linked. Ask the business for a new code and scan it while it is on screen.",
    )
    CANCELLED: Final = (
        "The business cancelled this request",
        "Nothing was linked, and there is nothing for you to do. A new request needs a new code.",
    )
    DECLINED: Final = (
        "This request was declined",
        "Nothing was linked. If that was a mistake, ask the business for a new code.",
    )
    USED: Final = (
        "This code has been used",
        "A code works once. If you approved it, see Linked businesses; if not, ask for a new code.",
    )
    ANOTHER: Final = (
        "Meant for another account",
        "The business made this code for a different account. Log in with that account, or ask for a code for yours.",
    )
    ACCOUNT_LIMIT: Final = (
        "Your account has reached its limit",
        "An account can be linked to at most 800 Business Centers. Revoke one that you do not need, then scan again.",
    )
    BC_LIMIT: Final = (
        "The business has reached its limit",
        "A Business Center can link at most 800 accounts. It has to unlink one first; then ask it for a new code.",
    )
    OCCUPIED: Final = (
        "One permission is taken",
        "Another business holds Exclusive LIVE GMV Max ad delivery for your account. "
        "Approve without it, or revoke it there first.",
    )
    UNREACHABLE: Final = (
        "The server does not answer",
        "Check your connection and try again. Nothing is lost: your place and your choices are kept.",
    )
    TOO_MANY: Final = ("Too many attempts", "Wait a little, then try again.")
    BUSY: Final = ("The server is busy", "Nothing was changed. Wait a moment and try again.")
    CHANGED_ELSEWHERE: Final = (
        "This link has changed",
        "What the business may do was changed somewhere else meanwhile, and nothing was changed now. Look at it again.",
    )
    GONE: Final = ("Not found", "It may have been removed meanwhile.")
    NO_PROFILE: Final = ("No such profile", "The account of this code does not exist on this server, or not any more.")
    OTHER: Final = ("Something went wrong", "Nothing was approved by this. Try again; if it stays, ask for a new code.")
    YOU_DECLINED: Final = ("Request declined", "Nothing was linked.")

    SEE_LINKED: Final = "See linked businesses"
    TO_PROFILE: Final = "Back to profile"
    SCAN: Final = "Scan another code"
    TO_REQUEST: Final = "Back to the request"

    @staticmethod
    def foreign(shown: str) -> str:
        """Say where a foreign code points, without opening it."""
        return f"It points to {shown}. It was not opened. Ask the business for a code from its Business Center."

    @staticmethod
    def foreign_text(shown: str) -> str:
        """Say what a foreign code that is no link holds."""
        return f"It says “{shown}”. Nothing was opened. Ask the business for a code from its Business Center."

    @staticmethod
    def wait(seconds: int) -> str:
        """Say how long to wait."""
        if seconds < 90:
            return f"Wait {seconds} seconds, then try again."
        return f"Wait {round(seconds / 60)} minutes, then try again."

    @staticmethod
    def you_declined(name: str) -> str:
        """Say what declining did."""
        return f"{name} was told, and nothing was linked. If it asks again, you decide again."


class Times:
    """Points in time, said relative to now: the device's time zone is not known on the web."""

    @staticmethod
    def _span(seconds: float) -> str:
        for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
            count = round(seconds / size)
            if seconds >= size * 0.95:
                return f"{count} {name}" if count == 1 else f"{count} {name}s"
        return "less than a minute"

    @staticmethod
    def ago(then: datetime) -> str:
        """Say how long ago something was."""
        return f"{Times._span((datetime.now(UTC) - then).total_seconds())} ago"

    @staticmethod
    def when(then: datetime) -> str:
        """Say how long ago something was, on a line of its own."""
        recent = (datetime.now(UTC) - then).total_seconds() < 57
        return "Just now" if recent else Times.ago(then)

    @staticmethod
    def left(then: datetime) -> str:
        """Say how long something still lasts."""
        seconds = (then - datetime.now(UTC)).total_seconds()
        return f"for {Times._span(seconds)} more" if seconds > 0 else "just ended"

    @staticmethod
    def date(then: datetime) -> str:
        """Return the day, like 7 March 2026."""
        return f"{then.day} {then:%B %Y}"


def count(number: int) -> str:
    """Return a count the way profiles show it: 987, 12.3K, 4.5M."""
    for size, letter in ((1_000_000, "M"), (10_000, "K")):
        if number >= size:
            value = number / (1_000_000 if letter == "M" else 1_000)
            return f"{value:.1f}".removesuffix(".0") + letter
    return f"{number:,}"


def short_list(permissions: Iterable[Permission]) -> str:
    """Return the permissions' short names, joined by commas."""
    return ", ".join(CATALOGUE[permission].short for permission in permissions)


def plain(name: str) -> str:
    """Return somebody else's words on one line, without characters that steer the text around them."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())
