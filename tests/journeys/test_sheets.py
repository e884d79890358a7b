"""A sheet closes together with its screen, however the address changes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import SCREEN_MS, Owner
from tests.support.flet import tap, tid


def _type_address(page: Page, route: str) -> None:
    page.evaluate("route => { location.hash = '#' + route }", route)


def _only(mia: Owner, identifier: str, sheet: str) -> None:
    mia.sees(identifier)
    expect(tid(mia.page, sheet)).to_have_count(0, timeout=SCREEN_MS)


def test_an_address_typed_over_the_menu(mia: Owner) -> None:
    """Another tab, a screen over the profile and the profile itself open without the menu, and so does the way back."""
    mia.open_app()
    mia.log_in()
    mia.sees("profile.handle")
    for route, identifier in (("/inbox", "inbox.refresh"), ("/settings", "settings.back"), ("/", "profile.handle")):
        tap(mia.page, "profile.menu")
        mia.sees("menu.qr")
        _type_address(mia.page, route)
        _only(mia, identifier, "menu.qr")
        _type_address(mia.page, "/")
        _only(mia, "profile.handle", "menu.qr")


def test_addresses_typed_one_after_the_other(
    admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi]
) -> None:
    """While a warning is closing, the newest address wins, and nothing is revoked."""
    owner = unlinked("mia.bakes")
    owner.approve(admin_api.make_code())
    (linked,) = owner.call("GET", "/me/linked-businesses")["items"]
    mia.open_app("#/linked")
    mia.log_in()
    tap(mia.page, f"linked.row.{linked['business_center']['bc_id']}")
    tap(mia.page, "linked.detail.revoke")
    mia.sees("linked.revoke.confirm")
    mia.page.evaluate("location.hash = '#/home'; setTimeout(() => { location.hash = '#/inbox' }, 60)")
    _only(mia, "inbox.refresh", "linked.revoke.confirm")
    _type_address(mia.page, "/linked")
    _only(mia, f"linked.row.{linked['business_center']['bc_id']}", "linked.revoke.confirm")
