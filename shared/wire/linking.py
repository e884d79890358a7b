"""The QR request from both sides, and what comes of it."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from shared.permissions import Level, Permission
from shared.wire.base import Body, Id, Reply, Sentence
from shared.wire.people import Account


class LinkRequestState(StrEnum):
    """`pending -> scanned -> approved | declined`; `expired` or `cancelled` from the first two."""

    PENDING = "pending"
    SCANNED = "scanned"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class OpenLinkRequest(Body):
    """What was scanned or typed: the 22 characters, the whole link, or the typed code."""

    code: str = Field(min_length=1, max_length=512, examples=["BCDFG-HJKLM"])


class Approve(Body):
    """Approve what was shown. Fewer permissions than asked may be granted (RFC 9396 section 7)."""

    code: str = Field(min_length=1, max_length=512)
    consent_hash: str = Field(pattern=r"^[0-9a-f]{64}$", description="from the preview: SHA-256 of what was shown")
    permissions: list[Permission] | None = Field(None, description="what to grant; all that was asked if left out")


class Decline(Body):
    """Decline what was shown."""

    code: str = Field(min_length=1, max_length=512)


class BusinessCenterCard(Reply):
    """A Business Center as an account owner sees it."""

    bc_id: Id
    name: str
    verified: bool


class ShownPermission(Reply):
    """One row of the consent screen."""

    value: Permission
    title: Sentence
    consequence: Sentence
    group: Sentence
    recommended: bool
    change: Literal["added", "kept"] = Field(description="against what the account grants today")
    unavailable_reason: Sentence | None = Field(None, description="why it cannot be granted now, e.g. held exclusively")


class Changes(Reply):
    """What an approval of everything asked would change against today."""

    added: list[Permission]
    removed: list[Permission]
    kept: list[Permission]


class Preview(Reply):
    """Everything the consent screen shows; `consent_hash` goes back with the approval."""

    link_request_id: Id
    state: LinkRequestState
    business_center: BusinessCenterCard
    requested_by: str = Field(description="name of the admin who made the code")
    requested_at: datetime
    account: Account
    level: Level
    level_title: Sentence
    level_explanation: Sentence
    message: str | None
    permissions: list[ShownPermission]
    changes: Changes
    already_linked: bool
    expires_at: datetime
    consent_hash: str


class Authorization(Reply):
    """What the account has granted a Business Center."""

    authorization_id: Id
    link_request_id: Id
    business_center: BusinessCenterCard
    account: Account
    level: Level
    permissions: list[Permission] = Field(description="granted, in the order of the permission table")
    requested: list[Permission] = Field(description="asked for")
    requested_by: str
    granted_at: datetime
    updated_at: datetime
    ended_at: datetime | None = Field(None, description="null while it holds")


class Narrow(Body):
    """What stays on. Turning something on again needs a new code."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"permissions": ["existing_posts"]}]})
    permissions: list[Permission] = Field(
        min_length=1, max_length=len(Permission), description="some of what is granted now, or all of it"
    )


class StillOpen(Reply):
    """A request that can be decided on."""

    state: LinkRequestState
    expires_at: datetime


class InboxItem(Reply):
    """Something that happened to the caller's account; who else tried to use a code of theirs is not told."""

    event_id: Id
    type: str = Field(examples=["authorization.narrowed"])
    at: datetime
    business_center: BusinessCenterCard | None
    data: dict[str, object] = Field(
        description="`permissions` granted then, those `removed`, the `handle` of the account, where they apply"
    )


class CreateLinkRequest(Body):
    """Ask an account owner for permissions; the answer carries the code."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"permissions": ["existing_posts", "new_videos_ads_only"]}]},
    )
    permissions: list[Permission] = Field(min_length=1, max_length=len(Permission))
    level: Level = Level.DELIVER_ADS
    message: str | None = Field(None, max_length=280, description="shown to the owner as plain text")
    for_handle: str | None = Field(None, max_length=33, description="only this account can approve")
    lifetime_seconds: int | None = Field(
        None,
        ge=1,
        le=7 * 86_400,
        description="On screen: 600 at most, the default. With `for_handle`: 86,400 by default, 604,800 at most.",
    )


class LinkRequest(Reply):
    """A link request as the members of its Business Center see it."""

    link_request_id: Id
    bc_id: Id
    state: LinkRequestState
    level: Level
    permissions: list[Permission] = Field(description="asked for, in the order of the permission table")
    granted: list[Permission] | None = Field(None, description="null until approved")
    message: str | None
    for_handle: str | None
    requested_by: str
    scanned_by: Account | None
    decided_by: Account | None
    authorization_id: Id | None
    generation: int = Field(description="raised by every new code; older codes are dead")
    url: str | None = Field(description="the text of the QR code; null once the request is over or for non-admins")
    typed_code: str | None = Field(description="XXXXX-XXXXX; null for codes that are sent, and once it is over")
    lifetime_seconds: int = Field(description="how long each code of this request lives")
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
