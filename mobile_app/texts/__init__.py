"""Every sentence the app shows, by subject, in English; `locales/` has the other languages.

An attribute of these classes reads in the session's language. A `Message` elsewhere (in a tuple, in this file) is
translated by the component that shows it.
"""

from typing import Final

from mobile_app.texts.consent import Consent, Done
from mobile_app.texts.linked import Inbox, Linked
from mobile_app.texts.people import LogIn, Menu, Profile, Settings, Tabs
from mobile_app.texts.posts import Posts, SparkCodes
from mobile_app.texts.problems import Away, Problems
from mobile_app.texts.scanning import Qr, Scan
from mobile_app.texts.words import Times, count, isolated, left_to_right, plain, short_list
from shared.languages import Message

__all__ = [
    "APP_NAME",
    "BACK",
    "CANCEL",
    "CLOSE",
    "LOADING",
    "REFRESH",
    "REFRESHING",
    "TRY_AGAIN",
    "Away",
    "Consent",
    "Done",
    "Inbox",
    "Linked",
    "LogIn",
    "Menu",
    "Posts",
    "Problems",
    "Profile",
    "Qr",
    "Scan",
    "Settings",
    "SparkCodes",
    "Tabs",
    "Times",
    "count",
    "isolated",
    "left_to_right",
    "plain",
    "short_list",
]

APP_NAME: Final = "Sparklink"
BACK: Final = Message("Back")
CLOSE: Final = Message("Close")
CANCEL: Final = Message("Cancel")
TRY_AGAIN: Final = Message("Try again")
LOADING: Final = Message("Loading")
REFRESH: Final = Message("Refresh")
REFRESHING: Final = Message("Refreshing")
