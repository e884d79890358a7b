"""The owner sees which ads use the account through a business, and which of them will pause."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Owner
from tests.support.flet import expect_text, tap, tid


def test_what_pauses_is_said_before_and_after(
    admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi]
) -> None:
    """Details list each ad with ad account and post; the warning names the running one, and the result counts it."""
    owner = unlinked("mia.bakes")
    owner.approve(admin_api.make_code())
    linked = admin_api.linked("mia.bakes")
    assert linked is not None
    account_id = linked.account.account_id
    admin_api.connect(account_id)
    post = next(post for post in owner.call("GET", "/me/posts")["items"] if not post["private"])
    running = admin_api.advertise(account_id, "Spring bakes", mode="pull", post_id=post["post_id"])
    paused = admin_api.advertise(account_id, "Old rolls", mode="pull", post_id=post["post_id"])
    admin_api.call("PATCH", f"{admin_api.center}/spark-ads/{paused.ad_id}", json={"state": "paused"})
    mia.open_app()
    mia.log_in()
    mia.sees("profile.handle")
    tap(mia.page, "profile.menu")
    tap(mia.page, "menu.linked")
    tap(mia.page, f"linked.row.{linked_bc(admin_api)}")
    tid(mia.page, f"linked.ad.{running.ad_id}").scroll_into_view_if_needed()
    for words in ("Spring bakes", running.advertiser_name, post["caption"], "Running"):
        expect(tid(mia.page, f"linked.ad.{running.ad_id}")).to_contain_text(words)
    expect(tid(mia.page, f"linked.ad.{paused.ad_id}")).to_contain_text("The business paused it.")
    tap(mia.page, "linked.detail.revoke")
    expect(mia.sees("linked.pauses")).to_have_text("1 ad pauses at once:")
    expect_text(mia.page, "Spring bakes")
    tap(mia.page, "linked.revoke.confirm")
    expect_text(mia.page, "Access revoked. 1 ad is paused.")


def linked_bc(admin_api: AdminApi) -> str:
    """Return the id of the admin's Business Center."""
    return admin_api.center.rpartition("/")[2]
