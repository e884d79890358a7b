"""Who signs in, and how accounts and their profiles look to others."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from shared.wire.base import Body, Handle, Id, Reply


class Role(StrEnum):
    """What a member may do in a Business Center."""

    ADMIN = "admin"
    STANDARD = "standard"


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
    # Exactly as given (ASVS 5.0, 6.2.8): keep the spaces in a password.
    password: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1024)]

    @model_validator(mode="after")
    def _one_of_two(self) -> "SignIn":
        if (self.email is None) == (self.handle is None):
            raise ValueError("Give either email or handle, not both.")
        return self


class Membership(Reply):
    """A Business Center that a member belongs to, and the member's role there."""

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
    cover_hue: int = Field(description="0-359; covers without a picture are drawn")
    private: bool = False
    cover_url: str | None = Field(None, description="a path on the server, valid for an hour or two")
    media_url: str | None = Field(None, description="the picture or video itself; also such a path")
    content_type: str | None = Field(None, description="of the picture or video; null if there is none")
    duration_seconds: int | None = Field(None, description="of a video, if known")
    origin: Literal["owner", "business_center"] = Field("owner", description="who published it")
    ads_only: bool = Field(False, description="shows through ads only, never on the profile")
    in_ads: bool = Field(False, description="an ad is set to use it; only the owner sees this")
    created_at: datetime | None = None


class Profile(Account):
    """An account's profile page."""

    bio: str
    following_count: int
    follower_count: int
    like_count: int
    posts: list[Post] = Field(default_factory=list)


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
    """A new session. `token` is shown only once; the server stores only its hash."""

    token: str = Field(examples=["u1Yc9qv0fS4l4nq6cS5m8kq0s0r1n2b3v4c5x6z7a8s"])
    expires_at: datetime
    actor: Actor


class Me(Reply):
    """The caller."""

    actor: Actor
    expires_at: datetime


class DemoLogin(Reply):
    """The login of a demo account."""

    handle: Handle
    password: str


class DemoLogins(Reply):
    """The demo accounts, for the sheet on the log-in screen."""

    accounts: list[DemoLogin]
