"""Access to the Business API: tokens, developer apps, and the log of calls."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.wire.base import Body, Id, Reply


class TokenState(StrEnum):
    """Whether the API accepts a token now."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class CreateAccessToken(Body):
    """A new token for the caller."""

    name: str = Field(min_length=1, max_length=100, examples=["Nightly report"])
    lifetime_days: int | None = Field(None, ge=1, le=3650, description="null: valid until revoked")


class AccessToken(Reply):
    """A token of the Business API. Each call may do what its member may do at that moment."""

    token_id: Id
    name: str
    hint: str = Field(description="the last four characters", examples=["x7Qa"])
    user_id: Id
    user_name: str = Field(description="the member it acts for")
    app_id: Id | None = Field(description="the developer app that uses it; null if the member made it")
    state: TokenState
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewAccessToken(AccessToken):
    """A new token. `token` is shown only once; the server stores only its hash."""

    token: str = Field(examples=["u1Yc9qv0fS4l4nq6cS5m8kq0s0r1n2b3v4c5x6z7a8s"])


class CreateApiApp(Body):
    """A new developer app."""

    name: str = Field(min_length=1, max_length=100, examples=["Campaign planner"])


class ApiApp(Reply):
    """A developer app. Members authorize it, and it gets a token for each of them at /oauth2/access_token/."""

    app_id: Id
    name: str
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


class NewApiApp(ApiApp):
    """A new developer app. `secret` is shown only once; the server stores only its hash."""

    secret: str


class AuthCode(Reply):
    """A code that a developer app exchanges for a token, once and within an hour."""

    auth_code: str
    app_id: Id
    expires_at: datetime


class ApiCall(Reply):
    """One call to the Business API."""

    call_id: Id
    request_id: str = Field(description="the same as in the answer; quote it in questions about this call")
    at: datetime
    method: str
    endpoint: str = Field(examples=["/open_api/v1.3/identity/get/"])
    code: int = Field(description="0 is success")
    message: str
    parameters: dict[str, object] = Field(description="the parameters, without tokens, secrets and auth codes")
    duration_ms: int
    token_id: Id | None
    token_name: str | None
    token_hint: str | None
