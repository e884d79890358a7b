"""Every table by a closed set of values is whole: a new member of an enum cannot be forgotten in one of them."""

import ast
import importlib
import pkgutil
import typing
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import mobile_app
import server
import shared
from shared.events import INBOX
from shared.wire import PauseReason

OURS: Final = ("server.", "mobile_app.", "shared.")
# Tables of some members only, by module and kind of key: which, or None where any will do, and why.
PARTIAL: Final[dict[tuple[str, str], tuple[set[Any] | None, str]]] = {
    ("server.spark_ads.status", "PauseReason"): (
        set(PauseReason) - {PauseReason.PERMISSION_TURNED_OFF},
        "a permission is named by its own sentence, see TURNED_OFF",
    ),
    ("server.console.refusals", "ProblemType"): (None, "a hint below the detail, which says what to do by itself"),
    ("mobile_app.state.notices", "ProblemType"): (None, "test_notices.py checks this one"),
    ("mobile_app.views.account.inbox", "EventType"): (set(INBOX), "the inbox has only these"),
    ("mobile_app.texts.linked", "EventType"): (set(INBOX), "the inbox has only these"),
}


def _modules() -> Iterator[ModuleType]:
    for package in (server, mobile_app, shared):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not found.name.endswith("__main__") and ".migrations" not in found.name:
                yield importlib.import_module(found.name)


def _value(node: ast.AST, module: ModuleType) -> Any:
    """Return what a dotted name stands for, or None."""
    if isinstance(node, ast.Name):
        return vars(module).get(node.id)
    return getattr(_value(node.value, module), node.attr, None) if isinstance(node, ast.Attribute) else None


def _literal(annotation: ast.AST, module: ModuleType) -> tuple[Any, ...]:
    """Return the values of the keys of `dict[Kind, ...]` where `Kind` is a `Literal`."""
    for node in ast.walk(annotation):
        match node:
            case ast.Subscript(ast.Name("dict"), ast.Tuple([key, *_])):
                kind = _value(key, module)
                return typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else ()
    return ()


def _tables(module: ModuleType) -> Iterator[tuple[str, set[Any], set[Any]]]:
    """Yield, for each table by an enum or by a `Literal`, its place, its keys and all there could be."""
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        place = f"{module.__name__}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Dict(keys=[_, _, *_]):
                keys = {_value(key, module) for key in node.keys if key is not None}
                kinds = {type(key) for key in keys if isinstance(key, Enum)}
                if len(kinds) == 1 and (kind := kinds.pop()).__module__.startswith(OURS):
                    expected, _ = PARTIAL.get((module.__name__, kind.__name__), (set(kind), ""))
                    yield place, keys, keys if expected is None else expected
            case ast.AnnAssign(annotation=annotation, value=ast.Dict(keys=names)):
                if values := _literal(annotation, module):
                    yield place, {key.value for key in names if isinstance(key, ast.Constant)}, set(values)


def test_tables_are_whole() -> None:
    """A table has a value for every member of its enum, or for those that PARTIAL names with a reason."""
    tables = [table for module in _modules() for table in _tables(module)]
    assert [(place, expected ^ keys) for place, keys, expected in tables if keys != expected] == []
    places = {place.partition(":")[0] for place, _, _ in tables}
    assert len(tables) > 15
    assert {module for module, _ in PARTIAL} <= places, "an exception is left over from a table that is gone"
