"""The permission table: every permission an account owner can grant to a Business Center.

Titles and consequences are the words shown on the consent screen, in the console and in the API
documentation, so that the owner and the admin read the same sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.languages import Message, gettext


class Permission(StrEnum):
    """One thing an account owner can allow a Business Center to do."""

    EXISTING_POSTS = "existing_posts"
    NEW_VIDEOS_ADS_ONLY = "new_videos_ads_only"
    NEW_VIDEOS_ON_PROFILE = "new_videos_on_profile"
    LIVE_VIDEOS = "live_videos"
    LIVE_GMV_MAX = "live_gmv_max"
    SHOWCASE = "showcase"
    MESSAGE_ADS = "message_ads"
    SERIES = "series"
    MANAGE_ACCOUNT = "manage_account"


class Level(StrEnum):
    """How far an authorization reaches; `deliver_ads` is the only level so far."""

    DELIVER_ADS = "deliver_ads"


@dataclass(frozen=True, slots=True)
class PermissionInfo:
    """How one permission is shown: `title` on a row, `consequence` under it, `short` in a table.

    `stops` says what ends when the owner turns it off.
    """

    value: Permission
    english_title: Message
    english_short: Message
    english_consequence: Message
    english_stops: Message
    english_group: Message
    recommended: bool = False
    exclusive: bool = False

    @property
    def title(self) -> str:
        """Return the text on its row. Like the properties below, this is in the current language."""
        return gettext(self.english_title)

    @property
    def short(self) -> str:
        """Return its name in a table."""
        return gettext(self.english_short)

    @property
    def consequence(self) -> str:
        """Return what granting it means."""
        return gettext(self.english_consequence)

    @property
    def stops(self) -> str:
        """Return what ends when it is turned off."""
        return gettext(self.english_stops)

    @property
    def group(self) -> str:
        """Return the heading it appears under."""
        return gettext(self.english_group)


@dataclass(frozen=True, slots=True)
class LevelInfo:
    """How a permission level is shown."""

    value: Level
    english_title: Message
    english_explanation: Message

    @property
    def title(self) -> str:
        """Return its name in the current language."""
        return gettext(self.english_title)

    @property
    def explanation(self) -> str:
        """Return what it means, in the current language."""
        return gettext(self.english_explanation)


LEVELS: Final[dict[Level, LevelInfo]] = {
    Level.DELIVER_ADS: LevelInfo(
        Level.DELIVER_ADS,
        Message("Deliver ads"),
        Message(
            "For use in advertising campaigns only. It does not give the password, does not allow "
            "logging in to the account, and grants no broader management."
        ),
    )
}

NEW_VIDEOS_TITLE: Final = Message("Publish and manage new videos")
_PUBLISHING_STOPS = Message("It can no longer publish in your name, and ads with what it published stop.")
_CONTENT, _LIVE, _MORE = Message("Content"), Message("LIVE"), Message("More")
PERMISSIONS: Final[dict[Permission, PermissionInfo]] = {
    info.value: info
    for info in (
        PermissionInfo(
            Permission.EXISTING_POSTS,
            Message("Existing posts"),
            Message("Existing posts"),
            Message("Use posts that are already on the account as ads."),
            Message("Ads that use posts on your account stop."),
            _CONTENT,
        ),
        PermissionInfo(
            Permission.NEW_VIDEOS_ADS_ONLY,
            Message("Publish and manage new videos: Show through ads only"),
            Message("New videos, ads only"),
            Message(
                "Publish new videos in the account's name that are shown as paid ads only and stay "
                "hidden from the profile. Nobody in the Business Center can switch this off."
            ),
            _PUBLISHING_STOPS,
            _CONTENT,
            recommended=True,
        ),
        PermissionInfo(
            Permission.NEW_VIDEOS_ON_PROFILE,
            Message("Publish and manage new videos: Show on TikTok profile and in ads"),
            Message("New videos, profile and ads"),
            Message(
                "Publish new videos in the account's name that can appear on the profile as well as in "
                "ads. The Business Center decides for each video."
            ),
            _PUBLISHING_STOPS,
            _CONTENT,
        ),
        PermissionInfo(
            Permission.LIVE_VIDEOS,
            Message("LIVE videos"),
            Message("LIVE videos"),
            Message("See the account's LIVE videos and use them in ads."),
            Message("Ads that use your LIVE videos stop."),
            _LIVE,
        ),
        PermissionInfo(
            Permission.LIVE_GMV_MAX,
            Message("Exclusive LIVE GMV Max ad delivery"),
            Message("LIVE GMV Max"),
            Message(
                "Publish LIVE ads with GMV Max. Exclusive: while this is on, no other Business Center "
                "can hold it for the account."
            ),
            Message("LIVE ads with GMV Max stop, and another business can hold this."),
            _LIVE,
            exclusive=True,
        ),
        PermissionInfo(
            Permission.SHOWCASE,
            Message("Showcase"),
            Message("Showcase"),
            Message("See the products in the account's Showcase and use them in ads."),
            Message("Ads with products of your Showcase stop."),
            _MORE,
        ),
        PermissionInfo(
            Permission.MESSAGE_ADS,
            Message("Message ads"),
            Message("Message ads"),
            Message("Manage TikTok Messaging Ads features and settings for the account."),
            Message("It can no longer manage messaging ads for your account."),
            _MORE,
        ),
        PermissionInfo(
            Permission.SERIES,
            Message("Series"),
            Message("Series"),
            Message("See the account's TikTok Series and use them in ads."),
            Message("Ads that use your Series stop."),
            _MORE,
        ),
        PermissionInfo(
            Permission.MANAGE_ACCOUNT,
            Message("Manage TikTok account in BC"),
            Message("Manage account"),
            Message("See the account's data and insights inside the Business Center."),
            Message("It no longer sees your account's data and insights."),
            _MORE,
        ),
    )
}

NEW_VIDEOS: Final = frozenset({Permission.NEW_VIDEOS_ADS_ONLY, Permission.NEW_VIDEOS_ON_PROFILE})
SPARK_ADS_NOTE: Final = Message(
    "Spark Ads need Existing posts and Publish and manage new videos. Turn on both to run Spark Ads with this account."
)


class InvalidPermissions(ValueError):
    """Nobody can request or grant this set of permissions; the text says why."""


def in_order(permissions: Iterable[Permission | str]) -> list[Permission]:
    """Return the distinct permissions in the order of the permission table.

    Raises:
        InvalidPermissions: a value is not a permission.
    """
    wanted = set()
    for value in permissions:
        try:
            wanted.add(Permission(value))
        except ValueError:
            raise InvalidPermissions(gettext("There is no permission called “{value}”.").format(value=value)) from None
    return [permission for permission in PERMISSIONS if permission in wanted]


def check_selection(permissions: Iterable[Permission | str]) -> list[Permission]:
    """Return the selection in table order if it can be requested and granted.

    Raises:
        InvalidPermissions: nothing selected, an unknown value, or both modes of new videos.
    """
    chosen = in_order(permissions)
    if not chosen:
        raise InvalidPermissions(Message("Choose at least one permission."))
    if NEW_VIDEOS <= set(chosen):
        raise InvalidPermissions(
            Message("“Show through ads only” and “Show on TikTok profile and in ads” exclude each other. Choose one.")
        )
    return chosen


def spark_ads_ready(permissions: Iterable[Permission]) -> bool:
    """Return whether the permissions are enough to run Spark Ads by pull and by push."""
    held = set(permissions)
    return Permission.EXISTING_POSTS in held and bool(NEW_VIDEOS & held)
