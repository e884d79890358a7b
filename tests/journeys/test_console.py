"""The console in a real browser: what an admin does with a code, and what a standard member may not do."""

import io
import re
from collections.abc import Callable

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Admin
from tests.support.browser import Contexts
from tests.support.server import ServerProcess

LIVE_MS = 10_000
_READ_CLIPBOARD = """async () => {
  const item = (await navigator.clipboard.read())[0];
  const blob = await item.getType('image/png');
  return Array.from(new Uint8Array(await blob.arrayBuffer()));
}"""


def test_copy_puts_the_picture_of_the_code_into_the_clipboard(contexts: Contexts, demo_server: ServerProcess) -> None:
    """Copy QR code copies the image itself: scanning the picture in the clipboard gives the same link."""
    page = contexts.open("alice", permissions=["clipboard-read", "clipboard-write"])
    alice = Admin(page, demo_server)
    alice.sign_in()
    alice.make_code("existing_posts")
    alice.find("copy-qr").click()
    expect(page.get_by_text(re.compile("copied", re.IGNORECASE)).first).to_be_visible()
    picture = Image.open(io.BytesIO(bytes(page.evaluate(_READ_CLIPBOARD))))
    text = zxingcpp.read_barcodes(picture)[0].text
    assert text.startswith(f"{demo_server.url}/l#")
    alice.find("copy-link").click()
    page.wait_for_function("async text => await navigator.clipboard.readText() === text", arg=text)


def test_new_code_and_cancel(alice: Admin) -> None:
    """A new code replaces the one on screen; a cancelled request shows no code."""
    alice.make_code("existing_posts", "showcase")
    first = alice.find("typed-code").inner_text()
    alice.find("new-code").first.click()
    if alice.find("new-code-confirm").count() and alice.find("new-code-confirm").is_visible():
        alice.find("new-code-confirm").click()
    expect(alice.find("typed-code")).not_to_have_text(first)
    alice.find("cancel-code").click()
    alice.find("cancel-confirm").click()
    expect(alice.find("state-line")).to_contain_text("Cancelled")
    expect(alice.find("qr-image")).to_have_count(0)


def test_back_keeps_every_choice(alice: Admin) -> None:
    """Going back in the wizard and forward again loses nothing."""
    alice.open_tab()
    alice.find("add-account").first.click()
    alice.find("wizard-next").click()
    alice.find("wizard-next").click()
    alice.choose("series", "new_videos_on_profile")
    alice.find("message").fill("For the spring launch")
    alice.find("wizard-back").first.click()
    alice.find("wizard-next").click()
    expect(alice.find("permission-series")).to_be_checked()
    expect(alice.find("permission-new_videos_on_profile")).to_be_checked()
    expect(alice.find("message")).to_have_value("For the spring launch")


def test_unlink_says_what_stops_and_empties_the_tab(
    alice: Admin, admin_api: AdminApi, unlinked: Callable[[str], OwnerApi]
) -> None:
    """Unlinking asks first; then the row disappears, here and for the owner."""
    owner = unlinked("jo.grows")
    owner.approve(admin_api.make_code())
    alice.open_tab()
    alice.find("search").fill("jo.gr")
    alice.find("search").press("Enter")
    row = alice.row("jo.grows")
    expect(row).to_be_visible()
    row.get_by_role("link").first.click()
    alice.find("unlink").click()
    alice.find("unlink-confirm").click()
    expect(alice.row("jo.grows")).to_have_count(0, timeout=LIVE_MS)
    assert owner.call("GET", "/me/linked-businesses")["items"] == []


def test_standard_member_sees_the_list_and_a_clear_refusal(page: Page, demo_server: ServerProcess) -> None:
    """Bob sees the accounts; adding one is refused with what to do next."""
    bob = Admin(page, demo_server, "standard")
    bob.sign_in()
    bob.open_tab()
    expect(bob.page.get_by_role("heading", name="TikTok accounts", level=1)).to_be_visible()
    bob.page.goto(f"{demo_server.url}/bc/{bob.login['bc_id']}/tiktok-accounts/add")
    expect(bob.page.get_by_text(re.compile("You are a standard member"))).to_be_visible()


def test_wrong_password_keeps_the_address(page: Page, demo_server: ServerProcess) -> None:
    """The form reports a wrong password and keeps the email."""
    alice = Admin(page, demo_server)
    alice.page.goto(f"{demo_server.url}/login")
    alice.find("login-email").fill("alice@northwind.example")
    alice.find("login-password").fill("wrong")
    alice.find("login-submit").click()
    expect(alice.page.get_by_role("alert").first).to_be_visible()
    expect(alice.find("login-email")).to_have_value("alice@northwind.example")


def test_no_page_is_wider_than_the_screen(contexts: Contexts, demo_server: ServerProcess) -> None:
    """No page of the console scrolls sideways, on a phone or on a desktop."""
    page = contexts.open("alice")
    alice = Admin(page, demo_server)
    alice.sign_in()
    places = ["overview", "tiktok-accounts", "tiktok-accounts/add", "ad-accounts", "members", "activity", "settings"]
    places += ["ads", "ads/new", "access-tokens", "api-apps", "api-calls"]
    for place in places:
        page.goto(f"{demo_server.url}/bc/{alice.login['bc_id']}/{place}")
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, place
    contexts.log(page).expect_clean()
