"""Every screen once, with a picture: `make pictures` saves them in docs/pictures/ for the README."""

import io
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from shared import qr
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Admin, Owner, Poster
from tests.support.browser import PHONE, Contexts
from tests.support.flet import expect_text, fill, settle, tap, tid, wait_for_frames
from tests.support.post_picture import draw_picture
from tests.support.server import ServerProcess

FOR_THE_GALLERY = "SPARKLINK_PICTURES" in os.environ
GALLERY = Path(os.environ.get("SPARKLINK_PICTURES", "test-artifacts/pictures"))
STILL_SECONDS = 5.0
DARK = 80  # of 255; a light screen behind a sheet is at 117
CONSOLE_PX = {(360, 780): "-phone", (1440, 900): ""}  # the walk continues in the last size
ALWAYS_LIGHT = {"app-qr"}  # a code needs a light background


def keep(page: Page, name: str, *, dark: bool = False) -> None:
    """Save a picture of the screen; for the gallery, wait until it has stopped moving."""
    GALLERY.mkdir(parents=True, exist_ok=True)
    settle(page)
    path = GALLERY / f"{name}.png"
    deadline = time.monotonic() + STILL_SECONDS
    before, picture = b"", page.screenshot(path=path)
    while time.monotonic() < deadline and _unfinished(before, picture, dark):  # a camera's view never stops moving
        wait_for_frames(page, 2)
        before, picture = picture, page.screenshot(path=path)
    assert len(picture) > 5_000, f"{name} is an empty screen"
    assert not dark or _is_dark(picture), f"{name} is not dark"
    if FOR_THE_GALLERY:  # the gallery is cloned with the code, so keep it small
        with Image.open(path) as taken:
            small = taken.convert("RGB").quantize(192, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def _unfinished(before: bytes, picture: bytes, dark: bool) -> bool:
    return (FOR_THE_GALLERY and before != picture) or (dark and not _is_dark(picture))


def _is_dark(picture: bytes) -> bool:
    with Image.open(io.BytesIO(picture)) as taken:
        shade = taken.convert("L").getpixel((4, 4))
    assert isinstance(shade, int)
    return shade < DARK


def keep_wide_and_narrow(page: Page, name: str) -> None:
    """Save a picture of a console page on a desktop and on a phone."""
    for size, suffix in CONSOLE_PX.items():
        page.set_viewport_size({"width": size[0], "height": size[1]})
        keep(page, f"console-{name}{suffix}")


def keep_in_scheme(page: Page, name: str, scheme: str) -> None:
    """Save a picture of an app screen in the device's colour scheme."""
    dark = scheme == "dark"
    keep(page, f"{name}-dark" if dark else name, dark=dark and name not in ALWAYS_LIGHT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_app(
    scheme: str,
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
    tmp_path: Path,
) -> None:
    """The pictures show log-in, profile, menu, code, scanner, a wrong turn, consent, done, linked, revoke and inbox."""
    unlinked("mia.bakes")
    phone = contexts.open("mia", **PHONE, color_scheme=scheme)
    mia = Owner(phone, demo_server, "mia.bakes")

    def shot(name: str, identifier: str) -> None:
        mia.sees(identifier)
        keep_in_scheme(phone, f"app-{name}", scheme)

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
    mia.sees_approve_listening()
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_posts(
    scheme: str,
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
    tmp_path: Path,
) -> None:
    """The pictures show a new post, the grid, the post, ad settings, the code, its ad, editing and ads only."""
    owner = unlinked("leo.rides")
    phone = contexts.open("leo", **PHONE, color_scheme=scheme)
    leo = Poster(phone, demo_server, "leo.rides")

    def shot(name: str, identifier: str) -> None:
        leo.sees(identifier)
        keep_in_scheme(phone, f"app-{name}", scheme)

    leo.open_app()
    leo.log_in()
    leo.sees("profile.handle")
    tap(phone, "profile.new")
    shot("new-post", "new.choose")
    leo.choose_file(draw_picture(tmp_path / "picture.jpg"))
    fill(phone, "new.caption", "Rye and honey, baked this morning")
    shot("new-post-chosen", "new.preview")
    tap(phone, "new.close")
    shot("new-post-discard", "new.discard")
    tap(phone, "new.keep")
    expect(tid(phone, "new.keep")).to_have_count(0)
    tap(phone, "new.post")
    expect(tid(phone, "new.post")).to_have_count(0)
    post_id = owner.call("GET", "/me/posts")["items"][0]["post_id"]
    tap(phone, f"profile.post.{post_id}")
    shot("post", "post.no-ads")
    tap(phone, "post.ad-settings")
    shot("ad-settings", "ads.switch")
    tap(phone, "ads.switch")
    shot("ad-settings-days", "ads.generate")
    tap(phone, "ads.generate")
    shot("ad-settings-code", "ads.code")
    code = owner.call("GET", f"/me/posts/{post_id}/spark-code")["code"]
    account_id = admin_api.use_code(code).account.account_id
    ad = admin_api.advertise(account_id, "Spring bread", mode="pull", post_id=post_id, by_spark_code=True)
    tap(phone, "ads.back")
    tap(phone, "post.back")
    expect_text(phone, re.compile("baked this morning, 0 plays, used in ads"))
    shot("profile-posts", f"profile.post.{post_id}")
    tap(phone, f"profile.post.{post_id}")
    tid(phone, "post.delete").scroll_into_view_if_needed()
    shot("post-in-ads", f"post.ad.{ad.ad_id}")
    tap(phone, "post.delete")
    shot("post-delete", "post.delete.confirm")
    tap(phone, "post.delete.cancel")
    tap(phone, "post.edit")
    tap(phone, "post.only-you")
    shot("post-edit", "edit.pauses")
    tap(phone, "edit.back")
    tap(phone, "post.ad-settings")
    tap(phone, "ads.revoke")
    shot("ad-settings-revoke", "ads.revoke.confirm")
    tap(phone, "ads.revoke.confirm")
    expect(tid(phone, "ads.code")).to_have_count(0)
    owner.approve(admin_api.make_code(["existing_posts", "new_videos_on_profile"]))
    admin_api.connect(account_id)
    pushed = admin_api.advertise(account_id, "Summer ride", mode="push", caption="Summer ride", ads_only=True)
    tap(phone, "ads.back")
    tap(phone, "post.back")
    tap(phone, "profile.ads-only")
    shot("ads-only", f"profile.post.{pushed.post.post_id}")
    tap(phone, f"profile.post.{pushed.post.post_id}")
    shot("ads-only-post", "post.caption")
    private = next(post for post in owner.call("GET", "/me/posts")["items"] if post["private"])
    leo.open_app(f"#/posts/{private['post_id']}/ads")
    shot("ad-settings-refused", "ads.refused")


def test_app_in_a_wide_window(contexts: Contexts, demo_server: ServerProcess, tmp_path: Path) -> None:
    """In a wide window the app is a phone-sized column in the middle, and an error appears next to the form."""
    page = contexts.open("leo")
    leo = Poster(page, demo_server, "leo.rides")
    leo.open_app()
    leo.log_in()
    leo.sees("profile.handle")
    keep(page, "app-wide")
    tap(page, leo.tiles.first.get_attribute("flt-semantics-identifier") or "")
    leo.sees("post.ad-settings")
    keep(page, "app-wide-post")
    leo.open_app("#/new")
    leo.sees("new.choose")
    with page.expect_file_chooser() as chooser:
        tap(page, "new.choose")
    notes = tmp_path / "notes.png"
    notes.write_text("only words")
    chooser.value.set_files(notes)
    leo.sees("post.error")
    keep(page, "app-wide-new-post-error")


def test_console(
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
) -> None:
    """The pictures show sign-in, overview, accounts, the four steps, the code's states, the panel and the lists."""
    page = contexts.open("alice", viewport={"width": 1440, "height": 900})
    alice = Admin(page, demo_server)

    def shot(name: str) -> None:
        keep_wide_and_narrow(page, name)

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


def test_ads_manager(
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
    tmp_path: Path,
) -> None:
    """The pictures show the identities, the post, the new content, the list, and an ad."""
    page = contexts.open("alice", viewport={"width": 1440, "height": 900})
    alice = Admin(page, demo_server)
    unlinked("mia.bakes").approve(admin_api.make_code())
    unlinked("jo.grows").approve(admin_api.make_code(["existing_posts", "live_videos"]))
    advertiser = admin_api.call("GET", f"{admin_api.center}/ad-accounts")["items"][0]["advertiser_id"]
    for handle in ("mia.bakes", "jo.grows"):
        linked = admin_api.linked(handle)
        assert linked is not None
        place = f"{admin_api.center}/tiktok-accounts/{linked.account.account_id}/ad-accounts/{advertiser}"
        admin_api.call("PUT", place)
    picture = tmp_path / "bread.png"
    ImageOps.colorize(Image.radial_gradient("L").resize((450, 600)), "#f1cf9c", "#7a4a1e").save(picture)

    def shot(name: str) -> None:
        page.evaluate("scrollTo(0, 0)")
        keep_wide_and_narrow(page, name)

    def begin(way: str) -> None:
        page.goto(f"{demo_server.url}/bc/{alice.login['bc_id']}/ads/new?advertiser={advertiser}")
        if way:
            page.locator('[data-handle="mia.bakes"]').get_by_test_id(way).click()

    alice.sign_in()
    begin("")
    expect(alice.find("identity").first).to_be_visible()
    shot("ads-identity")
    begin("way-pull")
    alice.find("pick-post").nth(1).check()
    shot("ads-post")
    alice.find("ad-name").fill("Spring bakes")
    alice.find("create").click()
    alice.find("pause-ad").click()
    expect(alice.find("why-paused")).to_be_visible()
    begin("way-push")
    alice.find("ad-file").set_input_files(picture)
    alice.find("ad-caption").fill("Fresh from the oven. Every Friday at seven.")
    alice.find("ad-name").fill("Friday bread")
    shot("ads-new-video")
    alice.find("create").click()
    expect(alice.find("ads-only-locked")).to_be_visible()
    shot("ad")
    page.goto(f"{demo_server.url}/bc/{alice.login['bc_id']}/ads")
    expect(alice.find("ad-row").first).to_be_visible()
    shot("ads")
    for name in ("Spring bakes", "Friday bread"):
        alice.find("ad-row").filter(has_text=name).first.get_by_role("link").first.click()
        alice.find("delete-ad").click()
        alice.find("delete-confirm").click()
        expect(page.get_by_text("The ad is deleted.")).to_be_visible()


def _open_requests(admin_api: AdminApi) -> list[dict[str, str]]:
    items: list[dict[str, str]] = admin_api.call("GET", f"{admin_api.center}/link-requests")["items"]
    return items
