"""Link requests as both sides see them, and the authorizations that result."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from shared.permissions import Level, Permission
from shared.wire.base import Body, Id, Reply, Sentence
from shared.wire.people import Account


class LinkRequestState(StrEnum):
    """`pending -> scanned -> approved | declined`; the first two can become `expired` or `cancelled`."""

    PENDING = "pending"
    SCANNED = "scanned"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class OpenLinkRequest(Body):
    """The scanned or typed text: the 22 characters, the whole link, or the typed code."""

    code: str = Field(min_length=1, max_length=512, examples=["BCDFG-HJKLM"])


class Approve(Body):
    """Approve what was shown. The owner may grant fewer permissions than requested (RFC 9396 section 7)."""

    code: str = Field(min_length=1, max_length=512)
    consent_hash: str = Field(pattern=r"^[0-9a-f]{64}$", description="from the preview: SHA-256 of what was shown")
    permissions: list[Permission] | None = Field(None, description="what to grant; everything requested if omitted")


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
    change: Literal["added", "kept"] = Field(description="compared with what the account grants now")
    unavailable_reason: Sentence | None = Field(None, description="why it cannot be granted now, e.g. held exclusively")


class Changes(Reply):
    """What would change if the owner approved everything requested."""

    added: list[Permission]
    removed: list[Permission]
    kept: list[Permission]


class Preview(Reply):
    """Everything that the consent screen shows. The approval sends `consent_hash` back."""

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
    requested: list[Permission] = Field(description="as requested")
    requested_by: str
    granted_at: datetime
    updated_at: datetime
    ended_at: datetime | None = Field(None, description="null while it is active")


class Narrow(Body):
    """The permissions that stay on. Turning one on again takes a new code."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"permissions": ["existing_posts"]}]})
    permissions: list[Permission] = Field(
        min_length=1, max_length=len(Permission), description="some or all of what is granted now"
    )


class StillOpen(Reply):
    """A request that is still open for a decision."""

    state: LinkRequestState
    expires_at: datetime


class InboxItem(Reply):
    """Something that happened to the caller's account. It does not name others who tried to use its codes."""

    event_id: Id
    type: str = Field(examples=["authorization.narrowed"])
    at: datetime
    business_center: BusinessCenterCard | None
    data: dict[str, object] = Field(
        description="if they apply: the `permissions` then granted, those `removed`, the account's `handle`"
    )


class CreateLinkRequest(Body):
    """Ask an account owner for permissions. The answer contains the code."""

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
        description="On screen: 600 by default and at most. With `for_handle`: 86,400 by default, 604,800 at most.",
    )


class LinkRequest(Reply):
    """A link request, as the members of its Business Center see it."""

    link_request_id: Id
    bc_id: Id
    state: LinkRequestState
    level: Level
    permissions: list[Permission] = Field(description="requested, in the order of the permission table")
    granted: list[Permission] | None = Field(None, description="null until approved")
    message: str | None
    for_handle: str | None
    requested_by: str
    scanned_by: Account | None
    decided_by: Account | None
    authorization_id: Id | None
    generation: int = Field(description="each new code raises it; older codes stop working")
    url: str | None = Field(description="the text of the QR code; null for non-admins and once the request has ended")
    typed_code: str | None = Field(description="XXXXX-XXXXX; null for a lifetime over 600 s and once it has ended")
    lifetime_seconds: int = Field(description="how long each code of this request is valid")
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
