"""What FastAPI and Starlette promise holds for our application, and the layers around its routes have one order."""

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

# From the outermost on: ours, five that come with the frameworks, and among them the one we add, Starlette's limit.
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
    """An application that need not run."""
    return create_app(Settings(link_code_key=LINK_CODE_KEY))


def test_the_order_of_the_layers(app: Application) -> None:
    """One layer of ours is around everything, Starlette's body limit is added, and one router finds the route."""
    layer = app.build_middleware_stack()
    names = [type(app.outermost).__name__]
    while layer is not app.router:
        names.append(type(layer).__name__)
        layer = getattr(layer, "app")  # noqa: B009 - each layer has one, and no type says so
    assert names == LAYERS
    assert app.router.middleware_stack == app.router.app, "nothing is put before the router"


def test_every_route_is_the_frameworks_own(app: Application) -> None:
    """Every page and every operation is a plain route of FastAPI; only the Business API takes a whole prefix itself."""
    kinds = Counter(type(route.original_route) for route in iter_route_contexts(app.routes))
    assert kinds.pop(APIRoute) > 140
    assert kinds == {BusinessApi: 1, Route: 1}, "the second is FastAPI's own, for openapi.json"


async def test_a_dependency_that_refuses_refuses_on_every_route(world: World) -> None:
    """FastAPI resolves what a route depends on: a refusal put in its place is the answer."""

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
    """What a client would send, in pieces; `read` counts the bytes that the server took."""

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
    """The refusal comes before the body: a problem under /api, a page elsewhere, with the limit of the route."""
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
    """Reading stops as soon as too much has come; the page says it like the API does."""
    for path in ("/api/v1/link-requests/open", "/login"):
        body = Body(1000)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await world.client.post(path, content=aiter(body), headers=form)
        assert answer.status_code == 413
        assert f"{BODY_LIMIT_BYTES} bytes" in answer.text
        assert body.read == BODY_LIMIT_BYTES + 1024


async def test_a_client_that_leaves_in_the_middle_is_no_defect(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A lost connection while a form or a file arrives is neither raised nor logged."""

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
    """What Starlette itself answers to a defect has the headers and is in the person's language."""

    async def broken() -> None:
        raise RuntimeError("a defect")

    world.app.add_api_route("/api/v1/broken", broken)
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=world.client.base_url) as client:
        answer = await client.get("/api/v1/broken", headers={"Accept-Language": "es"})
    assert problem_of(answer) == (500, "internal-error")
    assert answer.headers["content-language"] == "es"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
