"""Fixtures for the console's tests. SQLite is enough for them, because the pages contain no SQL."""

from collections.abc import Iterator

import pytest

from tests.server.console.desk import Desk
from tests.server.world import Template, World
from tests.support.databases import SqliteFiles


@pytest.fixture
def database_url(sqlite_files: SqliteFiles, prepare_database: Template) -> Iterator[str]:
    """Yield the URL of a fresh SQLite database."""
    url = sqlite_files.create_database(prepare_database)
    yield url
    sqlite_files.drop_database(url)


@pytest.fixture
def alice(world: World) -> Desk:
    """Return an admin, signed in."""
    return Desk(world, "alice")


@pytest.fixture
def bob(world: World) -> Desk:
    """Return a standard member of the same Business Center, signed in."""
    return Desk(world, "bob")


@pytest.fixture
def charlie(world: World) -> Desk:
    """Return an admin of another Business Center, signed in."""
    return Desk(world, "charlie")
