"""Every screen once, with a picture: `make pictures` keeps them in docs/pictures/ for the README."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shared import qr
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Admin, Owner
from tests.support.browser import PHONE, Contexts
from tests.support.flet import tap, tid
from tests.support.server import ServerProcess

GALLERY = Path(os.environ.get("SPARKLINK_PICTURES", "test-artifacts/pictures"))
SETTLE_MS = 1_200  # Approve is inert, and looks it, for the first second


def keep(page: Page, name: str) -> None:
    """Keep a picture of what is on screen, once it has stopped moving."""
    GALLERY.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(SETTLE_MS)
    path = GALLERY / f"{name}.png"
    page.screenshot(path=path)
    assert path.stat().st_size > 5_000, f"{name} is an empty screen"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_app(
    scheme: str,
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
    tmp_path: Path,
) -> None:
    """Log in, profile, menu, code, scanner, typed code, wrong turn, consent, done, linked, turn off, revoke, inbox."""
    unlinked("mia.bakes")
    phone = contexts.open("mia", **{**PHONE, "color_scheme": scheme})
    mia = Owner(phone, demo_server, "mia.bakes")

    def shot(name: str, identifier: str) -> None:
        mia.sees(identifier)
        keep(phone, f"app-{name}" if scheme == "light" else f"app-{name}-dark")

    mia.open_app()
    shot("log-in", "login.submit")
    mia.log_in()
    shot("profile", "profile.handle")
    tap(phone, "profile.menu")
    shot("menu", "menu.qr")
    tap(phone, "menu.qr")
    shot("qr", "qr.scan")
    tap(phone, "qr.scan")
    shot("scan", "scan.album")
    foreign = tmp_path / "foreign.png"
    foreign.write_bytes(qr.draw_png("https://login.example.org/l#AAAAAAAAAAAAAAAAAAAAAA"))
    mia.choose_picture(foreign)
    shot("wrong-code", "problem.title")
    tap(phone, "problem.action")
    tap(phone, "scan.type")
    shot("typed", "typed.code")
    permissions = ["existing_posts", "new_videos_ads_only", "live_videos"]
    request = admin_api.make_code(permissions, message="For the spring bakes campaign, March to May.")
    mia.page.goto(f"{demo_server.url}/app/#/l/{(request.url or '').rpartition('#')[2]}")
    shot("consent", "consent.who")
    mia.approve()
    shot("done", "done.title")
    tap(phone, "done.linked")
    bc_id = demo_server.demo_data["admin"]["bc_id"]
    shot("linked", f"linked.row.{bc_id}")
    tap(phone, f"linked.row.{bc_id}")
    shot("linked-detail", "linked.detail.revoke")
    tap(phone, "linked.detail.switch.existing_posts")
    shot("turn-off", "linked.narrow.confirm")
    tap(phone, "linked.narrow.confirm")
    expect(tid(phone, "linked.detail.switch.existing_posts")).to_have_count(0)
    tap(phone, "linked.detail.revoke")
    shot("revoke", "linked.revoke.confirm")
    tap(phone, "linked.revoke.cancel")
    tap(phone, "linked.detail.back")
    tap(phone, "linked.back")
    addressed = admin_api.make_code(for_handle="mia.bakes")
    unlinked("leo.rides").tries(addressed)
    tap(phone, "nav.inbox")
    shot("inbox", "inbox.row.0")


def test_app_in_a_wide_window(contexts: Contexts, demo_server: ServerProcess) -> None:
    """In a wide window the app is a phone's column in the middle."""
    page = contexts.open("leo")
    leo = Owner(page, demo_server, "leo.rides")
    leo.open_app()
    leo.log_in()
    leo.sees("profile.handle")
    keep(page, "app-wide")


@pytest.mark.parametrize(("width", "suffix"), [(1440, ""), (360, "-phone")])
def test_console(
    width: int,
    suffix: str,
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
) -> None:
    """Sign in, overview, accounts, the four steps, the code in each state, the panel, and the lists."""
    page = contexts.open("alice", viewport={"width": width, "height": 900 if width > 400 else 780})
    alice = Admin(page, demo_server)

    def shot(name: str) -> None:
        keep(page, f"console-{name}{suffix}")

    owner = unlinked("mia.bakes")
    page.goto(f"{demo_server.url}/login")
    expect(alice.find("login-submit")).to_be_visible()
    shot("sign-in")
    alice.sign_in()
    alice.open_tab()
    alice.find("add-account").first.click()
    shot("add-method")
    alice.find("wizard-next").click()
    shot("add-level")
    alice.find("wizard-next").click()
    alice.choose("existing_posts", "new_videos_ads_only")
    shot("add-permissions")
    alice.find("create-code").click()
    expect(alice.find("qr-image")).to_be_visible()
    shot("code")
    request_id = page.url.rpartition("/")[2].partition("?")[0]
    request = next(item for item in _open_requests(admin_api) if item["link_request_id"] == request_id)
    preview = owner.call("POST", "/link-requests/open", json={"code": request["url"]})
    expect(alice.find("state-line")).to_contain_text("@mia.bakes", timeout=10_000)
    shot("code-scanned")
    body = {"code": request["url"], "consent_hash": preview["consent_hash"]}
    owner.call("POST", f"/link-requests/{request_id}/approve", json=body)
    expect(alice.find("state-line")).to_contain_text("Approved", timeout=10_000)
    shot("code-approved")
    alice.open_tab()
    expect(alice.row("mia.bakes")).to_be_visible()
    shot("accounts")
    alice.row("mia.bakes").get_by_role("link").first.click()
    expect(alice.find("unlink")).to_be_visible()
    shot("account")
    linked = admin_api.linked("mia.bakes")
    assert linked is not None
    for tab in ("members", "link-accounts", "activity"):
        page.goto(f"{demo_server.url}/bc/{alice.login['bc_id']}/tiktok-accounts/{linked.account.account_id}/{tab}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        shot(f"account-{tab}")
    for place in ("overview", "ad-accounts", "members", "access-tokens", "api-calls", "activity", "settings"):
        page.goto(f"{demo_server.url}/bc/{alice.login['bc_id']}/{place}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        shot(place)
    page.goto(f"{demo_server.url}/bc/{alice.login['bc_id']}/ad-accounts")
    alice.find("ad-account-row").first.get_by_role("link").click()
    expect(alice.find("give-role").or_(alice.find("ad-account-member"))).to_be_visible()
    shot("ad-account")
    page.goto(f"{demo_server.url}/docs")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shot("docs")


def _open_requests(admin_api: AdminApi) -> list[dict[str, str]]:
    items: list[dict[str, str]] = admin_api.call("GET", f"{admin_api.center}/link-requests")["items"]
    return items
