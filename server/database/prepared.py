"""Statements that are built once and run often: SQLite runs them on the driver, compiled on first use.

Around each statement SQLAlchemy takes about five times what SQLite itself takes (measured; docs/performance.md):
it looks the compiled form up, makes a context, sends events, makes a cursor and a result. A statement that is a
constant of its module needs none of that twice. Anything else runs as ever, and so does everything on PostgreSQL.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.selectable import Select

S = TypeVar("S", bound="Select[Any] | UpdateBase")
Process = Callable[[Any], Any]

# By identity: comparing statements makes SQL. Each is kept, so that no other gets its id.
_PREPARED: Final[dict[int, Select[Any] | UpdateBase]] = {}
_NO_VALUES: Final[dict[str, Any]] = {}


def prepared(statement: S) -> S:
    """Mark a constant statement; its parameters are named by `bindparam`, an INSERT's by its columns.

    Lists of unknown length (`expanding`) cannot be marked: their SQL differs from call to call.
    """
    _PREPARED[id(statement)] = statement
    return statement


class Rows:
    """What a prepared statement answered: of SQLAlchemy's `CursorResult` what services ask of it."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        """Take what the driver answered, and how many rows were changed."""
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        """Return the rows one by one."""
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Return all rows."""
        return self._rows

    def one_or_none(self) -> Any:
        """Return the only row, or None; MultipleResultsFound if there are more."""
        if len(self._rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """Return the only row; NoResultFound or MultipleResultsFound if it is not the only one."""
        if not self._rows:
            raise NoResultFound("No row was found when one was required")
        return self.one_or_none()

    def scalar_one_or_none(self) -> Any:
        """Return the first value of the only row, or None."""
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:
        """Return the first value of the only row."""
        return self.one()[0]


def _row_class(names: Sequence[str]) -> type[Any]:
    """Return a tuple with a name for each value, as SQLAlchemy's rows have them."""
    if len(set(names)) < len(names):
        raise ValueError(f"the columns of a prepared statement need names of their own: {sorted(names)}")
    named = {name: property(itemgetter(position)) for position, name in enumerate(names)}
    mapping = property(lambda row: dict(zip(names, row, strict=True)))
    return type("Row", (tuple,), {"__slots__": (), "_mapping": mapping, **named})


class _Plan:
    """One statement as the driver takes it, and what must be done to values on their way in and out."""

    __slots__ = ("_columns", "_constants", "_in", "_names", "_out", "_pick", "_row", "sql")

    def __init__(self, statement: Select[Any] | UpdateBase, dialect: Dialect, names: Sequence[str]) -> None:
        compiled = statement.compile(
            dialect=dialect, column_keys=list(names) if isinstance(statement, Insert) else None
        )
        binds = [compiled.binds[name] for name in compiled.positiontup or ()]
        if any(parameter.expanding for parameter in binds):
            raise ValueError("a list of unknown length cannot be prepared: its SQL differs from call to call")
        self.sql = str(compiled)
        self._names = set(names) if isinstance(statement, Insert) else None
        self._constants = {bind.key: bind.value for bind in binds if not bind.required and bind.value is not None}
        keys = [bind.key for bind in binds]
        self._pick: Callable[[Mapping[str, Any]], Any] = itemgetter(*keys) if len(keys) > 1 else _only(keys)
        ways_in = [bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in binds]
        self._in = [(place, process) for place, process in enumerate(ways_in) if process is not None]
        columns = list(statement.exported_columns)
        ways_out = [_result_processor(column, dialect) for column in columns]
        self._row = _row_class([str(column.key) for column in columns]) if columns else None
        self._out = [(place, process) for place, process in enumerate(ways_out) if process is not None]

    def run(self, driver: Any, values: Mapping[str, Any]) -> Rows:
        """Run it on a connection of the driver.

        Raises:
            ValueError: an INSERT with other columns than the first time.
        """
        if self._names is not None and values.keys() != self._names:
            raise ValueError(f"a prepared INSERT takes the same columns every time: {sorted(self._names)}")
        sent = self._pick({**self._constants, **values} if self._constants else values)
        if self._in:
            sent = list(sent)
            for place, process in self._in:
                sent[place] = process(sent[place])
        cursor = driver.execute(self.sql, sent)
        if self._row is None:
            return Rows([], cursor.rowcount)
        rows = cursor.fetchall()
        return Rows([self._made(row) for row in rows], len(rows))

    def _made(self, row: Sequence[Any]) -> Any:
        assert self._row is not None
        if not self._out:
            return self._row(row)
        values = list(row)
        for place, process in self._out:
            values[place] = process(values[place])
        return self._row(values)


def _only(keys: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    return lambda values: [values[key] for key in keys]


class PreparedConnection(sa.Connection):
    """A connection of SQLAlchemy to SQLite that takes the short way for prepared statements."""

    _plans: Final[dict[int, _Plan]] = {}  # for all connections: there is one dialect of SQLite

    def __init__(self, engine: sa.Engine) -> None:
        """Connect."""
        super().__init__(engine)
        self.driver: Any = self.connection.driver_connection
        self._driver_error: type[Exception] = self.dialect.loaded_dbapi.Error

    def execute(self, statement: Any, parameters: Any = None, *, execution_options: Any = None) -> Any:
        """See `sqlalchemy.Connection.execute`; a prepared statement is answered by `Rows`."""
        plan = self._plans.get(id(statement)) or self._plan(statement, parameters)
        if plan is None:
            return super().execute(statement, parameters, execution_options=execution_options)
        try:
            return plan.run(self.driver, parameters or _NO_VALUES)
        except self._driver_error as error:
            base = self._driver_error
            raise DBAPIError.instance(
                plan.sql, None, error, base, hide_parameters=True, dialect=self.dialect
            ) from error

    def _plan(self, statement: Any, parameters: Any) -> _Plan | None:
        if id(statement) not in _PREPARED:
            return None
        plan = self._plans[id(statement)] = _Plan(statement, self.dialect, list(parameters or ()))
        return plan


def _result_processor(column: Any, dialect: Dialect) -> Process | None:
    process: Process | None = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return process
