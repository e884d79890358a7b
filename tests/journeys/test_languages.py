"""The app in other languages: an Arabic and a Spanish browser use one server at the same time."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

import mobile_app  # noqa: F401 # adds its catalogues
from shared.languages import LANGUAGES, gettext, speaking
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Admin, Owner
from tests.journeys.test_screens import keep
from tests.support.browser import PHONE, Contexts
from tests.support.flet import tap
from tests.support.server import ServerProcess

PEOPLE = {"ar": "mia.bakes", "es": "leo.rides"}


@pytest.mark.timeout(300)
def test_two_people_each_in_their_language(
    contexts: Contexts, demo_server: ServerProcess, admin_api: AdminApi, unlinked: Callable[[str], OwnerApi]
) -> None:
    """Each person sees their browser's language on every screen while the other is on the same screen."""
    owners = {}
    for code, handle in PEOPLE.items():
        unlinked(handle)
        owners[code] = Owner(contexts.open(code, **{**PHONE, "locale": code}), demo_server, handle)

    def both(step: Callable[[Owner], None], name: str, identifier: str, words: str = "") -> None:
        for owner in owners.values():
            step(owner)
        for code, owner in owners.items():
            found = owner.sees(identifier)
            expect(owner.page.locator("html")).to_have_attribute("lang", code)
            if words:
                with speaking(LANGUAGES[code]):
                    expect(found).to_contain_text(gettext(words))
            if identifier == "consent.approve":
                owner.sees_approve_listening()
            keep(owner.page, f"app-{name}-{code}")

    def open_request(owner: Owner) -> None:
        request = admin_api.make_code(["existing_posts", "new_videos_ads_only", "live_gmv_max"], message="Spring")
        owner.page.goto(f"{demo_server.url}/app/#/l/{(request.url or '').rpartition('#')[2]}")

    both(lambda owner: owner.open_app(), "log-in", "login.submit", "Log in")
    both(lambda owner: owner.log_in(), "profile", "profile.handle")
    both(lambda owner: tap(owner.page, "profile.menu"), "menu", "menu.qr", "Your QR code")
    both(lambda owner: tap(owner.page, "menu.qr"), "qr", "qr.scan")
    both(lambda owner: tap(owner.page, "qr.scan"), "scan", "scan.album", "Album")
    both(lambda owner: owner.type_code("BCDFG-HJKLM"), "unknown-code", "typed.code")
    both(open_request, "consent", "consent.approve", "Approve")
    both(lambda owner: owner.approve(), "done", "done.title", "Linked")
    both(lambda owner: tap(owner.page, "done.linked"), "linked", "linked.back")
    both(lambda owner: owner.page.goto(f"{demo_server.url}/app/#/settings"), "settings", "settings.language.ar")
    chooser = owners["es"]
    tap(chooser.page, "settings.language.id")
    expect(chooser.sees("settings.logout")).to_contain_text("Keluar")
    keep(chooser.page, "app-settings-id")
    expect(chooser.page.locator("html")).to_have_attribute("lang", "id")  # the screen reader's language changes too
    expect(owners["ar"].sees("settings.logout")).to_contain_text("تسجيل الخروج")


def test_console_in_arabic(contexts: Contexts, demo_server: ServerProcess, admin_api: AdminApi) -> None:
    """Arabic, chosen on the sign-in page, applies to every page, right to left, and no page scrolls sideways."""
    page = contexts.open("admin", viewport={"width": 1440, "height": 900})
    page.goto(f"{demo_server.url}/login")
    page.get_by_test_id("language-ar").click()
    admin = Admin(page, demo_server)
    admin.sign_in()
    request = admin_api.make_code(for_handle="mia.bakes")
    center = f"{demo_server.url}/bc/{admin.login['bc_id']}"
    for name, address in {
        "overview": "/overview",
        "accounts": "/tiktok-accounts",
        "add": "/tiktok-accounts/add?step=permissions",
        "code": f"/link-requests/{request.link_request_id}",
        "activity": "/activity",
        "members": "/members",
        "settings": "/settings",
    }.items():
        page.goto(center + address)
        html = page.locator("html")
        expect(html).to_have_attribute("dir", "rtl")
        expect(html).to_have_attribute("lang", "ar")
        for width, suffix in ((360, "-phone"), (1440, "")):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            keep(page, f"console-{name}-ar{suffix}")
