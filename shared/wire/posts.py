"""Changes that owners make to their posts, and the Spark codes that let others use a post in ads."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from shared.wire.base import Body, Id, Reply
from shared.wire.people import Account, Post


class ChangePost(Body):
    """Changes to a post. Omitted fields stay the same."""

    caption: str | None = Field(None, max_length=2200)
    private: bool | None = None


class SparkCodeState(StrEnum):
    """Whether ads may use the post with this code now."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class MakeSparkCode(Body):
    """A new Spark code: how long others may use the post."""

    days: Literal[7, 30, 60, 365] = 30


class SparkCode(Reply):
    """A Spark code as the post's owner sees it."""

    post_id: Id
    code: str
    state: SparkCodeState
    days: int
    created_at: datetime
    expires_at: datetime


class UseSparkCode(Body):
    """A Spark code that a creator has sent."""

    auth_code: str = Field(min_length=40, max_length=200)


class SparkPost(Reply):
    """A post that an ad account uses with a Spark code."""

    spark_code_id: Id
    advertiser_id: Id
    account: Account
    post: Post
    state: SparkCodeState
    expires_at: datetime
    authorized_by: str
    authorized_at: datetime
