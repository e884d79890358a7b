"""HEAD: every address with GET answers it alike, but without content and without keeping the connection open."""

import asyncio
import http.client
import re
from contextlib import closing

import httpx
from fastapi.routing import APIRoute, iter_route_contexts

from server.events.stream import LiveFeed
from tests.server.console.desk import COOKIE
from tests.server.test_tenancy import make_objects
from tests.server.world import ABSENT, ORIGIN, World
from tests.support.server import ServerProcess

STREAMS = {"/api/v1/business-centers/{bc_id}/events", "/bc/{bc_id}/events"}
# Nobody finds these in the walk below: they need a demo, a signature, or an object that it does not make.
NOT_OPENED = {
    "/",  # redirects
    "/api/v1/demo",
    "/api/v1/posts/{post_id}/cover",
    "/api/v1/posts/{post_id}/media",
}


def _addresses(world: World) -> list[str]:
    routes = [
        route.path
        for route in iter_route_contexts(world.app.routes)
        if isinstance(route.original_route, APIRoute) and "GET" in (route.methods or ())
    ]
    assert len(routes) > 60
    return [path for path in routes if path is not None]


def _filled(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: ids.get(found[1], ABSENT), path)


async def test_every_get_answers_head(world: World) -> None:
    """HEAD has the status and headers of GET and no content, for members, owners and strangers."""
    things = await make_objects(world)
    ids = {**things.own, "version": "x", "name": "styles/base.css", "hue": "120", "letter": "4d"}
    opened = set()
    for person in (world.alice, world.mia, world.nobody):
        cookies = {COOKIE: person.token} if person.token else {}
        bearer = {"Authorization": f"Bearer {person.token}"} if person.token else {}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(world.app), base_url=ORIGIN, cookies=cookies, headers=bearer, trust_env=False
        ) as client:
            for path in _addresses(world):
                head = await asyncio.wait_for(client.head(_filled(path, ids)), 5)
                assert head.content == b"", path
                assert head.status_code != 405, path
                opened |= {path} if head.status_code == 200 else set()
                if path in STREAMS and head.status_code == 200:
                    assert head.headers["content-type"].startswith("text/event-stream")
                    continue
                get = await client.get(_filled(path, ids))
                assert get.status_code == head.status_code, path
                # A metric may have one more digit a moment later.
                apart = {"set-cookie", "content-length"} if path == "/metrics" else {"set-cookie"}
                assert {k: v for k, v in get.headers.items() if k not in apart} == {
                    k: v for k, v in head.headers.items() if k not in apart
                }, path
    assert set(_addresses(world)) - opened == NOT_OPENED
    feed: LiveFeed = world.app.state.feed
    for _ in range(1000):
        if not feed._subscribers:
            break
        await asyncio.sleep(0.01)
    assert not feed._subscribers, "nobody listens any longer"


async def test_what_takes_no_get_takes_no_head(world: World) -> None:
    """HEAD works only where GET does, and Allow names both."""
    refused = await world.alice.call("HEAD", "/sessions")
    assert (refused.status_code, refused.content, refused.headers["allow"]) == (405, b"", "POST")
    assert (await world.alice.put("/me")).headers["allow"] == "GET, HEAD"


async def test_the_description_is_not_doubled(world: World) -> None:
    """HEAD does not appear as an operation in the API's description."""
    methods = {method for path in world.app.openapi()["paths"].values() for method in path}
    assert methods == {"get", "post", "put", "patch", "delete"}


def test_over_a_real_connection(demo_server: ServerProcess) -> None:
    """Stream, page, app file and health check answer on one connection, which keeps working."""
    admin = demo_server.demo_data["admin"]
    signed_in = httpx.post(
        f"{demo_server.url}/api/v1/sessions", json={"email": admin["email"], "password": admin["password"]}
    )
    bearer = {"Authorization": f"Bearer {signed_in.json()['token']}"}
    with closing(http.client.HTTPConnection("127.0.0.1", demo_server.port, timeout=5)) as connection:
        for path in (f"/api/v1/business-centers/{admin['bc_id']}/events", "/login", "/app/", "/healthz"):
            connection.request("HEAD", path, headers=bearer)
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, b""), path
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok"
