"""What an endpoint is, and what its handler is given."""

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
    """What handlers need of the running application and of this request, beside the database."""

    codes: LinkCodes
    links: MediaLinks
    guess: Guess
    origin: str


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, in which Business Center, and with what at hand. Without a token, nobody and nowhere."""

    actor: Actor
    bc_id: str
    token: str  # as it was sent
    services: Services


Handler = Callable[[sa.Connection, Call, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint: the handler runs in one transaction with the look at the token."""

    method: Literal["GET", "POST"]
    path: str  # below the prefix, with both slashes
    params: type[Params]
    handler: Handler
    writes: bool = False
    needs_token: bool = True
