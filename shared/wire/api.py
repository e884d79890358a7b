"""Access to the Business API: tokens, developer apps, and the log of what was called."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.wire.base import Body, Id, Reply


class TokenState(StrEnum):
    """Whether a token is accepted now."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class CreateAccessToken(Body):
    """A new token in the caller's own name."""

    name: str = Field(min_length=1, max_length=100, examples=["Nightly report"])
    lifetime_days: int | None = Field(None, ge=1, le=3650, description="null: until somebody revokes it")


class AccessToken(Reply):
    """A token of the Business API. It may do what its member may do at the moment of each call."""

    token_id: Id
    name: str
    hint: str = Field(description="the last four characters", examples=["x7Qa"])
    user_id: Id
    user_name: str = Field(description="the member in whose name it acts")
    app_id: Id | None = Field(description="the developer app that holds it; null: made by the member")
    state: TokenState
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewAccessToken(AccessToken):
    """A token as it is made; `token` is shown this once and stored only as a hash."""

    token: str = Field(examples=["u1Yc9qv0fS4l4nq6cS5m8kq0s0r1n2b3v4c5x6z7a8s"])


class CreateApiApp(Body):
    """A new developer app."""

    name: str = Field(min_length=1, max_length=100, examples=["Campaign planner"])


class ApiApp(Reply):
    """A developer app: members authorize it, and it gets a token for each by /oauth2/access_token/."""

    app_id: Id
    name: str
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


class NewApiApp(ApiApp):
    """A developer app as it is made; `secret` is shown this once and stored only as a hash."""

    secret: str


class AuthCode(Reply):
    """What a developer app changes into a token: once, within an hour."""

    auth_code: str
    app_id: Id
    expires_at: datetime


class ApiCall(Reply):
    """One call of the Business API."""

    call_id: Id
    request_id: str = Field(description="as in the answer; for questions about this call")
    at: datetime
    method: str
    endpoint: str = Field(examples=["/open_api/v1.3/identity/get/"])
    code: int = Field(description="0 is success")
    message: str
    parameters: dict[str, object] = Field(description="what was sent; tokens, secrets and auth codes are left out")
    duration_ms: int
    token_id: Id | None
    token_name: str | None
    token_hint: str | None
