"""Texts around the account: log-in, profile, tabs, menu, settings."""

from typing import Final

from mobile_app.texts.words import isolated
from shared.languages import Message, gettext


class LogIn:
    """The log-in screen."""

    TITLE: Final = Message("Log in to continue")
    LANGUAGE: Final = Message("Language")
    TO_REQUEST: Final = Message("Log in to see the request")
    HANDLE: Final = Message("Handle")
    PASSWORD: Final = Message("Password")
    SUBMIT: Final = Message("Log in")
    SHOW: Final = Message("Show password")
    HIDE: Final = Message("Hide password")
    NO_HANDLE: Final = Message("Enter your handle.")
    NO_PASSWORD: Final = Message("Enter your password.")
    WRONG: Final = Message("Handle and password do not match. Check both and try again.")
    NOT_AN_OWNER: Final = Message("This is not the log-in of an account. Members of a Business Center use the console.")
    SESSION_OVER: Final = Message("You were logged out because your session ended. Log in again; nothing is lost.")
    DEMO: Final = Message("Demo accounts")
    DEMO_HINT: Final = Message("Made-up accounts of this demo server. Choose one to fill in the form.")
    SERVER: Final = Message("Server address")
    UNREACHABLE: Final = Message("The server is not responding. Check your connection and try again.")
    PROMISE: Final = Message("Your password goes to your account's server only, never to a Business Center.")

    @staticmethod
    def speaks(language: str) -> str:
        """Name the button that shows only the current language."""
        return gettext("Language: {language}").format(language=isolated(language))

    @staticmethod
    def too_many(wait: str) -> str:
        """Say how long to wait before the next attempt."""
        return gettext("Too many attempts. {wait}").format(wait=wait)


class Profile:
    """The profile, and the cards of other accounts."""

    MENU: Final = Message("Menu")
    FOLLOWING: Final = Message("Following")
    FOLLOWERS: Final = Message("Followers")
    LIKES: Final = Message("Likes")
    EDIT: Final = Message("Edit profile")
    SHARE: Final = Message("Share profile")
    EDIT_ELSEWHERE: Final = Message("Profiles cannot be edited in this app.")
    POSTS: Final = Message("Posts")
    PRIVATE: Final = Message("Private")

    NO_POSTS: Final = Message("No posts yet")
    NO_PRIVATE: Final = Message("No private posts")
    VERIFIED: Final = Message("Verified account")
    CARD_NOTE: Final = Message("You scanned the profile code of this account. It asks for nothing.")
    SCAN_ANOTHER: Final = Message("Scan another code")
    THIS_IS_YOU: Final = Message("This is your own code.")

    @staticmethod
    def picture_of(name: str) -> str:
        """Name an account's picture."""
        return gettext("Profile picture of {name}").format(name=isolated(name))


class Tabs:
    """The tab bar and the Home tab."""

    HOME: Final = Message("Home")
    INBOX: Final = Message("Inbox")
    PROFILE: Final = Message("Profile")
    HOME_TITLE: Final = Message("Link a business in three steps")
    HOME_STEPS: Final = (
        (
            Message("Ask for a code"),
            Message("The business opens Accounts in its Business Center and makes a QR code for you."),
        ),
        (Message("Scan it here"), Message("Profile, menu, Your QR code, then the Scan icon at the top.")),
        (
            Message("Decide"),
            Message("You see who asks for what. Nothing happens before you approve, and you can revoke at any time."),
        ),
    )
    SCAN_NOW: Final = Message("Scan a code")


class Menu:
    """The sheet that the three-line menu opens."""

    QR: Final = Message("Your QR code")
    LINKED: Final = Message("Linked businesses")
    SETTINGS: Final = Message("Settings and privacy")
    LOG_OUT: Final = Message("Log out")


class Settings:
    """Settings and privacy."""

    TITLE: Final = Message("Settings and privacy")
    APPEARANCE: Final = Message("Appearance")
    LANGUAGE: Final = Message("Language")
    THEMES: Final = (("system", Message("Same as device")), ("light", Message("Light")), ("dark", Message("Dark")))
    PRIVACY: Final = Message("Privacy")
    PICTURES: Final = Message("Pictures")
    PICTURES_TEXT: Final = Message(
        "Camera frames and pictures are read for codes and forgotten at once. They are never stored."
    )
    PASSWORD: Final = Message("Password")
    PASSWORD_TEXT: Final = Message(
        "A Business Center never sees your password, and approving never asks for it elsewhere."
    )
    SESSION: Final = Message("Session")
    SERVER: Final = Message("Server")
    ENDS: Final = Message("Logged in until")
    SERVER_HINT: Final = Message("The address of your Sparklink server, with https://")
    SERVER_SAVE: Final = Message("Use this server")
    SERVER_BAD: Final = Message("Enter an address like https://sparklink.example")
    TRADEMARK: Final = Message(
        "Sparklink is an independent project and is not affiliated with TikTok. TikTok is a trademark of its owner."
    )
