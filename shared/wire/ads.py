"""Spark Ads, as the Business Center runs them and as the account's owner sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from shared.permissions import Permission
from shared.wire.base import Body, Id, Reply, Sentence
from shared.wire.linking import BusinessCenterCard
from shared.wire.people import Account, Post
from shared.wire.posts import SparkCode


class AdMode(StrEnum):
    """Whether an ad uses an existing post or new content."""

    PULL = "pull"
    PUSH = "push"


class PauseReason(StrEnum):
    """Why an ad is paused."""

    PAUSED_BY_USER = "paused_by_user"
    POST_DELETED = "post_deleted"
    POST_PRIVATE = "post_private"
    AUTHORIZATION_ENDED = "authorization_ended"
    PERMISSION_TURNED_OFF = "permission_turned_off"
    AD_ACCOUNT_UNLINKED = "ad_account_unlinked"
    SPARK_CODE_EXPIRED = "spark_code_expired"
    SPARK_CODE_REVOKED = "spark_code_revoked"
    SPARK_CODE_UNBOUND = "spark_code_unbound"


class Paused(Reply):
    """Why an ad is paused, and what to do."""

    reason: PauseReason
    text: Sentence
    next_step: Sentence


class CreateSparkAd(Body):
    """A new ad from an existing post (pull) or from new content (push)."""

    mode: AdMode
    advertiser_id: Id
    account_id: Id
    name: str = Field(min_length=1, max_length=100)
    adgroup_id: Id | None = None
    post_id: Id | None = None
    by_spark_code: bool = False
    caption: str | None = Field(None, max_length=2200)
    video_id: str | None = Field(None, max_length=100)
    ads_only: bool | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> "CreateSparkAd":
        if self.mode is AdMode.PULL and self.post_id is None:
            raise ValueError("post_id: a pull ad needs the post that it shows.")
        return self


class ChangeSparkAd(Body):
    """Changes to an ad. Omitted fields stay the same."""

    state: Literal["enabled", "paused"] | None = None
    ads_only: bool | None = None


class SparkAd(Reply):
    """An ad, and whether it is running."""

    ad_id: Id
    bc_id: Id
    advertiser_id: Id
    advertiser_name: str
    adgroup_id: Id | None
    account: Account
    post: Post
    mode: AdMode
    by_spark_code: bool
    name: str
    ads_only: bool
    state: Literal["enabled", "paused"]
    status: Literal["running", "paused"]
    paused: Paused | None
    created_by: str
    created_at: datetime
    updated_at: datetime


class AdOfAccount(Reply):
    """An ad that uses an account, as its owner sees it."""

    ad_id: Id
    name: str
    business_center: BusinessCenterCard
    advertiser_name: str
    post: Post
    mode: AdMode
    by_spark_code: bool
    needs: list[Permission] = Field(description="it needs one of these permissions; empty for an ad by Spark code")
    status: Literal["running", "paused"]
    paused: Paused | None
    created_at: datetime


class OwnPost(Reply):
    """One of the caller's posts, with the ads that use it and its Spark code."""

    post: Post
    used_by: list[AdOfAccount]
    spark_code: SparkCode | None
