"""The index of routes finds what asking one route after the other finds; the short way answers what FastAPI answers."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute
from pydantic import Field
from starlette.exceptions import HTTPException

from server.json_routes import short_way
from server.routing import RouteIndex, include
from shared import wire

_PATHS = (
    "/",
    "/things",
    "/things/{thing}",
    "/things/all",
    "/things/{thing}/parts",
    "/{kind}/{name}/parts",
    "/things/{thing}/parts/{part}",
    "/files/{name:path}",
    "/files/list",
    "/@{handle}",
    "/pictures/{name}.svg",
)


def _says(path: str, method: str) -> Any:
    async def endpoint(request: Request) -> Response:
        return PlainTextResponse(f"{method} {path} {request.path_params} {request['route'].endpoint is endpoint}")

    return endpoint


def _two_apps(router: APIRouter) -> tuple[FastAPI, FastAPI]:
    """Return FastAPI's own application and ours, of the same routes."""
    theirs, ours = FastAPI(), FastAPI()
    theirs.include_router(router, prefix="/api")
    include(ours, router, "/api")
    ours.router.middleware_stack = RouteIndex(ours.router)
    return theirs, ours


async def _answer(app: FastAPI, method: str, path: str, **sent: Any) -> tuple[int, bytes, dict[str, str]]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.request(method, path, **sent)
        return answer.status_code, answer.content, dict(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        *["/", "/things", "/things/", "/things/7", "/things/all", "/things//parts", "/things/7/parts", "/cars/7/parts"],
        *["/things/7/parts/", "/things/7/parts/8", "/things/7/parts/8/9", "/files/list", "/files/a/b", "/@mia", "/@"],
        *["/pictures/a.svg", "/pictures/a.png", "/nothing", "/things/%2F/parts", "/things/{thing}", "/things/ü"],
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_the_index_finds_the_same_route(method: str, path: str) -> None:
    """Of any path and method the first route that fits answers, with the same parameters, and else the same refusal."""
    router = APIRouter()
    for place, known in enumerate(_PATHS):
        router.add_api_route(known, _says(known, "GET"), methods=["GET"])
        if place % 2:
            router.add_api_route(known, _says(known, "POST"), methods=["POST"])
    theirs, ours = _two_apps(router)
    assert await _answer(ours, method, f"/api{path}") == await _answer(theirs, method, f"/api{path}")


class _Order(wire.Body):
    count: int = Field(ge=1)
    note: str | None = None


class _Done(wire.Reply):
    where: str
    count: int
    note: str | None


async def _caller(request: Request) -> str:
    if "Authorization" not in request.headers:
        raise HTTPException(401, "who are you?")
    return request.headers["Authorization"]


Caller = Annotated[str, Depends(_caller)]


async def _put(place: str, order: _Order, request: Request, caller: Caller) -> _Done:
    return _Done(where=f"{place} {caller} {request.method}", count=order.count, note=order.note)


async def _get(
    place: str, caller: Caller, note: str | None = None, limit: Annotated[int, Query(alias="size", ge=1)] = 5
) -> _Done:
    return _Done(where=f"{place} {caller}", count=limit, note=note)


async def _optional(place: str, order: _Order | None = None) -> _Done:
    return _Done(where=place, count=order.count if order else 0, note=None)


async def _typed(place: int) -> _Done:
    return _Done(where="number", count=place, note=None)


async def _by_header(place: str, asked: Annotated[str, Header()] = "nothing") -> _Done:
    return _Done(where=place, count=0, note=asked)


async def _sparse(place: str) -> _Done:
    return _Done(where=place, count=0, note=None)


async def _nothing(place: str) -> None:
    assert place


async def _refused(place: str) -> _Done:
    raise HTTPException(409, f"not {place}")


class _Renamed(wire.Reply):
    where: str = Field(alias="place")


async def _aliased(place: str) -> _Renamed:
    return _Renamed(place=place)


def _router() -> APIRouter:
    router = APIRouter()
    router.add_api_route("/put/{place}", _put, methods=["POST"], status_code=201)
    router.add_api_route("/get/{place}", _get)
    router.add_api_route("/optional/{place}", _optional, methods=["POST"])
    router.add_api_route("/typed/{place}", _typed)
    router.add_api_route("/header/{place}", _by_header)
    router.add_api_route("/nothing/{place}", _nothing, status_code=204)
    router.add_api_route("/refused/{place}", _refused)
    router.add_api_route("/aliased/{place}", _aliased)
    router.add_api_route("/sparse/{place}", _sparse, response_model_exclude_none=True)
    return router


_SIGNED: dict[str, Any] = {"headers": {"Authorization": "me"}}
_JSON = {"Authorization": "me", "Content-Type": "application/json"}
_CHARSET = {"Authorization": "me", "Content-Type": "application/json; charset=utf-8"}


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "/put/here", _SIGNED | {"json": {"count": 2, "note": " a "}}),
        ("POST", "/put/here", _SIGNED | {"json": {"count": 0}}),
        ("POST", "/put/here", _SIGNED | {"json": {"count": 1, "more": 1}}),
        ("POST", "/put/here", _SIGNED | {"json": [1]}),
        ("POST", "/put/here", _SIGNED),
        ("POST", "/put/here", {"json": {"count": 0}}),  # nobody, and malformed: who comes first
        ("POST", "/put/here", {"headers": _JSON, "content": b'{"count": '}),
        ("POST", "/put/here", {"headers": _JSON, "content": b"\xff"}),
        ("POST", "/put/here", {"headers": _JSON, "content": b"[" * 100_000}),
        ("POST", "/put/here", {"headers": _JSON, "content": b""}),
        ("POST", "/put/here", {"headers": _JSON | {"Content-Type": "text/plain"}, "content": b'{"count": 1}'}),
        (
            "POST",
            "/put/here",
            {"headers": _CHARSET, "content": b"{}"},
        ),
        ("POST", "/put/here", _SIGNED | {"data": {"count": "1"}}),
        ("GET", "/get/here", _SIGNED),
        ("GET", "/get/here?size=7&note=x", _SIGNED),
        ("GET", "/get/here?size=0", _SIGNED),
        ("GET", "/get/here", {}),
        ("POST", "/optional/here", {"json": {"count": 3}}),
        ("POST", "/optional/here", {}),
        ("GET", "/typed/12", {}),
        ("GET", "/typed/twelve", {}),
        ("GET", "/header/here", {"headers": {"Asked": "this"}}),
        ("GET", "/nothing/here", {}),
        ("GET", "/refused/here", {}),
        ("GET", "/aliased/here", {}),
        ("GET", "/sparse/here", {}),
    ],
)
async def test_the_short_way_answers_the_same(method: str, path: str, sent: dict[str, Any]) -> None:
    """Status, body and headers are those of FastAPI, whatever is sent to whatever route."""
    theirs, ours = _two_apps(_router())
    assert await _answer(ours, method, f"/api{path}", **sent) == await _answer(theirs, method, f"/api{path}", **sent)


def test_plain_routes_take_the_short_way() -> None:
    """The short way is for JSON, words of the path, and dependencies of the request; the rest stays with FastAPI."""
    routes = [route for route in _router().routes if isinstance(route, APIRoute)]
    short = {route.endpoint for route in routes if short_way(route) is not route.app}
    assert short == {_put, _get, _refused, _aliased}
