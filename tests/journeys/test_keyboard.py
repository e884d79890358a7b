"""The app in a wide window without a pointer: from the log-in to the approval with keys alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi, password_of
from tests.support.browser import Contexts
from tests.support.flet import open_flet, settle, tid
from tests.support.server import ServerProcess

WINDOWS = [(1440, 900), (1024, 768)]
MANY = 40  # more stops than any screen has
SCREEN_MS = 20_000
_FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const marked = node?.closest("[flt-semantics-identifier]");
  return marked?.getAttribute("flt-semantics-identifier") ?? "";
}"""


class Keys:
    """A person who uses a page by keyboard."""

    def __init__(self, page: Page) -> None:
        """Remember the page."""
        self.page = page

    def at(self) -> str:
        """Return the identifier of the focused control."""
        return str(self.page.evaluate(_FOCUSED))

    def press(self, key: str) -> None:
        """Press a key and wait until the app has answered."""
        self.page.keyboard.press(key)
        settle(self.page)

    def tab_to(self, identifier: str, key: str = "Tab") -> list[str]:
        """Press Tab until a control has the focus; return the stops on the way."""
        stops: list[str] = []
        expect(tid(self.page, identifier).first).to_be_attached(timeout=SCREEN_MS)
        for _ in range(MANY):
            if self.at() == identifier:
                return stops
            self.press(key)
            stops.append(self.at())
        raise AssertionError(f"{identifier} is not reached by {key}, only {stops}")

    def use(self, identifier: str, key: str = "Enter") -> None:
        """Go to a control and press Enter or Space on it."""
        self.tab_to(identifier)
        self.press(key)

    def write(self, identifier: str, text: str) -> None:
        """Go to a field and type; check the field's value, because Flutter loses keys on a busy machine."""
        self.tab_to(identifier)
        field = tid(self.page, identifier).locator("input")
        for attempt in range(5):
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.type(text, delay=30 * (attempt + 1))
            settle(self.page)
            if field.input_value() == text:
                return
        raise AssertionError(f"{identifier}: {field.input_value()!r} arrived")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("window", WINDOWS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_log_in_to_approval_by_keys(
    window: tuple[int, int],
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
) -> None:
    """Tab, Enter, Space and Escape lead from the log-in to a linked business; Enter held down approves nothing."""
    owner = unlinked("jo.grows")
    page = contexts.open("jo", viewport={"width": window[0], "height": window[1]})
    keys = Keys(page)
    open_flet(page, f"{demo_server.url}/app/")
    keys.write("login.handle", "jo.grows")
    keys.write("login.password", password_of(demo_server, "jo.grows"))
    keys.use("login.submit")
    keys.use("profile.menu")
    keys.tab_to("menu.logout")
    keys.press("Escape")
    expect(tid(page, "menu.logout")).to_have_count(0)
    keys.use("profile.menu", "Space")
    keys.use("menu.qr")
    keys.use("qr.scan")
    keys.use("scan.type")
    request = admin_api.make_code(["existing_posts", "new_videos_ads_only"])
    keys.write("typed.code", request.typed_code or "")
    keys.press("Enter")
    expect(tid(page, "consent.approve")).to_be_attached(timeout=SCREEN_MS)
    for _ in range(5):
        page.keyboard.press("Enter")
    assert admin_api.state(request) == "scanned"
    keys.use("consent.switch.existing_posts", "Space")
    keys.use("consent.approve")
    keys.use("done.linked")
    row = f"linked.row.{demo_server.demo_data['admin']['bc_id']}"
    keys.use(row)
    keys.use("linked.detail.revoke")
    keys.tab_to("linked.revoke.confirm")
    keys.press("Escape")
    expect(tid(page, "linked.revoke.confirm")).to_have_count(0)
    (granted,) = owner.call("GET", "/me/linked-businesses")["items"]
    assert granted["permissions"] == ["new_videos_ads_only"]
