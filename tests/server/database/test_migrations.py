"""Migrations make the schema that the code declares, and a newer schema is left alone."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from server.auth import service as auth
from server.database import migrate, postgres
from server.database.schema import metadata
from server.database.sqlite import make_engine
from tests.support.databases import SqliteFiles
from tests.support.postgres import PostgresCluster

HEAD = "0003"


@pytest.fixture(params=["sqlite_files", "postgres_cluster"])
def empty_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of an empty database."""
    databases: SqliteFiles | PostgresCluster = request.getfixturevalue(request.param)
    url = databases.create_database()
    yield url
    databases.drop_database(url)


def on(url: str, job: Callable[[sa.Connection], Any]) -> Any:
    """Run a job in a transaction on the database."""
    if not postgres.is_postgres(url):
        with make_engine(url).begin() as connection:
            return job(connection)

    async def run() -> Any:
        engine = create_async_engine(postgres.async_url(url), poolclass=sa.NullPool)
        async with engine.begin() as connection:
            return await connection.run_sync(job)

    return asyncio.run(run())


def _differences(connection: sa.Connection) -> list[Any]:
    # Compare SQLAlchemy's own types as they are, and ours (times, flags, JSON) by their stored type.
    def is_different(_c: object, _inspected: object, declared: sa.Column[Any], was: Any, _is: object) -> bool:
        stored = declared.type.dialect_impl(connection.dialect)
        stored = getattr(stored, "impl_instance", stored)
        return was._type_affinity is not stored._type_affinity

    context = MigrationContext.configure(connection, opts={"compare_type": is_different})
    return list(compare_metadata(context, metadata))


def test_migrations_make_what_the_code_declares(empty_url: str) -> None:
    """Tables, columns, types, keys, indexes and check constraints are the same."""
    migrate.upgrade_url(empty_url)
    assert on(empty_url, _differences) == []

    def checks(connection: sa.Connection) -> dict[str, set[str | None]]:
        inspector = sa.inspect(connection)
        return {name: {check["name"] for check in inspector.get_check_constraints(name)} for name in metadata.tables}

    declared = {
        name: {str(rule.name) for rule in table.constraints if isinstance(rule, sa.CheckConstraint)}
        for name, table in metadata.tables.items()
    }
    assert on(empty_url, checks) == declared


def test_a_difference_would_be_found(empty_url: str) -> None:
    """The comparison above notices a missing index and a column of another type."""
    migrate.upgrade_url(empty_url)

    def change(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE posts DROP COLUMN caption")
        connection.exec_driver_sql("ALTER TABLE posts ADD COLUMN caption INTEGER")
        connection.exec_driver_sql("DROP INDEX ix_members_user_id")

    on(empty_url, change)
    found = {
        difference[0] if isinstance(difference, tuple) else difference[0][0]
        for difference in on(empty_url, _differences)
    }
    assert found >= {"add_index", "modify_type"}


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    """A server that starts on an up-to-date database leaves it as it is."""
    assert migrate.upgrade_url(empty_url) == migrate.upgrade_url(empty_url) == HEAD
    assert on(empty_url, _differences) == []


def test_a_newer_database_is_refused(empty_url: str) -> None:
    """An older program does not touch a newer program's database, and says what to do."""
    migrate.upgrade_url(empty_url)
    newer = "UPDATE alembic_version SET version_num = '9999'"
    on(empty_url, lambda connection: connection.exec_driver_sql(newer))
    with pytest.raises(migrate.NewerSchema) as refused:
        migrate.upgrade_url(empty_url)
    assert "revision 9999, which this version does not know" in str(refused.value)
    assert "restore a backup" in str(refused.value)
    kept = "SELECT version_num FROM alembic_version"
    assert on(empty_url, lambda connection: connection.exec_driver_sql(kept).scalar_one()) == "9999"


def test_a_failed_migration_leaves_nothing(empty_url: str) -> None:
    """All migrations run in one transaction: after a failure the database is as before."""

    class PowerCut(Exception):
        pass

    def upgrade_and_fail(connection: sa.Connection) -> None:
        migrate.upgrade(connection)
        raise PowerCut

    with pytest.raises(PowerCut):
        on(empty_url, upgrade_and_fail)
    assert on(empty_url, lambda connection: sa.inspect(connection).get_table_names()) == []
    migrate.upgrade_url(empty_url)


def test_downgrading_undoes_everything(empty_url: str) -> None:
    """Downgrading works too, down to the functions that migrations made."""
    migrate.upgrade_url(empty_url)
    on(empty_url, lambda connection: command.downgrade(migrate.configuration(connection), "base"))
    assert on(empty_url, lambda connection: sa.inspect(connection).get_table_names()) == ["alembic_version"]
    assert migrate.upgrade_url(empty_url) == HEAD
    assert on(empty_url, _differences) == []


def test_two_servers_may_start_at_once(postgres_cluster: PostgresCluster) -> None:
    """Servers over one PostgreSQL database that start together migrate it once, in sequence."""
    url = postgres_cluster.create_database()

    async def start() -> str:
        return await asyncio.to_thread(migrate.upgrade_url, url)

    async def both() -> list[str]:
        return await asyncio.gather(start(), start(), start())

    assert asyncio.run(both()) == [HEAD] * 3
    postgres_cluster.drop_database(url)


def test_posts_of_the_first_release_belong_to_their_owners(empty_url: str) -> None:
    """A post from before ads could push posts stays on the profile as the owner's."""

    def before(connection: sa.Connection) -> None:
        command.upgrade(migrate.configuration(connection), "0001")
        connection.exec_driver_sql(
            "INSERT INTO tiktok_accounts VALUES ('1', 'creator', 'Creator', '', 'x', 1, 0, 0, 0, 0, 0, 0)"
        )
        connection.exec_driver_sql("INSERT INTO posts VALUES ('2', '1', 'Bread', 3, 4, 0, 0)")

    on(empty_url, before)
    migrate.upgrade_url(empty_url)
    kept = "SELECT caption, origin, ads_only, duration_seconds FROM posts"
    assert tuple(on(empty_url, lambda connection: connection.exec_driver_sql(kept).one())) == (
        "Bread",
        "owner",
        0,
        None,
    )


def test_earlier_sessions_continue(empty_url: str) -> None:
    """The update that ends idle sessions signs nobody out: open sessions last until they expire."""

    def before(connection: sa.Connection) -> None:
        command.upgrade(migrate.configuration(connection), "0002")
        empty = "X''" if connection.dialect.name == "sqlite" else "''"
        connection.exec_driver_sql(
            f"INSERT INTO sessions VALUES ({empty}, 'member', '1', 'Alice', 0, 9000000000000000)"
        )

    on(empty_url, before)
    migrate.upgrade_url(empty_url)
    actor, ends = on(empty_url, lambda connection: auth.authenticate(connection, b""))
    assert (actor.name, ends.year) == ("Alice", 2255)
