"""Who may use what: roles on ad accounts, members of TikTok accounts, and what a Spark Ad needs before it can run."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from shared.permissions import Permission
from shared.wire.base import Body, Id, Reply, Sentence
from shared.wire.people import Role

LayerName = Literal["authorization", "members", "ad_accounts"]


class AdRole(StrEnum):
    """What a member may do with an ad account: analysts view it, operators run ads, admins assign roles."""

    ADMIN = "admin"
    OPERATOR = "operator"
    ANALYST = "analyst"


class AccountRole(StrEnum):
    """What a member may use on a TikTok account."""

    POST = "POST"
    LIVE = "LIVE"
    DIRECT_MESSAGE = "DIRECT_MESSAGE"


class CreateAdAccount(Body):
    """A new ad account for a Business Center."""

    name: str = Field(min_length=1, max_length=100, examples=["Northwind EU"])


class SetAdRole(Body):
    """Give a member a role on an ad account, or change it."""

    role: AdRole


class AdAccountMember(Reply):
    """A member with a role on an ad account."""

    user_id: Id
    name: str
    email: str
    role: AdRole


class AssignMember(Body):
    """What a member may use on a TikTok account. It replaces the earlier assignment."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"roles": ["POST"]}]})
    roles: list[AccountRole] = Field(min_length=1, max_length=len(AccountRole))


class AccountMember(Reply):
    """A member who may use a TikTok account."""

    user_id: Id
    name: str
    email: str
    roles: list[AccountRole] = Field(description="those in effect now, within what the account grants")
    assigned_at: datetime


class Layer(Reply):
    """One of the three things that must be in place before an account can run Spark Ads."""

    layer: LayerName
    done: bool
    missing: list[Permission] = Field(description="permissions not yet granted; for the first layer only")
    next_step: Sentence | None = Field(description="a sentence that says what to do; null when the layer is done")


class Layers(Reply):
    """What is in place and what is missing before an account can run Spark Ads."""

    ready: bool
    layers: list[Layer]


class Offering(Reply):
    """A LIVE video, a Series or a Showcase product of an account."""

    offering_id: Id
    title: str
    details: dict[str, object]
    created_at: datetime


class GmvMax(Reply):
    """Whether LIVE GMV Max is available for an account. It does not reveal which other business uses it."""

    available: bool
    unavailable_reason: Literal["OCCUPIED", "UNAUTHORIZED"] | None


class MessageSettings(Body):
    """The settings of TikTok Messaging Ads for an account."""

    enabled: bool
    welcome_text: str = Field("", max_length=500, examples=["Hello! How can we help?"])


class Insights(Reply):
    """An account's totals."""

    follower_count: int
    like_count: int
    post_count: int
    play_count: int


class Invite(Body):
    """Invite someone to become a member."""

    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", examples=["bob@northwind.example"])
    role: Role = Role.STANDARD


class Invitation(Reply):
    """An invitation to become a member that is still open."""

    invitation_id: Id
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime
    url: str | None = Field(None, description="the link to send; shown only once")


class SetRole(Body):
    """A new role for a member."""

    role: Role
