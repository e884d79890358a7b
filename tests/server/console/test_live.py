"""The live feed of the pages uses the session cookie and leaves no gap between page and feed."""

import asyncio
import json

from tests.server.console.desk import COOKIE, Desk
from tests.server.world import World


async def _first_event(desk: Desk, address: str, **headers: str) -> dict[str, object]:
    """Open the feed as a browser does and return its first event."""
    path, _, query = address.partition("?")
    answer: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    cookie = f"{COOKIE}={desk.client.cookies[COOKIE]}"
    sent = {"cookie": cookie, "host": "link.example.test", **headers}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1),
        "server": ("link.example.test", 443),
    }
    asked = False

    async def receive() -> dict[str, object]:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
        for line in bytes(message.get("body", b"")).decode().splitlines():  # type: ignore[call-overload]
            if line.startswith("data: "):
                await answer.put(json.loads(line.removeprefix("data: ")))

    running = asyncio.create_task(desk.world.app(scope, receive, send))  # type: ignore[arg-type]
    try:
        return await asyncio.wait_for(answer.get(), 5)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_nothing_falls_between_page_and_feed(alice: Desk, world: World) -> None:
    """What happens after the page is drawn and before the feed opens comes first."""
    page = await alice.see(alice.path("tiktok-accounts"))
    (body,) = page.find_all("body")
    code = await world.make_code()
    event = await _first_event(alice, str(body.attributes["data-feed"]))
    assert event["type"] == "link_request.created"
    assert event["data"]["link_request_id"] == code["link_request_id"]  # type: ignore[index]


async def test_a_cut_feed_resumes_where_it_was(alice: Desk, world: World) -> None:
    """Last-Event-ID, which browsers send when they reconnect, overrides the position of the page."""
    page = await alice.see(alice.path("tiktok-accounts"))
    (body,) = page.find_all("body")
    await world.make_code()
    seen = (await world.log())[0]["sequence"]
    await world.link(world.mia)
    event = await _first_event(alice, str(body.attributes["data-feed"]), last_event_id=str(seen))
    assert event["sequence"] == seen + 1


async def test_pages_of_standard_members_open_no_feed(bob: Desk) -> None:
    """The feed is for admins; a standard member's page refreshes from time to time instead."""
    page = await bob.see(bob.path("tiktok-accounts"))
    (body,) = page.find_all("body")
    assert "data-feed" not in body.attributes
