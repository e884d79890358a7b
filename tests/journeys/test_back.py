"""The browser's Back and Forward do what a phone user expects on every screen, and a reload stays on the screen."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import SCREEN_MS, Owner
from tests.support.flet import enable_semantics, fill, tap, tid


def _is_at(page: Page, route: str, identifier: str, gone: str = "") -> None:
    fragment = "(#/)?" if route == "/" else f"#{re.escape(route)}"
    expect(page).to_have_url(re.compile(f"/app/{fragment}$"), timeout=SCREEN_MS)
    expect(tid(page, identifier).first).to_be_attached(timeout=SCREEN_MS)
    if gone:
        expect(tid(page, gone)).to_have_count(0, timeout=SCREEN_MS)


def test_back_and_forward_on_every_screen(admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi]) -> None:
    """Back returns to the previous screen, closes a sheet, and never returns to a finished step."""
    owner, phone = unlinked("mia.bakes"), mia.page
    linked_row = f"linked.row.{admin_api.center.rpartition('/')[2]}"
    post = next(post for post in owner.call("GET", "/me/posts")["items"] if not post["private"])["post_id"]
    mia.open_app()
    mia.log_in()
    _is_at(phone, "/", "profile.handle")

    def there_and_back(taps: list[str], route: str, identifier: str, before: str, identifier_before: str) -> None:
        for control in taps:
            tap(phone, control)
        _is_at(phone, route, identifier)
        phone.go_back()
        _is_at(phone, before, identifier_before, gone=identifier)

    # a sheet closes, and Forward does not show its address without the sheet
    there_and_back(["profile.menu"], "/menu", "menu.qr", "/", "profile.handle")
    there_and_back(["profile.menu", "menu.settings"], "/settings", "settings.back", "/", "profile.handle")
    there_and_back(["nav.inbox"], "/inbox", "inbox.refresh", "/", "profile.handle")
    there_and_back([f"profile.post.{post}"], f"/posts/{post}", "post.ad-settings", "/", "profile.handle")
    phone.go_forward()
    _is_at(phone, f"/posts/{post}", "post.ad-settings")
    there_and_back(["post.ad-settings"], f"/posts/{post}/ads", "ads.switch", f"/posts/{post}", "post.ad-settings")
    phone.go_back()
    there_and_back(["profile.new"], "/new", "new.choose", "/", "profile.handle")
    # the way through the menu into the scanner and the typed code, and back step by step
    for control, route, identifier in (
        ("profile.menu", "/menu", "menu.qr"),
        ("menu.qr", "/qr", "qr.scan"),
        ("qr.scan", "/qr/scan", "scan.album"),
        ("scan.type", "/qr/scan/code", "typed.code"),
    ):
        tap(phone, control)
        _is_at(phone, route, identifier)
    for route, identifier, gone in (
        ("/qr/scan", "scan.album", "typed.code"),
        ("/qr", "qr.scan", "scan.album"),
        ("/", "profile.handle", "qr.scan"),
    ):
        phone.go_back()
        _is_at(phone, route, identifier, gone)
    phone.go_forward()
    _is_at(phone, "/qr", "qr.scan")

    # a reload keeps the place; a finished consent never returns
    phone.reload()
    enable_semantics(phone)
    _is_at(phone, "/qr", "qr.scan")
    tap(phone, "qr.scan")
    mia.sees("scan.album")
    mia.type_code(admin_api.make_code().typed_code or "")
    mia.sees("consent.who")
    phone.reload()
    enable_semantics(phone)
    _is_at(phone, "/consent", "consent.who")
    mia.approve()
    phone.go_back()
    _is_at(phone, "/qr/scan/code", "typed.code", gone="consent.who")
    phone.go_forward()
    expect(tid(phone, "consent.who")).to_have_count(0)
    expect(phone).not_to_have_url(re.compile("consent"))
    tap(phone, "done.linked")
    _is_at(phone, "/linked", linked_row)
    tap(phone, linked_row)
    mia.sees("linked.detail.revoke")
    at = phone.url.partition("#")[2]
    there_and_back(["linked.detail.revoke"], f"{at}/revoke", "linked.revoke.confirm", at, "linked.detail.revoke")
    phone.go_back()
    _is_at(phone, "/linked", linked_row, gone="linked.detail.revoke")


def test_a_declined_request_does_not_come_back(admin_api: AdminApi, mia: Owner) -> None:
    """Back leaves the consent screen without a decision; from a message it skips the request."""
    request = admin_api.make_code()
    mia.walk_to_scanner()
    mia.type_code(request.typed_code or "")
    mia.sees("consent.who")
    mia.page.go_back()
    _is_at(mia.page, "/qr/scan/code", "typed.code", gone="consent.who")
    assert admin_api.state(request) == "scanned"
    fill(mia.page, "typed.code", request.typed_code or "")
    tap(mia.page, "typed.submit")
    mia.decline()
    mia.expect_problem("Request declined")
    mia.page.go_back()
    _is_at(mia.page, "/qr/scan/code", "typed.code", gone="problem.title")
