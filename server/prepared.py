"""Statements that are built once and run often: SQLite runs them on the driver, compiled on first use.

Around each statement SQLAlchemy takes about five times what SQLite itself takes (measured; docs/performance.md):
it looks the compiled form up, makes a context, sends events, makes a cursor and a result. A statement that is a
constant of its module needs none of that twice. Anything else runs as ever, and so does everything on PostgreSQL.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.selectable import Select

S = TypeVar("S", bound="Select[Any] | UpdateBase")
Process = Callable[[Any], Any] | None

# By identity: comparing statements makes SQL. Each is kept, so that no other gets its id.
_PREPARED: Final[dict[int, Select[Any] | UpdateBase]] = {}
_NO_VALUES: Final[dict[str, Any]] = {}


def prepared(statement: S) -> S:
    """Mark a constant statement; its parameters are named by `bindparam`, an INSERT's by its columns.

    Lists of unknown length (`expanding`) cannot be marked: their SQL differs from call to call.
    """
    _PREPARED[id(statement)] = statement
    return statement


class Rows(IteratorResult[Any]):
    """The rows of a prepared statement, and how many it changed."""

    def __init__(self, metadata: SimpleResultMetaData, rows: Iterable[Any], rowcount: int) -> None:
        """Take what the driver answered."""
        super().__init__(metadata, iter(rows))
        self.rowcount = rowcount


class _Plan:
    """One statement as the driver takes it, and what must be done to values on their way in and out."""

    __slots__ = ("_in", "_metadata", "_names", "_out", "sql")

    def __init__(self, statement: Select[Any] | UpdateBase, dialect: Dialect, names: Sequence[str]) -> None:
        compiled = statement.compile(
            dialect=dialect, column_keys=list(names) if isinstance(statement, Insert) else None
        )
        if any(parameter.expanding for parameter in compiled.binds.values()):
            raise ValueError("a list of unknown length cannot be prepared: its SQL differs from call to call")
        self.sql = str(compiled)
        self._names = set(names) if isinstance(statement, Insert) else None
        self._in = [self._parameter(compiled.binds[name], dialect) for name in compiled.positiontup or ()]
        columns = list(statement.exported_columns)
        self._metadata = SimpleResultMetaData([str(column.key) for column in columns]) if columns else None
        out = [(index, _result_processor(column, dialect)) for index, column in enumerate(columns)]
        self._out = [(index, process) for index, process in out if process is not None]

    @staticmethod
    def _parameter(parameter: sa.BindParameter[Any], dialect: Dialect) -> tuple[str | None, Process, Any]:
        process = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        if parameter.required or parameter.value is None:
            return parameter.key, process, None
        return None, None, process(parameter.value) if process else parameter.value

    def run(self, driver: Any, values: Mapping[str, Any]) -> Rows:
        """Run it on a connection of the driver.

        Raises:
            ValueError: an INSERT with other columns than the first time.
        """
        if self._names is not None and values.keys() != self._names:
            raise ValueError(f"a prepared INSERT takes the same columns every time: {sorted(self._names)}")
        cursor = driver.execute(
            self.sql,
            [
                constant if key is None else values[key] if process is None else process(values[key])
                for key, process, constant in self._in
            ],
        )
        if self._metadata is None:
            return Rows(_NO_COLUMNS, (), cursor.rowcount)
        rows = cursor.fetchall()
        if self._out:
            rows = [self._processed(row) for row in rows]
        return Rows(self._metadata, rows, len(rows))

    def _processed(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for index, process in self._out:
            values[index] = process(values[index])
        return tuple(values)


_NO_COLUMNS: Final = SimpleResultMetaData([])


class PreparedConnection(sa.Connection):
    """A connection of SQLAlchemy to SQLite that takes the short way for prepared statements."""

    _plans: Final[dict[int, _Plan]] = {}  # for all connections: there is one dialect of SQLite

    def __init__(self, engine: sa.Engine) -> None:
        """Connect."""
        super().__init__(engine)
        self.driver: Any = self.connection.driver_connection
        self._driver_error: type[Exception] = self.dialect.loaded_dbapi.Error

    def execute(self, statement: Any, parameters: Any = None, *, execution_options: Any = None) -> Any:
        """See `sqlalchemy.Connection.execute`."""
        plan = self._plans.get(id(statement)) or self._plan(statement, parameters)
        if plan is None:
            return super().execute(statement, parameters, execution_options=execution_options)
        try:
            return plan.run(self.driver, parameters or _NO_VALUES)
        except self.dialect.loaded_dbapi.Error as error:
            base = self.dialect.loaded_dbapi.Error
            raise DBAPIError.instance(
                plan.sql, None, error, base, hide_parameters=True, dialect=self.dialect
            ) from error

    def _plan(self, statement: Any, parameters: Any) -> _Plan | None:
        if id(statement) not in _PREPARED:
            return None
        plan = self._plans[id(statement)] = _Plan(statement, self.dialect, list(parameters or ()))
        return plan


def _result_processor(column: Any, dialect: Dialect) -> Process:
    process: Process = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return process
