"""A Business Center as its members see it: its accounts, its people and its log."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.permissions import Level, Permission
from shared.wire.base import Id, Reply, Sentence
from shared.wire.people import Account, Role


class BusinessCenter(Reply):
    """A Business Center as its members see it."""

    bc_id: Id
    name: str
    verified: bool
    role: Role
    account_count: int = Field(description="linked TikTok accounts, at most 800")
    account_limit: int
    created_at: datetime


class AdAccount(Reply):
    """An ad account of a Business Center."""

    advertiser_id: Id
    name: str


class PermissionSets(Reply):
    """The permissions granted, and those requested."""

    granted: list[Permission]
    requested: list[Permission]


class LinkedAccount(Reply):
    """One row of the TikTok accounts tab: an active authorization."""

    authorization_id: Id
    account: Account
    level: Level
    level_title: Sentence
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
