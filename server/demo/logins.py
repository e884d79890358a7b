"""The demo logins: written to `demo.json` (mode 0600) and shown by the console, the app and the API."""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request

from server.actor import SYSTEM
from server.auth.passwords import hash_password
from server.business_centers import service as business_centers
from server.business_centers.tables import users
from server.demo.people import OWNERS, PEOPLE, new_passphrase
from server.demo.seed import is_empty, seed, seed_api
from server.events import service as events
from server.problems import NotFound, or_not_found, responses
from server.security import LinkCodes
from server.settings import Settings, write_private
from server.tiktok_accounts.tables import tiktok_accounts as accounts
from shared import wire
from shared.events import EventType

router = APIRouter(tags=["Demo"])


def reset_passwords(connection: sa.Connection, base_url: str) -> dict[str, Any]:
    """Give the demo people new passwords and a new token if `demo.json` was lost; return its new content.

    Raises:
        NotFound: `seed` has not filled this database.
    """
    logins: dict[str, Any] = {"base_url": base_url, "owners": []}
    for key, person in PEOPLE.items():
        found = connection.execute(sa.select(users).where(users.c.email == person.email)).one_or_none()
        row = or_not_found(found, thing="demo login")
        password = new_passphrase()
        mine = users.c.user_id == row.user_id
        connection.execute(sa.update(users).where(mine).values(password_hash=hash_password(password)))
        (membership,) = business_centers.list_memberships(connection, row.user_id)
        logins[key] = {"email": person.email, "password": password, "bc_id": membership.bc_id}
    for owner in OWNERS:
        password = new_passphrase()
        mine = accounts.c.handle == owner.handle
        connection.execute(sa.update(accounts).where(mine).values(password_hash=hash_password(password)))
        logins["owners"].append({"handle": owner.handle, "password": password})
    logins["api"] = seed_api(connection)
    return logins


def demo_file(settings: Settings) -> Path:
    """Return the path of the file with the demo logins."""
    return settings.data_dir / "demo.json"


def read_logins(settings: Settings) -> dict[str, Any] | None:
    """Return the demo logins, or None outside demo mode."""
    path = demo_file(settings)
    if not settings.demo or not path.exists():
        return None
    logins: dict[str, Any] = json.loads(path.read_text())
    return logins


def prepare(connection: sa.Connection, settings: Settings) -> dict[str, Any]:
    """Seed the database on the first start, keep the logins on later ones, and write `demo.json` (mode 0600)."""
    if is_empty(connection):
        logins = seed(connection, settings.origin, LinkCodes(settings.link_code_secret, settings.origin))
        events.record(connection, SYSTEM, EventType.DEMO_SEEDED, data={})
    elif (known := read_logins(settings)) is not None:
        # A file from an earlier version has no access to the Business API.
        logins = {"api": known.get("api") or seed_api(connection), **known, "base_url": settings.origin}
    else:
        logins = reset_passwords(connection, settings.origin)
    write_private(demo_file(settings), json.dumps(logins, indent=2) + "\n")
    return logins


@router.get("/demo", summary="Demo logins", responses=responses(NotFound))
async def get_demo(request: Request) -> wire.DemoLogins:
    """Return the logins of the demo accounts. 404 outside demo mode."""
    logins = or_not_found(read_logins(request.app.state.settings), thing="demo")
    return wire.DemoLogins(accounts=logins["owners"])
