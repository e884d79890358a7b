"""The throw-away PostgreSQL server that other tests use."""

import asyncio
from typing import Literal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.postgres import PostgresCluster


def query(url: str, *statements: str) -> object:
    """Run statements as the program would, with SQLAlchemy and asyncpg; return the last one's single value."""

    async def run() -> object:
        engine = create_async_engine(url)
        try:
            async with engine.begin() as connection:
                results = [await connection.execute(text(statement)) for statement in statements]
                return results[-1].scalar() if results[-1].returns_rows else None
        finally:
            await engine.dispose()

    return asyncio.run(run())


def test_databases_are_separate(postgres_cluster: PostgresCluster) -> None:
    """One test does not see what another writes."""
    mine, other = postgres_cluster.create_database(), postgres_cluster.create_database()
    query(mine, "CREATE TABLE post (caption text)", "INSERT INTO post VALUES ('Grüße 🎬')")
    assert query(mine, "SELECT caption FROM post") == "Grüße 🎬"
    assert query(other, "SELECT to_regclass('post')") is None


def test_a_template_is_prepared_once_and_copied(postgres_cluster: PostgresCluster) -> None:
    """Each database starts with the work of `prepare`, which runs once for all of them."""
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        query(url, "CREATE TABLE post (caption text)", "INSERT INTO post VALUES ('first')")

    first, second = (postgres_cluster.create_database(prepare) for _ in range(2))
    query(first, "DELETE FROM post")
    assert query(second, "SELECT count(*) FROM post") == 1
    assert len(prepared) == 1


def test_a_dropped_database_is_gone(postgres_cluster: PostgresCluster) -> None:
    """A database can be dropped while somebody is connected to it."""
    url = postgres_cluster.create_database()

    async def drop_while_connected() -> None:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            await asyncio.to_thread(postgres_cluster.drop_database, url)
            await connection.invalidate()
        await engine.dispose()

    asyncio.run(drop_while_connected())
    name = url.partition("@/")[2].partition("?")[0]
    assert postgres_cluster.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "0"


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_committed_rows_survive_a_restart(
    postgres_cluster: PostgresCluster, mode: Literal["fast", "immediate"]
) -> None:
    """The server returns at the same URL, after a stop and after a crash."""
    url = postgres_cluster.create_database()
    query(url, "CREATE TABLE post (caption text)", "INSERT INTO post VALUES ('kept')")
    postgres_cluster.restart(mode)
    assert query(url, "SELECT caption FROM post") == "kept"


def test_database_url_names_an_empty_database(database_url: str) -> None:
    """The same test runs on both databases, each time on an unused one."""
    assert database_url.startswith(("sqlite:///", "postgresql+asyncpg://"))
    if database_url.startswith("postgresql"):
        assert query(database_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
