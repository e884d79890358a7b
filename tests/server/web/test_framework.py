"""FastAPI and Starlette keep their promises in our application, and the layers around its routes have one order."""

import logging
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Route
from starlette.types import Message

from server.app import BODY_LIMIT_BYTES, Application, create_app
from server.business_api.dispatch import BusinessApi
from server.business_centers.service import WrongKindOfSession
from server.settings import Settings
from server.tiktok_accounts.media import UPLOAD_LIMIT_BYTES
from tests.server.world import ABSENT, LINK_CODE_KEY, World, problem_of

# From the outside in: ours, then five that come with the frameworks, and among those the one we add, Starlette's limit.
LAYERS = [
    "Outermost",
    "ServerErrorMiddleware",
    "ExceptionTelemetryMiddleware",
    "AppBodyLimitMiddleware",
    "RequestBodyLimitMiddleware",
    "ExceptionMiddleware",
    "AsyncExitStackMiddleware",
]


@pytest.fixture
def app() -> Application:
    """Return an application that does not run."""
    return create_app(Settings(link_code_key=LINK_CODE_KEY))


def test_the_order_of_the_layers(app: Application) -> None:
    """Our one layer surrounds everything, Starlette's body limit is added, and one router finds the route."""
    layer = app.build_middleware_stack()
    names = [type(app.outermost).__name__]
    while layer is not app.router:
        names.append(type(layer).__name__)
        layer = getattr(layer, "app")  # noqa: B009 - each layer has it, but its type does not say so
    assert names == LAYERS
    assert app.router.middleware_stack == app.router.app, "nothing is put before the router"


def test_every_route_is_the_frameworks_own(app: Application) -> None:
    """Every page and operation is a plain FastAPI route; only the Business API handles a whole prefix itself."""
    kinds = Counter(type(route.original_route) for route in iter_route_contexts(app.routes))
    assert kinds.pop(APIRoute) > 140
    assert kinds == {BusinessApi: 1, Route: 1}, "the second is FastAPI's own, for openapi.json"


async def test_a_dependency_that_refuses_refuses_on_every_route(world: World) -> None:
    """FastAPI resolves each route's dependencies: one that refuses decides the answer."""

    async def refuse() -> None:
        raise WrongKindOfSession(is_a="nobody", needs="nobody")

    asked = 0
    for route in iter_route_contexts(world.app.routes):
        if isinstance(route.original_route, APIRoute) and route.path and route.dependant.dependencies:
            world.app.dependency_overrides = {one.call: refuse for one in route.dependant.dependencies}
            path = route.path.replace("{name:path}", "name").replace("{", ABSENT).replace("}", "")
            answer = await world.client.request(next(iter(route.methods or ())), path)
            assert answer.status_code == 403, route.path
            asked += 1
    assert asked > 120


class Body:
    """The body that a client sends, in pieces; `read` counts the bytes that the server has taken."""

    def __init__(self, pieces: int) -> None:
        self._pieces, self.read = pieces, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self._pieces):
            self.read += 1024
            yield bytes(1024)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/api/v1/link-requests/open", BODY_LIMIT_BYTES),
        ("/api/v1/sessions", BODY_LIMIT_BYTES),
        ("/api/v1/no/such/path", BODY_LIMIT_BYTES),
        ("/login", BODY_LIMIT_BYTES),
        (f"/bc/{ABSENT}/ads/new/code", BODY_LIMIT_BYTES),
        ("/api/v1/me/posts", UPLOAD_LIMIT_BYTES),
        (f"/bc/{ABSENT}/ads/new/push", UPLOAD_LIMIT_BYTES),
    ],
)
async def test_a_declared_body_over_the_limit_is_not_read(world: World, path: str, limit: int) -> None:
    """The refusal comes before the body, as a problem under /api and as a page elsewhere, with the route's limit."""
    body = Body(4)
    headers = {"Content-Type": "application/json", "Content-Length": str(limit + 1)}
    answer = await world.client.post(path, content=aiter(body), headers=headers)
    assert (answer.status_code, body.read) == (413, 0)
    assert f"{limit} bytes" in answer.text
    if path.startswith("/api/"):
        assert problem_of(answer) == (413, "too-large")
    else:
        assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    body = Body(4)
    answer = await world.client.post(path, content=aiter(body), headers={**headers, "Content-Length": str(limit)})
    assert answer.status_code != 413


async def test_a_body_without_a_length_is_read_up_to_the_limit(world: World) -> None:
    """Reading stops as soon as the body exceeds the limit; pages and API both say so."""
    for path in ("/api/v1/link-requests/open", "/login"):
        body = Body(1000)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await world.client.post(path, content=aiter(body), headers=form)
        assert answer.status_code == 413
        assert f"{BODY_LIMIT_BYTES} bytes" in answer.text
        assert body.read == BODY_LIMIT_BYTES + 1024


async def test_a_client_that_leaves_in_the_middle_is_no_defect(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A connection lost while a form or a file arrives is neither raised nor logged."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None: ...

    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    bearer = (b"authorization", f"Bearer {world.mia.token}".encode())
    scope = {"type": "http", "method": "POST", "query_string": b"", "root_path": "", "headers": [*headers, bearer]}
    with caplog.at_level(logging.WARNING):
        for path in ("/login", "/api/v1/me/posts", "/api/v1/link-requests/open"):
            await world.app({**scope, "path": path}, receive, send)
    assert not caplog.records


async def test_the_answer_to_a_defect_passes_the_outermost_layer(world: World) -> None:
    """Starlette's own answer to a defect has our headers and the person's language."""

    async def broken() -> None:
        raise RuntimeError("a defect")

    world.app.add_api_route("/api/v1/broken", broken)
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=world.client.base_url) as client:
        answer = await client.get("/api/v1/broken", headers={"Accept-Language": "es"})
    assert problem_of(answer) == (500, "internal-error")
    assert answer.headers["content-language"] == "es"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
