"""A short way through plain routes, which read and answer JSON and depend on nothing but the request.

For each request, FastAPI works out again which dependencies are generators, which have security scopes and which
parameters are lists, and it opens two exit stacks. For a plain route the answers never change, so they are worked out
once. The short way serves only well-formed requests. It passes everything else to FastAPI unchanged: invalid bodies,
query strings, other content types, and every route that is not plain. Validation, refusals and the description of the
API therefore remain FastAPI's own. docs/decisions/0014 has the measurements.
"""

import inspect
import json
import typing
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import wire

Dependency = Callable[[Request], Awaitable[Any]]
_JSON: Final = "application/json"
_LEAVES_OUT: Final = ("include", "exclude", "exclude_unset", "exclude_defaults", "exclude_none")


def short_way(route: APIRoute) -> ASGIApp:
    """Return the application that serves a route: the short way if the route is plain, otherwise FastAPI's own."""
    if not inspect.iscoroutinefunction(route.endpoint) or route.dependencies:
        return route.app
    if route.response_model is None or isinstance(route.response_class, type):  # no body, or not JSON
        return route.app
    if any(getattr(route, f"response_model_{option}") for option in _LEAVES_OUT):
        return route.app
    plan = _Plan(route)
    return plan if plan.is_plain else route.app


class _Plan:
    """Where the arguments of one route's endpoint come from, and how its answer is written."""

    def __init__(self, route: APIRoute) -> None:
        self._fastapi = route.app
        self._endpoint = route.endpoint
        self._status = route.status_code or 200
        self._answer: TypeAdapter[Any] = TypeAdapter(route.response_model)
        self._dependencies: list[tuple[str, Dependency]] = []
        self._path: list[str] = []
        self._body: tuple[str, type[wire.Body]] | None = None
        self._request: str | None = None
        self._of_query: dict[str, Any] = {}
        hints = typing.get_type_hints(route.endpoint, include_extras=True)
        parameters = inspect.signature(route.endpoint).parameters.values()
        taken = all(self._take(route, parameter, hints[parameter.name]) for parameter in parameters)
        self.is_plain = taken and (self._body is None) == (route.body_field is None)

    def _take(self, route: APIRoute, parameter: inspect.Parameter, hint: Any) -> bool:
        """Note where a parameter comes from; return whether that is plain enough."""
        name = parameter.name
        if hint is Request:
            self._request = name
        elif name in route.param_convertors:
            self._path.append(name)
            return hint is str
        elif (dependency := _plain_dependency(hint)) is not None:
            self._dependencies.append((name, dependency))
        elif isinstance(hint, type) and issubclass(hint, wire.Body) and self._body is None:
            self._body = (name, hint)
        elif any(name == field.name for field in route.dependant.query_params):
            self._of_query[name] = parameter.default
            return parameter.default is not inspect.Parameter.empty
        else:
            return False
        return True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        request = Request(scope, receive)
        values = dict(self._of_query)
        if (values and scope["query_string"]) or (self._body and request.headers.get("content-type") != _JSON):
            await self._fastapi(scope, receive, send)
            return
        if self._body is not None:
            name, form = self._body
            sent = await request.body()
            try:
                values[name] = form.model_validate(json.loads(sent))
            except (ValueError, RecursionError):  # malformed: FastAPI reports how
                await self._fastapi(scope, _replaying(sent, receive), send)
                return
        for name, dependency in self._dependencies:
            values[name] = await dependency(request)
        for name in self._path:
            values[name] = scope["path_params"][name]
        if self._request is not None:
            values[self._request] = request
        await self._send(await self._endpoint(**values), send)

    async def _send(self, value: Any, send: Send) -> None:
        body = self._answer.dump_json(self._answer.validate_python(value), by_alias=True)
        headers = [(b"content-length", b"%d" % len(body)), (b"content-type", _JSON.encode())]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _plain_dependency(hint: Any) -> Dependency | None:
    """Return the dependency of an annotation if it is a coroutine function that takes only the request."""
    marks = [mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Depends)]
    if len(marks) != 1 or type(marks[0]) is not Depends or marks[0].dependency is None:
        return None
    dependency = marks[0].dependency
    function = dependency if inspect.isfunction(dependency) else type(dependency).__call__
    asked = list(inspect.signature(dependency).parameters.values())
    plain = inspect.iscoroutinefunction(function) and [parameter.annotation for parameter in asked] == [Request]
    return dependency if plain else None


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that first repeats a body that was already read."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return left.pop() if left else await receive()

    return receive_again
