"""Prepared statements: on the short way values, errors and counts are what SQLAlchemy would have given."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound, OperationalError

from server.database.columns import Flag, JsonText, Timestamp
from server.database.prepared import PreparedConnection, prepared
from server.database.sqlite import make_engine

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
_INSERT = prepared(sa.insert(_TABLE))
_ALL = prepared(sa.select(_TABLE).order_by(_TABLE.c.name))
_ONE = prepared(sa.select(_TABLE.c.count).where(_TABLE.c.name == sa.bindparam("called")))
_COUNT_UP = prepared(
    sa.update(_TABLE)
    .where(_TABLE.c.name == sa.bindparam("called"))
    .values(count=_TABLE.c.count + 2)
    .returning(_TABLE.c.count)
)
_DELETE = prepared(sa.delete(_TABLE).where(_TABLE.c.count > sa.bindparam("over")))
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
def connection() -> Iterator[PreparedConnection]:
    """A connection with two rows."""
    opened = PreparedConnection(make_engine("sqlite://"))
    _TABLE.create(opened)
    for row in (_FIRST, _SECOND):
        opened.execute(_INSERT, row)
    yield opened
    opened.close()


def test_values_come_back_as_they_went_in(connection: PreparedConnection) -> None:
    """Times, flags, JSON, bytes and nulls pass through, on the short way as on the long one."""
    rows = connection.execute(_ALL).all()
    assert [dict(row._mapping) for row in rows] == [_FIRST, _SECOND]
    assert rows == connection.execute(sa.select(_TABLE).order_by(_TABLE.c.name)).all()
    assert (rows[0].at, rows[1].data) == (_FIRST["at"], None)


def test_no_row_is_none(connection: PreparedConnection) -> None:
    """A look for what is not there finds nothing."""
    assert connection.execute(_ONE, {"called": "nobody"}).one_or_none() is None
    assert connection.execute(_COUNT_UP, {"called": "nobody"}).one_or_none() is None
    assert connection.execute(_ONE, {"called": "a"}).scalar_one() == 3


def test_changes_are_counted_and_returned(connection: PreparedConnection) -> None:
    """A change says how many rows it met, and returns what it was asked to."""
    assert connection.execute(_COUNT_UP, {"called": "a"}).one().count == 5
    assert connection.execute(_DELETE, {"over": 4}).rowcount == 1
    assert connection.execute(_DELETE, {"over": 4}).rowcount == 0


_NONE = _ALL.where(_TABLE.c.name == "nobody")


@pytest.mark.parametrize("rows", [prepared(_NONE), prepared(_ALL.where(_TABLE.c.name == "a")), _ALL])
@pytest.mark.parametrize("method", ["all", "one", "one_or_none", "scalar_one", "scalar_one_or_none"])
def test_rows_are_taken_as_from_sqlalchemy(
    connection: PreparedConnection, rows: sa.Select[tuple[object, ...]], method: str
) -> None:
    """What services ask of a result is the same on both ways, of no row, one and two; refusals included."""

    def taken(statement: sa.Select[tuple[object, ...]]) -> object:
        try:
            return getattr(connection.execute(statement), method)()
        except (NoResultFound, MultipleResultsFound) as error:
            return type(error)

    assert taken(rows) == taken(rows.limit(10))  # a new statement, so it goes the long way
    assert list(connection.execute(rows)) == list(connection.execute(rows.limit(10)))


def test_columns_need_names_of_their_own(connection: PreparedConnection) -> None:
    """Two columns of one name would hide each other in a row; marking such a statement shows at once."""
    twice = prepared(sa.select(_TABLE.c.name, _TABLE.c.at.label("name")))
    with pytest.raises(ValueError, match="names of their own"):
        connection.execute(twice)


def test_errors_are_those_of_sqlalchemy(connection: PreparedConnection) -> None:
    """Services tell errors apart by SQLAlchemy's classes; the values stay out of the text, since it may be logged."""
    with pytest.raises(IntegrityError, match="UNIQUE constraint failed") as refused:
        connection.execute(_INSERT, {**_FIRST, "data": "a secret"})
    assert "a secret" not in str(refused.value)
    connection.exec_driver_sql("DROP TABLE things")
    with pytest.raises(OperationalError, match="no such table"):
        connection.execute(_ALL)


def test_an_insert_keeps_its_columns(connection: PreparedConnection) -> None:
    """A column that the first INSERT did not have is refused rather than left out in silence."""
    for changed in ({**_FIRST, "more": 1}, {"name": "c"}):
        with pytest.raises(ValueError, match="the same columns every time"):
            connection.execute(_INSERT, changed)


def test_lists_cannot_be_prepared(connection: PreparedConnection) -> None:
    """A list of unknown length makes other SQL each time; marking one is a mistake that shows at once."""
    listed = prepared(sa.select(_TABLE).where(_TABLE.c.name.in_(sa.bindparam("names", expanding=True))))
    with pytest.raises(ValueError, match="unknown length"):
        connection.execute(listed, {"names": ["a"]})
