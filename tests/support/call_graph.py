"""The problems a function can raise and the functions it calls, read from the source of the server."""

import ast
import inspect
import textwrap
import typing
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any, TypeGuard

from fastapi.params import Depends
from fastapi.routing import APIRoute

from server.app import API_ROUTERS
from server.problems import Problem

Found = frozenset[Any]  # functions of the server, and classes of problems
_NOTHING: Found = frozenset()


def api_routes() -> list[tuple[str, APIRoute]]:
    """Return the routes of the API, each with its method and its path below `/api/v1`."""
    routes = [route for router in API_ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return [(f"{method} {route.path}", route) for route in routes for method in sorted(route.methods or ())]


class CallGraph:
    """Follow names from function to function.

    A name that leads to a function counts as a call, because routes pass services to `database.write`. A name that
    leads to a class counts as a use of all its methods. A name that leads to a problem class counts as raised, unless
    an `except` around it catches it. So the graph may find too much, but it misses only what goes through a variable
    without a type.
    """

    def __init__(self) -> None:
        self._known: dict[FunctionType, Found] = {}

    def of(self, function: Any) -> Found:
        """Return everything in the server that a function, or another callable object, leads to."""
        if not isinstance(function, FunctionType):
            function = getattr(type(function), "__call__", None)  # noqa: B004 # an instance that FastAPI calls
        function = inspect.unwrap(function) if isinstance(function, FunctionType) else None
        if function is None or not _is_ours(function):
            return _NOTHING
        if function not in self._known:
            self._known[function] = _NOTHING  # a cycle adds nothing
            self._known[function] = frozenset({function}) | self._read(function)
        return self._known[function]

    def problems(self, function: Any) -> set[type[Problem]]:
        """Return the problems that a function can raise."""
        return {found for found in self.of(function) if is_problem(found)}

    def _read(self, function: FunctionType) -> Found:
        hints = typing.get_type_hints(function, include_extras=True)
        marks = [mark for hint in hints.values() for mark in getattr(hint, "__metadata__", ())]
        dependencies = [self.of(mark.dependency) for mark in marks if isinstance(mark, Depends)]
        closed = inspect.getclosurevars(function).nonlocals
        parameters = {name: _Typed(_plain(hint)) for name, hint in hints.items()}
        owner = function.__globals__.get(function.__qualname__.partition(".")[0])
        scope = {**function.__globals__, **closed, "self": _Typed(owner), **parameters}
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        return _NOTHING.union(*dependencies, self._all(getattr(definition, "body", [definition]), scope))

    def _all(self, nodes: Iterable[ast.AST], scope: Mapping[str, Any]) -> Found:
        return _NOTHING.union(*(self._node(node, scope) for node in nodes))

    def _node(self, node: ast.AST, scope: Mapping[str, Any]) -> Found:
        match node:
            case ast.Try(body, handlers, orelse, finalbody):
                inside = self._all(body, scope)
                for handler in handlers:
                    inside = inside if _passes_on(handler) else _without(inside, [handler.type], scope)
                return inside | self._all([*(line for h in handlers for line in h.body), *orelse, *finalbody], scope)
            case ast.With([ast.withitem(ast.Call(ast.Name("suppress"), types))], body):
                return _without(self._all(body, scope), types, scope)
            case ast.Call(ast.Name("isinstance")):
                return _NOTHING
            case ast.AnnAssign(value=value):
                return self._all([value] if value else [], scope)
            case ast.Name() | ast.Attribute():
                below = self._all(ast.iter_child_nodes(node), scope) if isinstance(node, ast.Attribute) else _NOTHING
                return below | self._meant(_resolve(node, scope))
        return self._all(ast.iter_child_nodes(node), scope)

    def _meant(self, value: Any) -> Found:
        if is_problem(value):
            return frozenset({value})
        if isinstance(value, dict):
            value = tuple(value.values())
        if isinstance(value, tuple):
            return frozenset(item for item in value if is_problem(item))
        if isinstance(value, type) and value.__module__.startswith("server."):
            return _NOTHING.union(*(self.of(method) for method in vars(value).values() if callable(method)))
        return self.of(value) if isinstance(value, FunctionType) else _NOTHING


class _Typed:
    """A parameter whose type is known and whose value is not."""

    def __init__(self, type: Any) -> None:
        self.type = type


def _is_ours(function: FunctionType) -> bool:
    """Return whether a function is written in the server; some methods of a dataclass are not in any file."""
    return function.__module__.startswith("server.") and not function.__code__.co_filename.startswith("<")


def is_problem(value: Any) -> TypeGuard[type[Problem]]:
    """Return whether a value is a problem class."""
    return isinstance(value, type) and issubclass(value, Problem) and value is not Problem


def _plain(hint: Any) -> Any:
    return typing.get_args(hint)[0] if typing.get_origin(hint) is typing.Annotated else hint


def _resolve(node: ast.AST, scope: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = _resolve(node.value, scope)
    if isinstance(owner, _Typed):
        if not isinstance(owner.type, type) or not owner.type.__module__.startswith("server."):
            return None
        found = getattr(owner.type, node.attr, None)
        if isinstance(found, FunctionType):
            return found
        hints = {**_kept(owner.type), **typing.get_type_hints(owner.type)}
        return _Typed(_plain(hints.get(node.attr)))
    return getattr(owner, node.attr, None)


def _kept(owner: type) -> dict[str, Any]:
    """Return the types of the attributes that `__init__` sets, as in `self._attempts = attempts`."""
    made = vars(owner).get("__init__")
    if not isinstance(made, FunctionType) or not _is_ours(made):
        return {}
    hints, kept = typing.get_type_hints(made), {}
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(made)))):
        match node:
            case ast.AnnAssign(ast.Attribute(attr=name), annotation):
                kept[name] = _resolve(annotation, made.__globals__)
            case ast.Assign([ast.Attribute(attr=name)], ast.Name(parameter)):
                kept[name] = hints.get(parameter)
            case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
                pairs = zip(targets, values, strict=True)
                kept |= {
                    target.attr: hints.get(value.id)
                    for target, value in pairs
                    if isinstance(target, ast.Attribute) and isinstance(value, ast.Name)
                }
    return kept


def _passes_on(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


def _without(found: Found, types: Iterable[ast.expr | None], scope: Mapping[str, Any]) -> Found:
    """Return the findings that remain when these types of exceptions are caught."""
    nodes = [part for node in types for part in (node.elts if isinstance(node, ast.Tuple) else [node]) if part]
    caught = tuple(value for node in nodes if isinstance(value := _resolve(node, scope), type))
    return frozenset(item for item in found if not (is_problem(item) and issubclass(item, caught)))
