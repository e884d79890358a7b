"""The owner turns one permission off; the console shows it without a reload, and the inbox lists it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.api import SPARK_ADS, AdminApi, OwnerApi
from tests.journeys.people import Admin, Owner
from tests.support.flet import expect_text, tap, tid

LIVE_MS = 10_000


def test_turn_one_permission_off(
    alice: Admin, admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi]
) -> None:
    """The row in the console changes without a reload, and the app's inbox says what happened."""
    unlinked("mia.bakes").approve(admin_api.make_code([*SPARK_ADS, "showcase"]))
    alice.open_tab()
    cell = alice.row("mia.bakes").get_by_test_id("permissions-cell")
    expect(cell.locator(".count")).to_have_text("3")
    mia.open_app()
    mia.log_in()
    mia.sees("profile.handle")
    tap(mia.page, "profile.menu")
    tap(mia.page, "menu.linked")
    tap(mia.page, f"linked.row.{alice.login['bc_id']}")
    switch = tid(mia.page, "linked.detail.switch.showcase")
    switch.scroll_into_view_if_needed()
    tap(mia.page, "linked.detail.switch.showcase")
    mia.sees("linked.narrow.confirm")
    tap(mia.page, "linked.narrow.confirm")
    expect(switch).to_have_count(0, timeout=LIVE_MS)
    expect(cell.locator(".count")).to_have_text("2 of 3", timeout=LIVE_MS)
    linked = admin_api.linked("mia.bakes")
    assert linked is not None
    assert linked.permissions.granted == SPARK_ADS
    tap(mia.page, "linked.detail.back")
    tap(mia.page, "linked.back")
    tap(mia.page, "nav.inbox")
    mia.sees("inbox.row.0")
    expect_text(mia.page, "You turned off Showcase for Northwind Coffee")
