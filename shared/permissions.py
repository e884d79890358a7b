"""The permission catalogue: every permission an account owner can grant to a Business Center.

Titles and consequences are the words shown on the consent screen, in the console and in the API
documentation, so that the owner and the admin read the same sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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
    """How one permission is shown: `title` on a row, `consequence` under it, `short` in a table."""

    value: Permission
    title: str
    short: str
    consequence: str
    group: str
    recommended: bool = False
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class LevelInfo:
    """How a permission level is shown."""

    value: Level
    title: str
    explanation: str


LEVELS: Final[dict[Level, LevelInfo]] = {
    Level.DELIVER_ADS: LevelInfo(
        Level.DELIVER_ADS,
        "Deliver ads",
        "For use in advertising campaigns only. It does not give the password, does not allow "
        "logging in to the account, and grants no broader management.",
    )
}

NEW_VIDEOS_TITLE: Final = "Publish and manage new videos"
_CONTENT, _LIVE, _MORE = "Content", "LIVE", "More"

CATALOGUE: Final[dict[Permission, PermissionInfo]] = {
    info.value: info
    for info in (
        PermissionInfo(
            Permission.EXISTING_POSTS,
            "Existing posts",
            "Existing posts",
            "Use posts that are already on the account as ads.",
            _CONTENT,
        ),
        PermissionInfo(
            Permission.NEW_VIDEOS_ADS_ONLY,
            "Publish and manage new videos: Show through ads only",
            "New videos, ads only",
            "Publish new videos in the account's name that are shown as paid ads only and stay "
            "hidden from the profile. Nobody in the Business Center can switch this off.",
            _CONTENT,
            recommended=True,
        ),
        PermissionInfo(
            Permission.NEW_VIDEOS_ON_PROFILE,
            "Publish and manage new videos: Show on TikTok profile and in ads",
            "New videos, profile and ads",
            "Publish new videos in the account's name that can appear on the profile as well as in "
            "ads. The Business Center decides for each video.",
            _CONTENT,
        ),
        PermissionInfo(
            Permission.LIVE_VIDEOS,
            "LIVE videos",
            "LIVE videos",
            "See the account's LIVE videos and use them in ads.",
            _LIVE,
        ),
        PermissionInfo(
            Permission.LIVE_GMV_MAX,
            "Exclusive LIVE GMV Max ad delivery",
            "LIVE GMV Max",
            "Publish LIVE ads with GMV Max. Exclusive: while this is on, no other Business Center "
            "can hold it for the account.",
            _LIVE,
            exclusive=True,
        ),
        PermissionInfo(
            Permission.SHOWCASE,
            "Showcase",
            "Showcase",
            "See the products in the account's Showcase and use them in ads.",
            _MORE,
        ),
        PermissionInfo(
            Permission.MESSAGE_ADS,
            "Message ads",
            "Message ads",
            "Manage TikTok Messaging Ads features and settings for the account.",
            _MORE,
        ),
        PermissionInfo(
            Permission.SERIES,
            "Series",
            "Series",
            "See the account's TikTok Series and use them in ads.",
            _MORE,
        ),
        PermissionInfo(
            Permission.MANAGE_ACCOUNT,
            "Manage TikTok account in BC",
            "Manage account",
            "See the account's data and insights inside the Business Center.",
            _MORE,
        ),
    )
}

NEW_VIDEOS: Final = frozenset({Permission.NEW_VIDEOS_ADS_ONLY, Permission.NEW_VIDEOS_ON_PROFILE})
SPARK_ADS_NOTE: Final = (
    "Spark Ads need Existing posts and Publish and manage new videos. Turn on both to run Spark Ads with this account."
)


class InvalidPermissions(ValueError):
    """A set of permissions that nobody can ask for or grant; the text says why."""


def in_order(permissions: Iterable[Permission | str]) -> list[Permission]:
    """Return the distinct permissions in the order of the catalogue.

    Raises:
        InvalidPermissions: a value is not in the catalogue.
    """
    wanted = set()
    for value in permissions:
        try:
            wanted.add(Permission(value))
        except ValueError:
            raise InvalidPermissions(f"There is no permission called “{value}”.") from None
    return [permission for permission in CATALOGUE if permission in wanted]


def check_selection(permissions: Iterable[Permission | str]) -> list[Permission]:
    """Return the selection in catalogue order if it can be asked for and granted.

    Raises:
        InvalidPermissions: nothing selected, an unknown value, or both modes of new videos.
    """
    chosen = in_order(permissions)
    if not chosen:
        raise InvalidPermissions("Choose at least one permission.")
    if NEW_VIDEOS <= set(chosen):
        raise InvalidPermissions(
            "“Show through ads only” and “Show on TikTok profile and in ads” exclude each other. Choose one."
        )
    return chosen


def spark_ads_ready(permissions: Iterable[Permission]) -> bool:
    """Say whether the permissions are enough to run Spark Ads by pull and by push."""
    held = set(permissions)
    return Permission.EXISTING_POSTS in held and bool(NEW_VIDEOS & held)
