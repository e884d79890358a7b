"""The choices made so far in the wizard. They are part of the address, so that Back keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlencode

from shared import wire
from shared.languages import Message
from shared.permissions import NEW_VIDEOS, PERMISSIONS, Level, Permission

LIFETIMES: Final = {
    600: Message("On this screen: 10 minutes, renewed while the page is open"),
    86_400: Message("To send: 24 hours"),
    3 * 86_400: Message("To send: 3 days"),
    7 * 86_400: Message("To send: 7 days"),
}
TO_SEND: Final = 86_400
MESSAGE_LIMIT: Final = 280


class Fields(Protocol):
    """A query string or a form."""

    def getlist(self, key: str) -> Sequence[object]:
        """Return every value of a field."""
        ...


@dataclass(frozen=True, slots=True)
class Choices:
    """The fields of the wizard as they were entered. They are neither trusted nor secret."""

    permissions: tuple[Permission, ...] = ()
    new_videos: bool = False
    new_videos_mode: Permission = Permission.NEW_VIDEOS_ADS_ONLY
    for_handle: str = ""
    lifetime_seconds: int = TO_SEND
    message: str = ""

    @property
    def asked(self) -> list[Permission]:
        """Return the permissions to ask for, in the order of the permission table."""
        wanted = {*self.permissions, *((self.new_videos_mode,) if self.new_videos else ())}
        return [permission for permission in PERMISSIONS if permission in wanted]

    def query(self, step: str) -> str:
        """Return the query string for a step of the wizard with these choices."""
        fields: list[tuple[str, str]] = [("step", step)]
        fields += [("permission", value) for value in self.permissions]
        if self.new_videos:
            fields.append(("new_videos", "on"))
        if self.new_videos_mode is not Permission.NEW_VIDEOS_ADS_ONLY:
            fields.append(("new_videos_mode", self.new_videos_mode))
        if self.for_handle:
            fields += [("for_handle", self.for_handle), ("lifetime", str(self.lifetime_seconds))]
        if self.message:
            fields.append(("message", self.message))
        return urlencode(fields)

    def request(self) -> wire.CreateLinkRequest:
        """Return the request to create.

        Raises:
            ValidationError: a field is too long, or no permission is chosen.
        """
        return wire.CreateLinkRequest(
            permissions=self.asked,
            level=Level.DELIVER_ADS,
            message=self.message or None,
            for_handle=self.for_handle or None,
            lifetime_seconds=self.lifetime_seconds if self.for_handle else None,
        )


def read(fields: Fields) -> Choices:
    """Return the choices in a query string or a form. Invalid values count as not chosen."""
    known = {value.value: value for value in Permission}
    modes = [known[value] for value in _texts(fields, "new_videos_mode") if value in NEW_VIDEOS]
    return Choices(
        permissions=tuple(
            known[value] for value in _texts(fields, "permission") if value in known and value not in NEW_VIDEOS
        ),
        new_videos="on" in fields.getlist("new_videos"),
        new_videos_mode=modes[-1] if modes else Permission.NEW_VIDEOS_ADS_ONLY,
        for_handle=_last(fields, "for_handle").removeprefix("@"),
        lifetime_seconds=_lifetime(_last(fields, "lifetime")),
        message=_last(fields, "message").replace("\r\n", "\n"),
    )


def same_as(link_request: wire.LinkRequest) -> Choices:
    """Return the choices that create the same request again."""
    modes = [value for value in link_request.permissions if value in NEW_VIDEOS]
    return Choices(
        permissions=tuple(value for value in link_request.permissions if value not in NEW_VIDEOS),
        new_videos=bool(modes),
        new_videos_mode=modes[0] if modes else Permission.NEW_VIDEOS_ADS_ONLY,
        for_handle=link_request.for_handle or "",
        message=link_request.message or "",
    )


def ask_again(item: wire.LinkedAccount, missing: Sequence[Permission]) -> Choices:
    """Return the choices that ask a linked account's owner for everything granted now plus what is missing."""
    wanted = [*item.permissions.granted, *missing]
    modes = [value for value in wanted if value in NEW_VIDEOS]
    return Choices(
        permissions=tuple(value for value in PERMISSIONS if value in wanted and value not in NEW_VIDEOS),
        new_videos=bool(modes),
        new_videos_mode=modes[0] if modes else Permission.NEW_VIDEOS_ADS_ONLY,
        for_handle=item.account.handle,
    )


def _texts(fields: Fields, name: str) -> list[str]:
    return [value for value in fields.getlist(name) if isinstance(value, str)]


def _last(fields: Fields, name: str) -> str:
    return next(reversed(_texts(fields, name)), "").strip()


def _lifetime(text: str) -> int:
    return {str(seconds): seconds for seconds in LIFETIMES}.get(text, TO_SEND)


def groups() -> Mapping[str, list[Permission]]:
    """Return the permissions by group, in the order of the permission table."""
    grouped: dict[str, list[Permission]] = {}
    for permission, info in PERMISSIONS.items():
        grouped.setdefault(info.group, []).append(permission)
    return grouped
