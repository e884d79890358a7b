"""The console's tests: people at a browser without a screen, on SQLite; the pages hold no SQL of their own."""

from collections.abc import Iterator

import pytest

from tests.server.console.desk import Desk
from tests.server.world import Template, World
from tests.support.databases import SqliteFiles


@pytest.fixture
def database_url(sqlite_files: SqliteFiles, prepare_database: Template) -> Iterator[str]:
    """The URL of a SQLite database in its first state."""
    url = sqlite_files.create_database(prepare_database)
    yield url
    sqlite_files.drop_database(url)


@pytest.fixture
def alice(world: World) -> Desk:
    """An admin, signed in."""
    return Desk(world, "alice")


@pytest.fixture
def bob(world: World) -> Desk:
    """A standard member of the same Business Center, signed in."""
    return Desk(world, "bob")


@pytest.fixture
def charlie(world: World) -> Desk:
    """An admin of another Business Center, signed in."""
    return Desk(world, "charlie")
