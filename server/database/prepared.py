"""Statements that are built once and run often: on SQLite they go straight to the driver, compiled on first use.

SQLAlchemy takes several times as long for a statement as SQLite itself: it looks up the compiled form, makes a context
and a cursor, sends events and wraps the rows. This module does that work once per statement. Without it an approval
takes about 1.9 times the CPU.

It relies on public names only, and `tests/server/database/test_prepared.py` compares the results with SQLAlchemy's own:

- `ClauseElement.compile(dialect=, column_keys=)`, and of its result the text, `construct_params()` (the values of the
  constants), `positiontup` (the order of the parameters) and `binds` (their types, and whether one is a list)
- `Select.exported_columns` and `UpdateBase.exported_columns`: the names and types of the columns of a row
- `TypeEngine.dialect_impl()`, `bind_processor()` and `result_processor()`: how values are converted
- `Connection.info`, and that SQLAlchemy names its errors as PEP 249 does
"""

from collections import namedtuple
from collections.abc import Sequence
from typing import Any, Final, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select

DRIVER: Final = "driver"  # key in `Connection.info` for the driver's connection; without it SQLAlchemy runs everything
S = TypeVar("S", bound="Select[Any] | UpdateBase")
_DIALECT: Final = sqlite.dialect()


class Prepared(Generic[S]):
    """A constant statement; its parameters are named by `bindparam`, those of an INSERT by its columns."""

    def __init__(self, statement: S) -> None:
        """Take a statement without a list of unknown length (`expanding`)."""
        self.statement = statement
        self._on_driver: _OnDriver | None = None

    def all(self, connection: sa.Connection, /, **values: Any) -> Sequence[sa.Row[Any]]:
        """Return all rows; on SQLite they are named tuples."""
        return self._rows(connection, values)

    def _rows(self, connection: sa.Connection, values: dict[str, Any]) -> Sequence[sa.Row[Any]]:
        if (driver := connection.info.get(DRIVER)) is None:
            return connection.execute(self.statement, values).all()
        return self._compiled(values).rows(driver, values)

    def one_or_none(self, connection: sa.Connection, /, **values: Any) -> sa.Row[Any] | None:
        """Return the only row, or None; MultipleResultsFound if there are more."""
        rows = self._rows(connection, values)
        if len(rows) > 1:
            raise exc.MultipleResultsFound("Multiple rows were found when one or none was required")
        return rows[0] if rows else None

    def run(self, connection: sa.Connection, /, **values: Any) -> int:
        """Run a statement that returns no rows, and return how many it inserted, changed or deleted."""
        if (driver := connection.info.get(DRIVER)) is None:
            return connection.execute(self.statement, values).rowcount
        return self._compiled(values).execute(driver, values)[1]

    def _compiled(self, values: dict[str, Any]) -> "_OnDriver":
        if self._on_driver is None:
            self._on_driver = _OnDriver(self.statement, list(values))
        return self._on_driver


def prepared(statement: S) -> Prepared[S]:
    """Return a constant statement ready to run; see `Prepared`."""
    return Prepared(statement)


class _OnDriver:
    """The SQL of one statement, and how its values are converted on their way in and out."""

    def __init__(self, statement: Select[Any] | UpdateBase, names: list[str]) -> None:
        compiled = statement.compile(dialect=_DIALECT, column_keys=names)
        assert isinstance(compiled, SQLCompiler)
        if any(bind.expanding for bind in compiled.binds.values()):
            raise ValueError("a list of unknown length cannot be prepared: its SQL differs from call to call")
        self.sql = str(compiled)
        self._names = set(names)
        self._order = list(compiled.positiontup or ())
        parameters = compiled.construct_params(dict.fromkeys(names))
        self._constants = {name: value for name, value in parameters.items() if name not in self._names}
        ways_in = {
            name: bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT) for name, bind in compiled.binds.items()
        }
        self._ways_in = [(name, process) for name, process in ways_in.items() if process is not None]
        columns = list(statement.exported_columns)
        self._row = namedtuple("Row", [str(column.key) for column in columns])._make  # type: ignore[attr-defined]
        ways_out = [column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in columns]
        self._ways_out = [(place, process) for place, process in enumerate(ways_out) if process is not None]

    def execute(self, driver: Any, values: dict[str, Any]) -> tuple[list[Any], int]:
        """Run it on a connection of the driver; return what the driver answers, and how many rows were changed.

        Raises:
            ValueError: other parameters than the first time.
            DBAPIError: as SQLAlchemy does. Its text has no values, because it may be logged.
        """
        if values.keys() != self._names:
            raise ValueError(f"a prepared statement takes the same parameters every time: {sorted(self._names)}")
        values.update(self._constants)
        for name, process in self._ways_in:
            values[name] = process(values[name])
        try:
            cursor = driver.execute(self.sql, [values[name] for name in self._order])
            return cursor.fetchall(), cursor.rowcount
        except driver.Error as error:
            wrapped = getattr(exc, type(error).__name__, exc.DBAPIError)
            raise wrapped(self.sql, None, error, hide_parameters=True) from error

    def rows(self, driver: Any, values: dict[str, Any]) -> list[Any]:
        """Run it, and return the rows."""
        rows, _ = self.execute(driver, values)
        if not self._ways_out:
            return [self._row(row) for row in rows]
        made = []
        for row in rows:
            converted = list(row)
            for place, process in self._ways_out:
                converted[place] = process(converted[place])
            made.append(self._row(converted))
        return made
