"""The server crashes in the middle of a consent: nothing is lost, and nothing is approved twice."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.api import AdminApi
from tests.journeys.people import SCREEN_MS, Owner
from tests.support.browser import PHONE, Contexts
from tests.support.companion import CompanionProcess
from tests.support.flet import enable_semantics, tap, tid, wait_for_frames
from tests.support.server import ServerProcess

SWITCH = "consent.switch.new_videos_ads_only"
KEPT = "sessionStorage.getItem('sparklink.place')"  # sealed, so that a test can see only that it changes


class Hearing:
    """A page's connection to the server; it can drop what the server sends while the page keeps sending."""

    def __init__(self, page: Page) -> None:
        """Route the connection through this process."""
        self.deaf = False
        page.route_web_socket(re.compile("/app/ws$"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: None if self.deaf else socket.send(message))


@pytest.fixture
def companion(tmp_path: Path, start_server: Callable[[], ServerProcess]) -> Iterator[CompanionProcess]:
    """Run the app in its own process, with a server for this test only."""
    process = CompanionProcess(tmp_path / "companion", start_server())
    process.start()
    yield process
    process.stop()


def _continues(owner: Owner, route: str) -> None:
    """Wait until the page has reloaded itself, at this route."""
    owner.page.wait_for_function("!window.before", timeout=SCREEN_MS)
    enable_semantics(owner.page)
    expect(owner.page).to_have_url(re.compile(f"#{route}$"))
    expect(tid(owner.page, "login.submit")).to_have_count(0)


def test_the_server_is_killed_and_restarted_in_the_middle_of_three_consents(
    contexts: Contexts, companion: CompanionProcess
) -> None:
    """While the server is down a notice appears; then the same consent returns, and a lost approval counts once."""
    server = companion.server
    admin = AdminApi(server)
    # mia's app runs in its own process; the server serves the other two
    mia = Owner(contexts.open("mia", **PHONE), companion, "mia.bakes")
    leo = Owner(contexts.open("leo", **PHONE), server, "leo.rides")
    nara = Owner(contexts.open("nara", **PHONE), server, "studio.nara")
    leo_hears = Hearing(leo.page)
    requests = {owner: admin.make_code() for owner in (mia, leo, nara)}
    for owner, request in requests.items():
        owner.open_app(f"#/l/{(request.url or '').rpartition('#')[2]}")
        owner.log_in()
        owner.sees("consent.who")
        owner.page.evaluate("window.before = true")
    kept = nara.page.evaluate(KEPT)
    tap(nara.page, SWITCH)
    nara.page.wait_for_function(f"kept => {KEPT} !== kept", arg=kept)

    leo_hears.deaf = True
    leo.press_approve()
    while admin.state(requests[leo]) != "approved":
        wait_for_frames(leo.page, 1)  # waiting here lets this process pass on the page's messages
    server.kill()
    mia.press_approve()
    mia.expect_problem("The server is not responding")
    leo_hears.deaf = False
    for owner in (leo, nara):
        away = owner.page.locator("#away")
        expect(away).to_be_visible()
        expect(away).to_contain_text("nothing is lost")

    server.start()
    tap(mia.page, "problem.action")
    mia.sees("done.title")
    _continues(leo, "/done")
    leo.sees("done.title")
    _continues(nara, "/consent")
    expect(tid(nara.page, SWITCH)).to_have_attribute("aria-checked", "false")
    nara.approve()

    log = admin.call("GET", f"{admin.center}/audit-log")["items"]
    granted = [row["data"]["handle"] for row in log if row["type"] == "link_request.approved"]
    for owner in requests:
        assert granted.count(owner.handle) == 1
        linked = admin.linked(owner.handle)
        assert linked is not None
        assert len(linked.permissions.granted) == (1 if owner is nara else 2)
    assert server.stop() == 0
    assert "Traceback" not in server.output() + companion.output()
