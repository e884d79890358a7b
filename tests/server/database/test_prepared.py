"""On SQLite, prepared statements give the values, errors and counts that SQLAlchemy itself would give."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, InvalidRequestError, MultipleResultsFound, OperationalError

import server
from server.database.columns import Flag, JsonText, Timestamp
from server.database.prepared import DRIVER, Prepared, prepared
from server.database.schema import metadata
from server.database.sqlite import connect, make_engine

_TABLE = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("on", Flag, nullable=True),
    sa.Column("data", JsonText, nullable=True),
    sa.Column("blob", sa.LargeBinary, nullable=True),
    sa.Column("count", sa.Integer, nullable=False),
)
_ALL = sa.select(_TABLE).order_by(_TABLE.c.name)
_ONE = sa.select(_TABLE.c.count).where(_TABLE.c.name == sa.bindparam("called"))
_COUNT_UP = (
    sa.update(_TABLE)
    .where(_TABLE.c.name == sa.bindparam("called"))
    .values(count=_TABLE.c.count + 2)
    .returning(_TABLE.c.count)
)
_FIRST = {
    "name": "a",
    "at": datetime(2026, 11, 24, 5, 6, 7, 89, tzinfo=UTC),
    "on": True,
    "data": {"z": [1, "ü"], "a": None},
    "blob": b"\x00\xff",
    "count": 3,
}
_SECOND = {**_FIRST, "name": "b", "on": None, "data": None, "blob": None}


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    """Open a connection to a table with two rows."""
    opened = connect(make_engine("sqlite://"))
    _TABLE.create(opened)
    insert = prepared(sa.insert(_TABLE))
    for row in (_FIRST, _SECOND):
        assert insert.run(opened, **row) == 1
    yield opened
    opened.close()


def test_values_come_back_as_they_went_in(connection: sa.Connection) -> None:
    """Times, flags, JSON, bytes and nulls pass unchanged, directly through the driver and through SQLAlchemy."""
    rows = prepared(_ALL).all(connection)
    assert [row._asdict() for row in rows] == [_FIRST, _SECOND]
    assert rows == connection.execute(_ALL).all()
    assert (rows[0].at, rows[1].data) == (_FIRST["at"], None)


def test_no_row_is_none(connection: sa.Connection) -> None:
    """A query without a result returns None, and one with two rows raises an error."""
    one = prepared(_ONE)
    assert one.one_or_none(connection, called="nobody") is None
    assert one.one_or_none(connection, called="a") == (3,)
    with pytest.raises(MultipleResultsFound):
        prepared(_ALL).one_or_none(connection)


def test_changes_are_counted_and_returned(connection: sa.Connection) -> None:
    """A change reports how many rows it affected, and returns the columns it was asked for."""
    count_up, delete = prepared(_COUNT_UP), prepared(sa.delete(_TABLE).where(_TABLE.c.count > sa.bindparam("over")))
    assert count_up.all(connection, called="nobody") == []
    assert [row.count for row in count_up.all(connection, called="a")] == [5]
    assert delete.run(connection, over=4) == 1
    assert delete.run(connection, over=4) == 0


def test_without_the_driver_sqlalchemy_runs_them(connection: sa.Connection) -> None:
    """On PostgreSQL, and for commands beside a server, the same calls give the same results through SQLAlchemy."""
    other = make_engine("sqlite://").connect()
    _TABLE.create(other)
    insert, rows, one = prepared(sa.insert(_TABLE)), prepared(_ALL), prepared(_ONE)
    assert [insert.run(other, **row) for row in (_FIRST, _SECOND)] == [1, 1]
    assert rows.all(other) == rows.all(connection)
    assert one.one_or_none(other, called="a") == one.one_or_none(connection, called="a")
    with pytest.raises(MultipleResultsFound):
        rows.one_or_none(other)
    other.close()


def test_columns_need_unique_names(connection: sa.Connection) -> None:
    """Two columns with the same name would hide each other in a row, so the statement is refused."""
    with pytest.raises(ValueError, match="duplicate field name: 'name'"):
        prepared(sa.select(_TABLE.c.name, _TABLE.c.at.label("name"))).all(connection)


def test_errors_are_those_of_sqlalchemy(connection: sa.Connection) -> None:
    """Services rely on SQLAlchemy's error classes; the text contains no values, because it may be logged."""
    insert, secret = prepared(sa.insert(_TABLE)), {**_FIRST, "data": "a secret"}
    with pytest.raises(IntegrityError, match="UNIQUE constraint failed") as refused:
        insert.run(connection, **secret)
    with pytest.raises(IntegrityError) as by_sqlalchemy:
        connection.execute(sa.insert(_TABLE), secret)
    assert "a secret" not in str(refused.value)
    assert str(refused.value.orig) == str(by_sqlalchemy.value.orig)
    connection.exec_driver_sql("DROP TABLE things")
    with pytest.raises(OperationalError, match="no such table"):
        prepared(_ALL).all(connection)


def test_parameters_are_the_same_every_time(connection: sa.Connection) -> None:
    """A missing or extra parameter is refused, even the first time, and never silently ignored."""
    insert = prepared(sa.insert(_TABLE))
    insert.run(connection, **{**_FIRST, "name": "c"})
    for changed in ({**_FIRST, "more": 1}, {"name": "d"}):
        with pytest.raises(ValueError, match="the same parameters every time"):
            insert.run(connection, **changed)
    with pytest.raises(InvalidRequestError, match="value is required"):
        prepared(_ONE).all(connection)


def test_lists_cannot_be_prepared(connection: sa.Connection) -> None:
    """A list of unknown length gives different SQL each time, so the statement is refused."""
    listed = prepared(sa.select(_TABLE).where(_TABLE.c.name.in_(sa.bindparam("names", expanding=True))))
    with pytest.raises(ValueError, match="unknown length"):
        listed.all(connection, names=["a"])


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(server.__path__, "server."):
        if "migrations" not in found.name and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


_STATEMENTS: dict[str, Prepared[Any]] = {
    f"{module.__name__}.{name}": value
    for module in _modules()
    for name, value in vars(module).items()
    if isinstance(value, Prepared)
}


def _sample(type_: sa.types.TypeEngine[Any]) -> Any:
    """Return the value that every column and parameter of this type has in the test below."""
    for kind, value in ((JsonText, _FIRST["data"]), (Timestamp, _FIRST["at"]), (Flag, True)):
        if isinstance(type_, kind):
            return value
    return {int: 7, str: "ü", bytes: b"\x00\xff", object: 7}[type_.python_type]  # a LIMIT has no type


def _filled(*, nulls: bool) -> sa.Connection:
    """Return a connection to the real tables with a row in each, with nulls wherever possible or nowhere."""
    connection = connect(make_engine("sqlite://"))
    for pragma in ("ignore_check_constraints=ON", "foreign_keys=OFF"):
        connection.info[DRIVER].execute(f"PRAGMA {pragma}")
    metadata.create_all(connection)
    for table in metadata.sorted_tables:
        row = {column.name: None if nulls and column.nullable else _sample(column.type) for column in table.c}
        connection.execute(sa.insert(table), row)
    connection.commit()
    return connection


@pytest.fixture(scope="module")
def databases() -> Iterator[list[sa.Connection]]:
    """Fill the tables both ways: an active authorization has no end, an open code has a hash."""
    opened = [_filled(nulls=False), _filled(nulls=True)]
    yield opened
    for connection in opened:
        connection.close()


@pytest.mark.parametrize("statement", _STATEMENTS.values(), ids=_STATEMENTS)
def test_every_statement_runs_as_sqlalchemy_runs_it(databases: list[sa.Connection], statement: Prepared[Any]) -> None:
    """Each statement sends SQLite the same SQL and values as SQLAlchemy would, and returns the same rows.

    If this fails after an upgrade of SQLAlchemy, server/database/prepared.py relies on something that has changed.
    """
    statement = prepared(statement.statement)  # a new one: other tests may have run an INSERT with fewer columns
    compiled = statement.statement.compile(dialect=databases[0].dialect)
    values = {name: _sample(bind.type) for name, bind in compiled.binds.items() if bind.required}
    results = []
    for connection in databases:
        seen, result = _traced(connection, statement, values)
        driver = connection.info.pop(DRIVER)  # without the driver, SQLAlchemy runs the statement
        assert (seen, result) == _traced(connection, statement, values)
        connection.info[DRIVER] = driver
        results.append(result)
    assert any(results) or isinstance(statement.statement, sa.Update), "no row was compared"


def _traced(connection: sa.Connection, statement: Prepared[Any], values: dict[str, Any]) -> tuple[list[str], Any]:
    """Run a statement and undo it; return the SQL that SQLite got, with its values, and the detailed result."""
    driver = connection.connection.driver_connection
    assert driver is not None
    seen: list[str] = []
    with connection.begin() as transaction:
        if isinstance(statement.statement, sa.Insert):
            connection.execute(sa.delete(statement.statement.table))  # the row that has its key
        driver.set_trace_callback(seen.append)
        if statement.statement.exported_columns:
            rows = statement.all(connection, **values)
            result: Any = [[(name, type(value), value) for name, value in row._asdict().items()] for row in rows]
        else:
            result = statement.run(connection, **values)
        driver.set_trace_callback(None)
        transaction.rollback()
    return seen, result
