"""The JSON bodies that both sides speak: the server answers with them, the companion app reads them.

Times are RFC 3339 UTC. Ids are strings of digits. Requests refuse unknown fields.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.permissions import Level, Permission

Id = Annotated[str, Field(pattern=r"^[0-9]{1,20}$", examples=["7312980456120431722"])]
Handle = Annotated[str, Field(min_length=1, max_length=32, examples=["mia.bakes"])]


class Body(BaseModel):
    """A request body: unknown fields are an error, not ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Reply(BaseModel):
    """A response body: immutable; the app ignores fields it does not know yet."""

    model_config = ConfigDict(frozen=True)


class LinkRequestState(StrEnum):
    """`pending -> scanned -> approved | declined`; `expired` or `cancelled` from the first two."""

    PENDING = "pending"
    SCANNED = "scanned"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """What a member may do in a Business Center."""

    ADMIN = "admin"
    STANDARD = "standard"


T = TypeVar("T")


class Page(Reply, Generic[T]):
    """One page of a list; pass `next_cursor` back as `cursor` for the next, null at the end."""

    items: list[T]
    next_cursor: str | None = Field(None, description="null on the last page")


# --- sessions ---------------------------------------------------------------------------------


class SignIn(Body):
    """Sign in as a member (e-mail) or as an account owner (handle): exactly one of the two."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"email": "alice@northwind.example", "password": "correct horse battery staple"},
                {"handle": "mia.bakes", "password": "correct horse battery staple"},
            ]
        },
    )
    email: str | None = Field(None, max_length=254)
    handle: str | None = Field(None, max_length=32)
    # Exactly as given (ASVS 5.0, 6.2.8): the spaces of a password are not for us to strip.
    password: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1024)]

    @model_validator(mode="after")
    def _one_of_two(self) -> "SignIn":
        if (self.email is None) == (self.handle is None):
            raise ValueError("Give either email or handle, not both.")
        return self


class Membership(Reply):
    """A Business Center that a member belongs to, with the role there."""

    bc_id: Id
    name: str
    role: Role


class Account(Reply):
    """A TikTok account as others see it."""

    account_id: Id
    handle: Handle
    display_name: str
    avatar_hue: int = Field(description="0-359; avatars are drawn, not stored")
    verified: bool = False


class Post(Reply):
    """One tile of a profile grid."""

    post_id: Id
    caption: str
    play_count: int
    cover_hue: int = Field(description="0-359; covers are drawn, not stored")
    private: bool = False


class Profile(Account):
    """An account's profile page."""

    bio: str
    following_count: int
    follower_count: int
    like_count: int
    posts: list[Post] = []


class OwnerActor(Reply):
    """The signed-in owner of a TikTok account."""

    kind: Literal["owner"] = "owner"
    account: Account


class MemberActor(Reply):
    """The signed-in member of one or more Business Centers."""

    kind: Literal["member"] = "member"
    user_id: Id
    name: str
    email: str
    business_centers: list[Membership]


Actor = Annotated[OwnerActor | MemberActor, Field(discriminator="kind")]


class Session(Reply):
    """A new session; `token` is shown this once and stored only as a hash."""

    token: str = Field(examples=["u1Yc9qv0fS4l4nq6cS5m8kq0s0r1n2b3v4c5x6z7a8s"])
    expires_at: datetime
    actor: Actor


class Me(Reply):
    """Who is calling."""

    actor: Actor
    expires_at: datetime


# --- the owner's side -------------------------------------------------------------------------


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
    title: str
    consequence: str
    group: str
    recommended: bool
    change: Literal["added", "kept"] = Field(description="against what the account grants today")
    unavailable_reason: str | None = Field(None, description="why it cannot be granted now, e.g. held exclusively")


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
    level_title: str
    level_explanation: str
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
    permissions: list[Permission] = Field(description="granted, in the order of the catalogue")
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


class InboxItem(Reply):
    """Something that happened to the caller's account; who else tried to use a code of theirs is not told."""

    event_id: Id
    type: str = Field(examples=["authorization.narrowed"])
    at: datetime
    business_center: BusinessCenterCard | None
    data: dict[str, object] = Field(
        description="`permissions` granted then, those `removed`, the `handle` of the account, where they apply"
    )


# --- the member's side ------------------------------------------------------------------------


class BusinessCenter(Reply):
    """A Business Center as its members see it."""

    bc_id: Id
    name: str
    verified: bool
    role: Role
    account_count: int = Field(description="linked TikTok accounts, at most 800")
    account_limit: int
    created_at: datetime


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
    permissions: list[Permission] = Field(description="asked for, in the order of the catalogue")
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


class AdAccount(Reply):
    """An ad account of a Business Center."""

    advertiser_id: Id
    name: str


class PermissionSets(Reply):
    """What was granted beside what was asked."""

    granted: list[Permission]
    requested: list[Permission]


class LinkedAccount(Reply):
    """One row of the TikTok accounts tab: an active authorization."""

    authorization_id: Id
    account: Account
    level: Level
    level_title: str
    permissions: PermissionSets
    spark_ads_ready: bool = Field(description="both Existing posts and Publish and manage new videos are granted")
    ad_accounts: list[AdAccount]
    added_by: str
    added_at: datetime
    updated_at: datetime


class Member(Reply):
    """A member of a Business Center."""

    user_id: Id
    name: str
    email: str
    role: Role


class EventRow(Reply):
    """One row of the audit log and of the live feed."""

    event_id: Id
    type: str = Field(examples=["link_request.approved"])
    at: datetime
    actor_kind: Literal["member", "owner", "system"]
    actor_id: Id | None
    actor_name: str
    bc_id: Id | None
    account_id: Id | None
    data: dict[str, object]
    sequence: int = Field(description="position in the hash chain of the Business Center")
    hash: str


class Problem(BaseModel):
    """An error, as RFC 9457 problem details."""

    type: str = Field(examples=["urn:sparklink:problem:link-request-expired"])
    title: str
    status: int
    detail: str = Field(description="what happened and what to do next, in plain words")
    errors: list[dict[str, str]] | None = Field(None, description="for malformed-request: where and what")
    retry_after_seconds: int | None = None


class DemoLogin(Reply):
    """A login of a demo account."""

    handle: Handle
    password: str


class DemoLogins(Reply):
    """The demo accounts, for the sheet on the log-in screen."""

    accounts: list[DemoLogin]
