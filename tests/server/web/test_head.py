"""HEAD: every address that takes GET answers it alike, without content and without being held."""

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
# Found by nobody in the walk below: they need a demo, a signature, or an object that is not made there.
NOT_OPENED = {
    "/",  # leads on
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
    """HEAD has the status and the headers of GET, for members, owners and strangers, and nothing after them."""
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
                # A metric may have a digit more the next moment.
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
    """An address that only changes things is as closed to HEAD as to GET; Allow names HEAD where GET is."""
    refused = await world.alice.call("HEAD", "/sessions")
    assert (refused.status_code, refused.content, refused.headers["allow"]) == (405, b"", "POST")
    assert (await world.alice.put("/me")).headers["allow"] == "GET, HEAD"


async def test_the_description_is_not_doubled(world: World) -> None:
    """HEAD is no operation of its own in the API's description."""
    methods = {method for path in world.app.openapi()["paths"].values() for method in path}
    assert methods == {"get", "post", "put", "patch", "delete"}


def test_over_a_real_connection(demo_server: ServerProcess) -> None:
    """The stream, a page, a file of the app and a health check, all on one connection that goes on working."""
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
