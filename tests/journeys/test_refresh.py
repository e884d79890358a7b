"""Pulling a list down, tapping its tab and pressing a button each reload it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Owner
from tests.support.flet import tap, tid, wait_for_frames
from tests.support.post_picture import draw_picture


def pull_down(page: Page, distance: int = 300) -> None:
    """Put a finger below the bar, drag it down, and lift it."""
    device = page.context.new_cdp_session(page)
    x, top, steps = 195, 180, 15

    def touch(kind: str, *points: dict[str, float]) -> None:
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": top})
    for step in range(1, steps + 1):
        touch("touchMove", {"x": x, "y": top + distance * step / steps})
        wait_for_frames(page, 1)
    touch("touchEnd")


def by_tab(page: Page) -> None:
    """Tap the tab that is already open."""
    tap(page, "nav.inbox")


def by_button(page: Page) -> None:
    """Press the button in the bar."""
    tap(page, "inbox.refresh")


def test_what_happened_meanwhile_comes_without_leaving(
    admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi]
) -> None:
    """The inbox stays unchanged until one of three ways refreshes it; then it shows the new event."""
    owner = unlinked("mia.bakes")
    owner.decline(admin_api.make_code())
    mia.open_app("#/inbox")
    mia.log_in()
    newest = mia.sees("inbox.row.0")
    seen = "You declined"
    for refresh, act, words in (
        (pull_down, owner.approve, "You approved"),
        (by_tab, owner.decline, "You declined"),
        (by_button, owner.approve, "You approved"),
    ):
        expect(newest).to_have_accessible_name(re.compile(seen))
        act(admin_api.make_code())
        refresh(mia.page)
        expect(newest).to_have_accessible_name(re.compile(words))
        expect(tid(mia.page, "inbox.row.0")).to_have_count(1)
        expect(mia.page.get_by_label("Refreshing")).to_have_count(0)  # until then another refresh is ignored
        seen = words


def test_the_profile_is_pulled_too(mia: Owner, unlinked: Callable[[str], OwnerApi], tmp_path: Path) -> None:
    """Pulling removes a post that was deleted elsewhere from a grid that is longer than the screen."""
    owner = unlinked("mia.bakes")
    picture = {"file": ("picture.jpg", draw_picture(tmp_path / "picture.jpg").read_bytes())}
    posted = owner.call("POST", "/me/posts", files=picture, data={"caption": "Gone soon", "private": "false"})
    mia.open_app()
    mia.log_in()
    tile = mia.sees(f"profile.post.{posted['post_id']}")
    owner.call("DELETE", f"/me/posts/{posted['post_id']}")
    pull_down(mia.page)
    expect(tile).to_have_count(0)
