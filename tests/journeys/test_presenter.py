"""The demo for an audience: a whole link on the presenter's page, and over the network with a phone's camera."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.journeys.api import AdminApi
from tests.journeys.camera import film
from tests.journeys.people import Admin, Owner
from tests.server.demo.lan_server import LanServer
from tests.support.browser import PHONE, Contexts
from tests.support.flet import enable_semantics, tap
from tests.support.server import ServerProcess

LIVE_MS = 10_000
STANDARD, LARGE, SMALL = (1280, 800), (1920, 1080), (1024, 768)


class Presenter:
    """A presenter who shows both sides on one screen; each frame can be used like a page."""

    def __init__(self, page: Page, server: ServerProcess, handle: str) -> None:
        """Open the page."""
        self.page = page
        page.goto(f"{server.url}/demo")
        self.admin = Admin(self._frame("console"), server)
        self.owner = Owner(self._frame("app"), server, handle)

    def _frame(self, name: str) -> Frame:
        frame = self.page.locator(f"iframe#{name}").element_handle().content_frame()
        assert frame is not None
        return frame

    def sign_in(self) -> None:
        """Sign in at the console with a demo login."""
        self.admin.find("demo-admin").click()
        self.admin.find("login-submit").click()
        self.admin.page.wait_for_url("**/bc/*/overview")

    def make_code(self, *permissions: str) -> None:
        """Walk through the steps; in a frame, a click does not wait for the previous navigation."""
        admin = self.admin
        admin.open_tab()
        admin.find("add-account").first.click()
        for step in ("level", "permissions"):
            admin.find("wizard-next").click()
            admin.page.wait_for_url(f"**step={step}*")
        admin.choose(*permissions)
        admin.find("create-code").click()
        expect(admin.find("qr-image")).to_be_visible()

    def reset(self) -> None:
        """Press Reset and confirm."""
        self.page.get_by_test_id("reset").click()
        self.page.get_by_test_id("reset-confirm").click()


@pytest.fixture
def lan_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LanServer]:
    """Run a demo for the network; this test's API clients trust its certificate."""
    server = LanServer(tmp_path / "lan")
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    yield server
    server.stop()


def test_whole_link_on_one_page(page: Page, demo_server: ServerProcess, contexts: Contexts) -> None:
    """Both sides update when a code is made, typed on the phone and approved; then Reset starts over."""
    Presenter(page, demo_server, "mia.bakes").reset()  # other journeys may have linked something
    expect(page.get_by_test_id("said")).not_to_be_empty()
    show = Presenter(page, demo_server, "mia.bakes")
    show.sign_in()
    show.make_code("existing_posts", "new_videos_ads_only")
    code = show.admin.find("typed-code").inner_text()

    enable_semantics(show.owner.page)
    show.owner.log_in()
    show.owner.sees("profile.handle")
    for step in ("profile.menu", "menu.qr", "qr.scan"):
        tap(show.owner.page, step)
    show.owner.type_code(code)
    show.owner.sees("consent.who")
    expect(show.admin.find("state-line")).to_contain_text("@mia.bakes", timeout=LIVE_MS)
    show.owner.approve()
    expect(show.admin.find("state-line")).to_contain_text("Approved", timeout=LIVE_MS)
    show.admin.open_tab()
    expect(show.admin.row("mia.bakes")).to_contain_text("Deliver ads")

    page.get_by_test_id("reset").click()
    page.get_by_test_id("reset-back").click()
    expect(page.get_by_test_id("said")).to_be_empty()
    show.reset()
    expect(page.get_by_test_id("said")).to_contain_text("1 link ended")
    show.admin.page.wait_for_url("**/bc/*/overview")  # still signed in
    show.admin.open_tab()
    expect(show.admin.row("mia.bakes")).to_have_count(0)
    enable_semantics(show.owner.page)
    show.owner.sees("profile.handle")  # still logged in
    contexts.log(page).expect_clean()


@pytest.mark.parametrize(("width", "height"), [STANDARD, LARGE, SMALL])
def test_fits_the_screen(contexts: Contexts, demo_server: ServerProcess, width: int, height: int) -> None:
    """Both sides fit side by side without scrolling: the phone in its own size, the console as on a desktop."""
    page = contexts.open("presenter", viewport={"width": width, "height": height})
    show = Presenter(page, demo_server, "mia.bakes")
    expect(show.admin.find("login-submit")).to_be_visible()
    assert show.owner.page.evaluate("[innerWidth, innerHeight]") == [390, 844]
    assert show.admin.page.evaluate("innerWidth") > 860  # below that, the console has its menu in a drawer
    console, phone = (page.locator(side).bounding_box() for side in (".window", ".phone"))
    assert console is not None
    assert phone is not None
    assert console["x"] >= 0
    assert console["x"] + console["width"] < phone["x"]
    assert phone["x"] + phone["width"] <= width
    for side in (console, phone):
        assert side["y"] + side["height"] <= height
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_phone_in_the_network(lan_server: LanServer, contexts: Contexts, tmp_path: Path) -> None:
    """Over https a phone can use its camera and the app's socket; it scans and approves, and the presenter sees it."""
    presenter = contexts.open("presenter", ignore_https_errors=True)
    show = Presenter(presenter, lan_server, "leo.rides")
    show.sign_in()
    show.admin.open_tab()
    presenter.get_by_test_id("show-code").click()
    expect(presenter.get_by_test_id("phone-address")).to_have_text(f"{lan_server.url}/app/")
    presenter.keyboard.press("Escape")

    request = AdminApi(lan_server).make_code()
    video = film(tmp_path / "camera.y4m", AdminApi(lan_server).picture(request))
    phone = contexts.open("leo", camera=video, permissions=["camera"], ignore_https_errors=True, **PHONE)
    sockets: list[str] = []
    phone.on("websocket", lambda socket: sockets.append(socket.url))
    leo = Owner(phone, lan_server, "leo.rides")
    leo.walk_to_scanner()
    assert phone.evaluate("isSecureContext && !!navigator.mediaDevices.getUserMedia")
    leo.approve()
    assert sockets
    assert all(address.startswith("wss://") for address in sockets)
    expect(show.admin.row("leo.rides")).to_be_visible(timeout=LIVE_MS)
    cookies = {cookie["name"]: cookie for cookie in presenter.context.cookies()}
    assert cookies["__Host-sparklink"]["secure"]
    assert cookies["__Host-sparklink"]["sameSite"] == "Strict"
