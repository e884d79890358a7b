"""Who may use what: roles on ad accounts, members of TikTok accounts, and the layers before a Spark Ad can run."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from shared.permissions import Permission
from shared.wire.base import Body, Id, Reply, Sentence
from shared.wire.people import Role

LayerName = Literal["authorization", "members", "ad_accounts"]


class AdRole(StrEnum):
    """What a member may do with an ad account: an analyst looks, an operator runs ads, an admin gives roles."""

    ADMIN = "admin"
    OPERATOR = "operator"
    ANALYST = "analyst"


class AccountRole(StrEnum):
    """What a member may use of a TikTok account."""

    POST = "POST"
    LIVE = "LIVE"
    DIRECT_MESSAGE = "DIRECT_MESSAGE"


class CreateAdAccount(Body):
    """A new ad account of a Business Center."""

    name: str = Field(min_length=1, max_length=100, examples=["Northwind EU"])


class SetAdRole(Body):
    """Give a member a role on an ad account, or another one."""

    role: AdRole


class AdAccountMember(Reply):
    """A member with a role on an ad account."""

    user_id: Id
    name: str
    email: str
    role: AdRole


class AssignMember(Body):
    """What a member may use of a TikTok account; replaces what was assigned before."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"roles": ["POST"]}]})
    roles: list[AccountRole] = Field(min_length=1, max_length=len(AccountRole))


class AccountMember(Reply):
    """A member who may use a TikTok account."""

    user_id: Id
    name: str
    email: str
    roles: list[AccountRole] = Field(description="in effect now: what the account grants limits them")
    assigned_at: datetime


class Layer(Reply):
    """One of the three things that must be in place before an account can run Spark Ads."""

    layer: LayerName
    done: bool
    missing: list[Permission] = Field(description="permissions that are not granted; for the first layer only")
    next_step: Sentence | None = Field(description="what to do, in words; null once it is done")


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
    """Whether LIVE GMV Max can be used for an account; which other business holds it is not told."""

    available: bool
    unavailable_reason: Literal["OCCUPIED", "UNAUTHORIZED"] | None


class MessageSettings(Body):
    """TikTok Messaging Ads of an account."""

    enabled: bool
    welcome_text: str = Field("", max_length=500, examples=["Hello! How can we help?"])


class Insights(Reply):
    """What the account's numbers are."""

    follower_count: int
    like_count: int
    post_count: int
    play_count: int


class Invite(Body):
    """Ask somebody to become a member."""

    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", examples=["bob@northwind.example"])
    role: Role = Role.STANDARD


class Invitation(Reply):
    """Somebody who was asked to become a member and has not answered."""

    invitation_id: Id
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime
    url: str | None = Field(None, description="the link to send, shown this once")


class SetRole(Body):
    """Another role for a member."""

    role: Role
