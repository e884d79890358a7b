"""Fixtures for a demo, filled and running, on SQLite and PostgreSQL."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from mobile_app.web import companion_asgi
from server.app import Companion, create_app
from server.auth import service as auth
from server.commands.local import run_job
from server.database import migrate
from server.demo.logins import prepare
from server.settings import Settings
from tests.server.world import LINK_CODE_KEY, Person
from tests.support.databases import SqliteFiles
from tests.support.postgres import PostgresCluster


class Show:
    """A running demo and its people."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient) -> None:
        self.app, self.client = app, client

    async def person(self, *, email: str | None = None, handle: str | None = None) -> Person:
        """Return a person with a session."""

        def start(connection: sa.Connection) -> Person:
            login = auth.find_login(connection, email, handle)
            assert login is not None
            token = auth.start_session(connection, login).token
            return Person(self.client, token, login.name, login.subject_id)

        person: Person = await self.app.state.database.write(start)
        return person

    async def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        read = self.app.state.database.read
        rows = await read(lambda connection: connection.execute(sa.text(statement)).all())
        return [tuple(row) for row in rows]

    async def reset(self, **headers: str) -> httpx.Response:
        """Press Reset as a browser does on our page."""
        return await self.client.post("/demo/reset", headers=headers or {"Sec-Fetch-Site": "same-origin"})


@asynccontextmanager
async def showing(settings: Settings) -> AsyncIterator[Show]:
    """Run the whole product."""
    app: FastAPI

    def to_our_own_api(address: str) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(app, client=(address, 0))

    asgi, lifespan = companion_asgi(settings.origin, to_our_own_api)
    app = create_app(settings, Companion(asgi, lifespan))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=settings.origin, trust_env=False, timeout=60) as client,
    ):
        yield Show(app, client)


@pytest.fixture(scope="session")
def fill_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """Return the function that fills a demo database."""

    def fill(url: str) -> None:
        data_dir = tmp_path_factory.mktemp("filled")
        settings = Settings(database_url=url, data_dir=data_dir, link_code_key=LINK_CODE_KEY, demo=True)
        migrate.upgrade_url(url)
        run_job(settings, prepare, settings)

    return fill


@pytest.fixture
def demo_url(sqlite_files: SqliteFiles, fill_demo: Callable[[str], None]) -> Iterator[str]:
    """Yield the URL of a demo database on SQLite."""
    url = sqlite_files.create_database(fill_demo)
    yield url
    sqlite_files.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_demo_url(request: pytest.FixtureRequest, fill_demo: Callable[[str], None]) -> Iterator[str]:
    """Yield the URL of a demo database; the test runs once on each kind."""
    kind = {"sqlite": "sqlite_files", "postgresql": "postgres_cluster"}[request.param]
    databases: SqliteFiles | PostgresCluster = request.getfixturevalue(kind)
    url = databases.create_database(fill_demo)
    yield url
    databases.drop_database(url)


@pytest.fixture
async def show(demo_url: str, tmp_path: Path) -> AsyncIterator[Show]:
    """Run a demo for this machine."""
    async with showing(settings_for(demo_url, tmp_path)) as show:
        yield show


def settings_for(url: str, data_dir: Path) -> Settings:
    """Return the settings of `sparklink demo`."""
    return Settings(database_url=url, data_dir=data_dir, link_code_key=LINK_CODE_KEY, demo=True)
