"""The cast of the server's tests, and a running application that they talk to over HTTP.

alice is an admin and bob a standard member of Northwind; charlie is an admin of another Business Center.
mia, leo and nara own TikTok accounts. Everybody starts with a session, because passwords are slow on purpose.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from server.ad_accounts import service as ad_accounts
from server.app import create_app
from server.auth import service as auth
from server.auth.passwords import hash_password
from server.business_centers import service as business_centers
from server.database import migrate
from server.database.connect import open_database
from server.database.core import Database
from server.settings import Settings
from server.tiktok_accounts import service as tiktok_accounts
from shared import wire

ORIGIN = "https://link.example.test"
PASSWORD = "correct horse battery staple"
LINK_CODE_KEY = "5e" * 32
OWNERS = {"mia": "mia.bakes", "leo": "leo.rides", "nara": "studio.nara"}
SPARK = ["existing_posts", "new_videos_ads_only"]
ABSENT = "1000000000000000001"  # an id that nobody has


@dataclass(slots=True)
class Cast:
    """Ids and tokens of everybody in a prepared database."""

    bc_id: str = ""
    other_bc_id: str = ""
    advertisers: list[str] = field(default_factory=list)
    other_advertiser: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def seed(connection: sa.Connection, hashed: str) -> Cast:
    """Fill an empty database with the cast."""
    cast = Cast()
    cast.bc_id = business_centers.create(connection, "Northwind Coffee", verified=True)
    cast.other_bc_id = business_centers.create(connection, "Fabrikam Studio")
    people = (
        ("alice", "Alice Moreno", cast.bc_id, wire.Role.ADMIN),
        ("bob", "Bob Tanaka", cast.bc_id, wire.Role.STANDARD),
        ("charlie", "Charlie Okafor", cast.other_bc_id, wire.Role.ADMIN),
    )
    for name, full_name, bc_id, role in people:
        user_id = business_centers.create_user(connection, email(name), full_name, hashed)
        business_centers.add_member(connection, bc_id, user_id, role)
        cast.ids[name] = user_id
        cast.tokens[name] = _session(connection, email(name), None)
    cast.advertisers = [ad_accounts.create(connection, cast.bc_id, f"Northwind {place}") for place in ("EU", "US")]
    cast.other_advertiser = ad_accounts.create(connection, cast.other_bc_id, "Fabrikam Main")
    for name, handle in OWNERS.items():
        cast.ids[name] = tiktok_accounts.create(connection, handle, handle.replace(".", " ").title(), hashed)
        tiktok_accounts.add_post(connection, cast.ids[name], "Sourdough in 60 seconds")
        tiktok_accounts.add_post(connection, cast.ids[name], "Not for everyone", private=True)
        cast.tokens[name] = _session(connection, None, handle)
    return cast


def email(name: str) -> str:
    """Return the email address of a member."""
    return f"{name}@example.test"


def _session(connection: sa.Connection, address: str | None, handle: str | None) -> str:
    login = auth.find_login(connection, address, handle)
    assert login is not None
    return auth.start_session(connection, login).token


class Template:
    """Prepare one database of each kind; tests get copies, so ids and tokens are the same in all of them."""

    def __init__(self) -> None:
        self._hashed = hash_password(PASSWORD)
        self._casts: dict[str, Cast] = {}

    def __call__(self, url: str) -> None:
        """Migrate and fill the database that `url` names."""
        migrate.upgrade_url(url)
        self._casts[_kind(url)] = asyncio.run(self._fill(url))

    async def _fill(self, url: str) -> Cast:
        database = open_database(url)
        try:
            return await database.write(seed, self._hashed)
        finally:
            await database.close()

    def cast(self, url: str) -> Cast:
        """Return the people in a copy of the database."""
        return self._casts[_kind(url)]


def _kind(url: str) -> str:
    return url.partition(":")[0]


class Person:
    """Somebody who talks to the API; without a token, an anonymous caller."""

    def __init__(self, client: httpx.AsyncClient, token: str | None, name: str = "nobody", id: str = "") -> None:
        self._client = client
        self.token, self.name, self.id = token, name, id

    async def call(self, method: str, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Send one request below /api/v1."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= options.pop("headers", {})
        if json is not None:
            options["json"] = json
        return await self._client.request(method, f"/api/v1{path}", headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Send a GET request."""
        return await self.call("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Send a POST request."""
        return await self.call("POST", path, json, **options)

    async def put(self, path: str) -> httpx.Response:
        """Send a PUT request."""
        return await self.call("PUT", path)

    async def delete(self, path: str) -> httpx.Response:
        """Send a DELETE request."""
        return await self.call("DELETE", path)


class World:
    """A running application with the test's own database."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient, cast: Cast, url: str) -> None:
        self.app, self.client, self.cast, self.url = app, client, cast, url
        self.bc_id, self.other_bc_id = cast.bc_id, cast.other_bc_id
        self.nobody = Person(client, None)
        self.alice, self.bob, self.charlie, self.mia, self.leo, self.nara = (
            Person(client, cast.tokens[name], name, cast.ids[name])
            for name in ("alice", "bob", "charlie", "mia", "leo", "nara")
        )
        self._numbers = itertools.count(1)

    @property
    def database(self) -> Database:
        """Return the database of the running application."""
        database: Database = self.app.state.database
        return database

    @property
    def codes(self) -> str:
        """Return the path of alice's link requests."""
        return f"/business-centers/{self.bc_id}/link-requests"

    @property
    def accounts(self) -> str:
        """Return the path of the TikTok accounts linked to alice's Business Center."""
        return f"/business-centers/{self.bc_id}/tiktok-accounts"

    async def sql(self, statement: str, **values: Any) -> list[Any]:
        """Run one statement in its own transaction and return its rows."""

        def run(connection: sa.Connection) -> list[Any]:
            result = connection.execute(sa.text(statement), values)
            return list(result.all()) if result.returns_rows else []

        return await self.database.write(run)

    async def scalar(self, statement: str, **values: Any) -> Any:
        """Run one statement and return its single value."""
        return (await self.sql(statement, **values))[0][0]

    async def make_code(self, *permissions: str, by: Person | None = None, **wanted: Any) -> dict[str, Any]:
        """Make a code as alice (or charlie, in his own Business Center)."""
        admin = by or self.alice
        bc_id = self.other_bc_id if admin is self.charlie else self.bc_id
        body = {"permissions": list(permissions) or SPARK, **wanted}
        answer = await admin.post(f"/business-centers/{bc_id}/link-requests", body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def open(self, owner: Person, code: dict[str, Any]) -> dict[str, Any]:
        """Scan a code and return the preview."""
        answer = await owner.post("/link-requests/open", {"code": code["url"]})
        assert answer.status_code == 200, answer.text
        preview: dict[str, Any] = answer.json()
        return preview

    async def approve(self, owner: Person, code: dict[str, Any], **wanted: Any) -> httpx.Response:
        """Scan a code and approve it; return the answer to the approval."""
        preview = await self.open(owner, code)
        body = {"code": code["url"], "consent_hash": preview["consent_hash"], **wanted}
        return await owner.post(f"/link-requests/{code['link_request_id']}/approve", body)

    async def link(self, owner: Person, *permissions: str, by: Person | None = None) -> dict[str, Any]:
        """Go the whole way to a linked account; return the authorization."""
        answer = await self.approve(owner, await self.make_code(*permissions, by=by))
        assert answer.status_code == 200, answer.text
        authorization: dict[str, Any] = answer.json()
        return authorization

    async def link_request(self, code: dict[str, Any]) -> dict[str, Any]:
        """Return a link request as alice sees it now."""
        found: dict[str, Any] = (await self.alice.get(f"{self.codes}/{code['link_request_id']}")).json()
        return found

    async def log(self, **params: Any) -> list[dict[str, Any]]:
        """Return the audit log of alice's Business Center, newest first."""
        answer = await self.alice.get(f"/business-centers/{self.bc_id}/audit-log", params=params)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """Return a problem's status and the last word of its type, and check that the problem is complete."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    assert "{" not in body["detail"], "a placeholder in the text was not filled in"
    return answer.status_code, body["type"].removeprefix("urn:sparklink:problem:")


def settings_for(url: str, data_dir: Path) -> Settings:
    """Return the settings of a test's server."""
    return Settings(data_dir=data_dir, database_url=url, base_url=ORIGIN, link_code_key=LINK_CODE_KEY)


@asynccontextmanager
async def running(
    url: str, data_dir: Path, cast: Cast, arrange: Callable[[FastAPI], object] | None = None
) -> AsyncIterator[World]:
    """Run an application with the database; `arrange` gets it before it starts."""
    app = create_app(settings_for(url, data_dir))
    if arrange:
        arrange(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, trust_env=False, timeout=60) as client,
    ):
        yield World(app, client, cast, url)


def slowly(job: Callable[..., Any]) -> Callable[..., Any]:
    """Return a job that keeps its transaction open for a while, so that others can interfere if the database lets them.

    On SQLite nothing can, because all writes share one queue.
    """

    def run(connection: sa.Connection, *args: Any) -> Any:
        result = job(connection, *args)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_sleep(0.2)")
        return result

    return run
