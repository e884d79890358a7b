"""Insert many accounts, Business Centers and link requests as rows, because sign-ins would take minutes."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import sqlalchemy as sa

from server.actor import Actor
from server.auth.tables import sessions
from server.business_centers.tables import business_centers, users
from server.clock import utc_now
from server.database.columns import new_id
from server.link_requests import approval
from server.link_requests.tables import link_requests
from server.security import LinkCodes, new_token, token_hash
from server.tiktok_accounts.tables import tiktok_accounts
from tests.server.world import SPARK, Person, World


@dataclass(frozen=True, slots=True)
class Ask:
    """An open code."""

    link_request_id: str
    code: str


def add_owners(connection: sa.Connection, count: int) -> list[tuple[str, str]]:
    """Insert accounts, each with a session; return their ids and tokens."""
    now = utc_now()
    people = [(new_id(), new_token()) for _ in range(count)]
    counts = {"following_count": 0, "follower_count": 0, "like_count": 0, "business_center_count": 0}
    rows = [
        {
            "account_id": account_id,
            "handle": f"crowd.{number}",
            "display_name": f"Crowd {number}",
            "bio": "",
            "password_hash": "",
            "avatar_hue": 1,
            "verified": False,
            "created_at": now,
            **counts,
        }
        for number, (account_id, _) in enumerate(people)
    ]
    signed_in = [
        {
            "token_hash": token_hash(token),
            "kind": "owner",
            "subject_id": account_id,
            "name": f"@crowd.{number}",
            "created_at": now,
            "expires_at": now + timedelta(days=1),
        }
        for number, (account_id, token) in enumerate(people)
    ]
    connection.execute(sa.insert(tiktok_accounts), rows)
    connection.execute(sa.insert(sessions), signed_in)
    return people


def add_centers(connection: sa.Connection, count: int) -> list[str]:
    """Insert Business Centers without members; return their ids."""
    ids = [new_id() for _ in range(count)]
    empty = {"verified": False, "account_count": 0, "created_at": utc_now()}
    rows = [{"bc_id": bc_id, "name": f"Center {number}", **empty} for number, bc_id in enumerate(ids)]
    connection.execute(sa.insert(business_centers), rows)
    return ids


def add_asks(connection: sa.Connection, codes: LinkCodes, bc_ids: Iterable[str]) -> list[Ask]:
    """Insert one open link request for each Business Center given; return the codes."""
    now = utc_now()
    user_id = connection.execute(sa.select(users.c.user_id).limit(1)).scalar_one()
    rows: list[dict[str, Any]] = []
    asks = []
    for bc_id in bc_ids:
        id = new_id()
        asks.append(Ask(id, codes.code(id, 1)))
        rows.append(
            {
                "link_request_id": id,
                "bc_id": bc_id,
                "state": "pending",
                "level": "deliver_ads",
                "permissions": SPARK,
                "requested_by_user_id": user_id,
                "requested_by": "Somebody",
                "generation": 1,
                "lifetime_seconds": 600,
                "code_hash": codes.code_hash(codes.code(id, 1)),
                "typed_hash": None,
                "created_at": now,
                "expires_at": now + timedelta(seconds=600),
            }
        )
    connection.execute(sa.insert(link_requests), rows)
    return asks


class Crowd:
    """People and codes in one database, whose approvals go to one server or to several in turn."""

    def __init__(self, *worlds: World) -> None:
        self._worlds = worlds
        self._world = worlds[0]

    async def owners(self, count: int) -> list[list[Person]]:
        """Return new owners, each as one person per server."""
        people = await self._world.database.write(add_owners, count)
        return [[Person(world.client, token, id=id) for world in self._worlds] for id, token in people]

    async def centers(self, count: int) -> list[str]:
        """Return new Business Centers."""
        return await self._world.database.write(add_centers, count)

    async def asks(self, bc_ids: Iterable[str]) -> list[Ask]:
        """Return one open code for each Business Center given."""
        codes: LinkCodes = self._world.app.state.link_codes
        return await self._world.database.write(add_asks, codes, list(bc_ids))

    async def previews(self, pairs: list[tuple[list[Person], Ask]]) -> list[str]:
        """Open each code as its owner, all in one transaction; return the consent hashes."""
        codes: LinkCodes = self._world.app.state.link_codes

        def look(connection: sa.Connection) -> list[str]:
            return [
                approval.open_request(
                    connection, Actor("owner", owner[0].id, "@somebody"), approval.read_code(ask.code, codes)
                ).consent_hash
                for owner, ask in pairs
            ]

        return await self._world.database.write(look)

    async def approve_at_once(self, pairs: list[tuple[list[Person], Ask]]) -> list[httpx.Response]:
        """Open every code, then send all approvals at the same time."""
        hashes = await self.previews(pairs)
        return await asyncio.gather(
            *(
                owner[number % len(owner)].post(
                    f"/link-requests/{ask.link_request_id}/approve", {"code": ask.code, "consent_hash": shown}
                )
                for number, ((owner, ask), shown) in enumerate(zip(pairs, hashes, strict=True))
            )
        )
