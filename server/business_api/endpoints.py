"""Define endpoints and what their handlers receive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from server.actor import Actor
from server.business_api.parameters import Params
from server.security import LinkCodes
from server.spark_codes.guesses import Guess
from server.tiktok_accounts.media import MediaLinks

PREFIX: Final = "/open_api/v1.3"


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers need from the application and from the request, besides the database."""

    codes: LinkCodes
    links: MediaLinks
    guess: Guess
    origin: str


@dataclass(frozen=True, slots=True)
class Call:
    """The caller, the Business Center and the services. Without a token, `SYSTEM` calls and `bc_id` is empty."""

    actor: Actor
    bc_id: str
    token: str  # as it was sent
    services: Services


Handler = Callable[[sa.Connection, Call, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint. The same transaction checks the token and runs the handler."""

    method: Literal["GET", "POST"]
    path: str  # below the prefix, with a slash at both ends
    params: type[Params]
    handler: Handler
    writes: bool = False
    needs_token: bool = True
