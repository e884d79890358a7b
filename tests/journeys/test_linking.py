"""From "Add a TikTok Account" to "Deliver ads", in every way to pass on a code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.api import SPARK_ADS, AdminApi, OwnerApi
from tests.journeys.camera import film
from tests.journeys.people import Admin, Owner
from tests.support.browser import PHONE, Contexts
from tests.support.flet import enable_semantics, tap, tid
from tests.support.server import ServerProcess

LIVE_MS = 10_000


def test_picture(alice: Admin, admin_api: AdminApi, mia: Owner, contexts: Contexts, tmp_path: Path) -> None:
    """The app opens the console's PNG from its file chooser; the accounts tab shows the row without a reload."""
    alice.make_code("existing_posts", "new_videos_ads_only")
    picture = alice.download("download-png", tmp_path)
    watcher = alice.page.context.new_page()
    tab = Admin(watcher, alice.server)
    tab.open_tab()
    expect(tab.row("mia.bakes")).to_have_count(0)

    mia.walk_to_scanner()
    mia.choose_picture(picture)
    mia.sees("consent.who")
    expect(alice.find("state-line")).to_contain_text("@mia.bakes", timeout=LIVE_MS)
    mia.approve()

    expect(alice.find("state-line")).to_contain_text("Approved", timeout=LIVE_MS)
    row = tab.row("mia.bakes")
    expect(row).to_be_visible(timeout=LIVE_MS)
    expect(row.get_by_test_id("permissions-cell")).to_contain_text("Deliver ads")
    linked = admin_api.linked("mia.bakes")
    assert linked is not None
    assert linked.permissions.granted == SPARK_ADS
    contexts.log(mia.page).expect_clean()
    contexts.log(alice.page).expect_clean()


@pytest.mark.parametrize("by_address", [False, True])
def test_camera(
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
    contexts: Contexts,
    demo_server: ServerProcess,
    tmp_path: Path,
    by_address: bool,
) -> None:
    """A code held up to the camera is recognised without a tap, even when a bookmark opens the scanner."""
    unlinked("leo.rides")
    request = admin_api.make_code()
    video = film(tmp_path / "camera.y4m", admin_api.picture(request))
    phone = contexts.open("leo", camera=video, permissions=["camera"], **PHONE)
    leo = Owner(phone, demo_server, "leo.rides")
    if by_address:
        leo.open_app("#/qr/scan")
        leo.log_in()
    else:
        leo.walk_to_scanner()
    leo.approve()
    linked = admin_api.linked("leo.rides")
    assert linked is not None
    assert linked.permissions.granted == SPARK_ADS


def test_typed_code(admin_api: AdminApi, mia: Owner) -> None:
    """Ten letters typed with a space instead of the hyphen lead to the same request."""
    request = admin_api.make_code()
    assert request.typed_code is not None
    mia.walk_to_scanner()
    mia.type_code(request.typed_code.replace("-", " "))
    mia.approve()
    assert admin_api.state(request) == "approved"


def test_link_opened_by_the_phones_own_camera(admin_api: AdminApi, mia: Owner, demo_server: ServerProcess) -> None:
    """The landing page opens the app with the code; it survives the log-in and disappears from the address bar."""
    request = admin_api.make_code()
    assert request.url is not None
    secret = request.url.rpartition("#")[2]
    sent: list[str] = []
    mia.page.on("request", lambda sending: sent.append(sending.url))
    mia.page.goto(request.url)
    mia.page.wait_for_url("**/app/**")
    mia.page.locator("flt-semantics-placeholder, flt-semantics").first.wait_for(state="attached", timeout=60_000)
    enable_semantics(mia.page)
    mia.log_in()
    mia.approve()
    assert secret not in mia.page.url
    assert not [url for url in sent if secret in url.partition("#")[0]]
    assert admin_api.state(request) == "approved"


def test_fewer_permissions_than_asked(admin_api: AdminApi, mia: Owner) -> None:
    """The owner switches one permission off, and the console shows granted and requested permissions."""
    request = admin_api.make_code(["existing_posts", "showcase"])
    mia.open_app(f"#/l/{(request.url or '').rpartition('#')[2]}")
    mia.log_in()
    mia.sees("consent.who")
    tap(mia.page, "consent.switch.showcase")
    mia.approve()
    linked = admin_api.linked("mia.bakes")
    assert linked is not None
    assert linked.permissions.granted == ["existing_posts"]
    assert linked.permissions.requested == ["existing_posts", "showcase"]


def test_revoke_in_the_app_empties_the_tab(
    alice: Admin, admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi]
) -> None:
    """The owner revokes on a sheet that says what stops; the row disappears from the console without a reload."""
    unlinked("mia.bakes").approve(admin_api.make_code())
    alice.open_tab()
    expect(alice.row("mia.bakes")).to_be_visible()
    mia.open_app()
    mia.log_in()
    mia.sees("profile.handle")
    tap(mia.page, "profile.menu")
    tap(mia.page, "menu.linked")
    tap(mia.page, f"linked.row.{alice.login['bc_id']}")
    tap(mia.page, "linked.detail.revoke")
    tap(mia.page, "linked.revoke.confirm")
    expect(tid(mia.page, f"linked.row.{alice.login['bc_id']}")).to_have_count(0, timeout=LIVE_MS)
    expect(alice.row("mia.bakes")).to_have_count(0, timeout=LIVE_MS)
    assert admin_api.linked("mia.bakes") is None
