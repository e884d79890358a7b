"""Fixtures for a running application per test, on SQLite and PostgreSQL, with a copy of one prepared database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.database.schema import metadata
from tests.server.world import Cast, Template, World, running
from tests.support.databases import SqliteFiles
from tests.support.postgres import PostgresCluster

TABLES = [table.name for table in metadata.sorted_tables]


@pytest.fixture(scope="session")
def prepare_database() -> Template:
    """Return what fills the database that tests get copies of."""
    return Template()


class RefilledPostgres:
    """One database that is refilled for each test, which is thirty times as fast as a new copy."""

    def __init__(self, cluster: PostgresCluster, template: Template) -> None:
        self._cluster = cluster
        self.url = cluster.create_database(template)
        self._name = self.url.partition("@/")[2].partition("?")[0]
        kept = "; ".join(f"CREATE TABLE kept.{name} AS TABLE public.{name}" for name in TABLES)
        self.run(f"CREATE SCHEMA kept; {kept}")

    def refill(self) -> None:
        """Put every row back as it was at first."""
        rows = "; ".join(f"DELETE FROM {name}; INSERT INTO {name} TABLE kept.{name}" for name in TABLES)
        self.run(f"SET session_replication_role = replica; {rows}")  # without triggers and foreign keys

    def run(self, statements: str) -> None:
        """Run statements as the superuser."""
        self._cluster.sql(statements, self._name)


@pytest.fixture(scope="session")
def refilled_postgres(postgres_cluster: PostgresCluster, prepare_database: Template) -> RefilledPostgres:
    """Return the PostgreSQL database of all tests in this folder that do not change its schema."""
    return RefilledPostgres(postgres_cluster, prepare_database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, sqlite_files: SqliteFiles, prepare_database: Template
) -> Iterator[str]:
    """Yield the URL of a freshly filled database; the test runs once on each kind."""
    if request.param == "sqlite":
        url = sqlite_files.create_database(prepare_database)
        yield url
        sqlite_files.drop_database(url)
    else:
        refilled: RefilledPostgres = request.getfixturevalue("refilled_postgres")
        refilled.refill()
        yield refilled.url


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database_url(request: pytest.FixtureRequest, prepare_database: Template) -> Iterator[str]:
    """Yield the URL of the test's own database, which tests that change the schema need."""
    kind = {"sqlite": "sqlite_files", "postgresql": "postgres_cluster"}[request.param]
    databases: SqliteFiles | PostgresCluster = request.getfixturevalue(kind)
    url = databases.create_database(prepare_database)
    yield url
    databases.drop_database(url)


@pytest.fixture
def cast(prepare_database: Template, database_url: str) -> Cast:
    """Return the people in this test's database."""
    return prepare_database.cast(database_url)


@pytest.fixture
async def world(database_url: str, cast: Cast, tmp_path: Path) -> AsyncIterator[World]:
    """Run the application, with the people who use it."""
    async with running(database_url, tmp_path, cast) as world:
        yield world
