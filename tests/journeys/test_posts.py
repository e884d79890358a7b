"""An owner posts a picture, lets a business use it with a Spark code and revokes it; then businesses push posts."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import SCREEN_MS, Poster
from tests.support.flet import expect_text, fill, tap, tid
from tests.support.post_picture import draw_picture
from tests.support.server import ServerProcess


@pytest.fixture
def nara(phone: Page, demo_server: ServerProcess, unlinked: Callable[[str], OwnerApi]) -> Poster:
    """Return nara with her phone, logged in; her account has no links."""
    unlinked("studio.nara")
    poster = Poster(phone, demo_server, "studio.nara")
    poster.open_app()
    poster.log_in()
    poster.sees("profile.handle")
    return poster


def test_a_post_in_ads_by_spark_code(
    nara: Poster, admin_api: AdminApi, unlinked: Callable[[str], OwnerApi], tmp_path: Path
) -> None:
    """The post appears in the grid; a business uses it with a code, and the post says so; revoking pauses the ad."""
    nara.post(draw_picture(tmp_path / "picture.jpg"), "Rye and honey")
    owner = unlinked("studio.nara")
    newest = owner.call("GET", "/me/posts")["items"][0]
    assert newest["caption"] == "Rye and honey"
    post_id = newest["post_id"]
    tap(nara.page, f"profile.post.{post_id}")
    nara.sees("post.no-ads")
    code = nara.make_code(post_id, 7)
    used = admin_api.use_code(code)
    assert used.post.post_id == post_id
    ad = admin_api.advertise(used.account.account_id, "Spring bread", mode="pull", post_id=post_id, by_spark_code=True)
    tap(nara.page, "ads.back")
    tap(nara.page, "post.back")
    tap(nara.page, f"profile.post.{post_id}")
    nara.sees(f"post.ad.{ad.ad_id}")
    expect_text(nara.page, "Running")
    tap(nara.page, "post.ad-settings")
    tap(nara.page, "ads.revoke")
    nara.sees("ads.revoke.confirm")
    expect_text(nara.page, "“Spring bread” of Northwind Coffee")
    tap(nara.page, "ads.revoke.confirm")
    expect(tid(nara.page, "ads.code")).to_have_count(0, timeout=SCREEN_MS)
    tap(nara.page, "ads.back")
    expect_text(nara.page, "You revoked the Spark code.")
    assert owner.call("GET", f"/me/posts/{post_id}")["used_by"][0]["status"] == "paused"


def test_what_a_business_pushes(nara: Poster, admin_api: AdminApi, unlinked: Callable[[str], OwnerApi]) -> None:
    """A post pushed to the profile appears there; one pushed for ads only is listed and labelled separately."""
    owner = unlinked("studio.nara")
    owner.approve(admin_api.make_code(["existing_posts", "new_videos_on_profile"]))
    account_id = owner.call("GET", "/me")["actor"]["account"]["account_id"]
    admin_api.connect(account_id)
    shown, hidden = (
        admin_api.advertise(account_id, name, mode="push", caption=name, ads_only=ads_only).post.post_id
        for name, ads_only in (("On the profile", False), ("For ads only", True))
    )
    tap(nara.page, "profile.menu")
    tap(nara.page, "menu.linked")
    tap(nara.page, "linked.back")
    nara.sees(f"profile.post.{shown}")
    assert tid(nara.page, f"profile.post.{hidden}").count() == 0
    tap(nara.page, "profile.ads-only")
    nara.sees(f"profile.post.{hidden}")
    assert tid(nara.page, f"profile.post.{shown}").count() == 0
    tap(nara.page, f"profile.post.{hidden}")
    expect_text(nara.page, "Ads only")
    tap(nara.page, "post.ad-settings")
    nara.sees("ads.refused")


@pytest.mark.parametrize("size_mb", [40, 3000])
def test_a_file_that_is_too_large_never_leaves_the_phone(size_mb: int, nara: Poster, tmp_path: Path) -> None:
    """The app refuses the file with a message before reading it, keeps the caption, and accepts a smaller file."""
    phone = nara.page
    tap(phone, "profile.new")
    nara.sees("new.choose")
    fill(phone, "new.caption", "Rye and honey")
    huge = tmp_path / "film.mp4"
    huge.touch()
    os.truncate(huge, size_mb * 1024**2)  # takes no space on the disk
    with phone.expect_file_chooser() as chooser:
        tap(phone, "new.choose")
    chooser.value.set_files(huge)
    expect_text(phone, re.compile("larger than 30 MB"))
    nara.choose_file(draw_picture(tmp_path / "picture.jpg"))
    caption = tid(phone, "new.caption")
    expect(caption.locator("textarea").or_(caption.and_(phone.locator("textarea"))).first).to_have_value(
        "Rye and honey"
    )
