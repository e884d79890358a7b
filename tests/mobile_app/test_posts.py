"""An owner's posts and Spark codes: the state without a page, and the screens without a browser."""

import io
from typing import Any

import flet as ft
import pytest
from PIL import Image

from mobile_app import texts
from mobile_app.state.app import AppState
from mobile_app.state.posting import PostsState, pausing
from mobile_app.state.upload_limit import TOO_LARGE_PLACEHOLDER, UPLOAD_LIMIT_BYTES
from shared.wire import Post
from tests.mobile_app.conftest import Line, OpenPhone
from tests.mobile_app.harness import Phone
from tests.server.world import World

Text = texts.Posts


def picture(color: str = "#D8572A", size: tuple[int, int] = (900, 1200), kind: str = "JPEG") -> bytes:
    """Return a picture file."""
    written = io.BytesIO()
    Image.new("RGB", size, color).save(written, kind)
    return written.getvalue()


@pytest.fixture
def posts(app: AppState) -> PostsState:
    """Return the state of mia's posts."""
    return PostsState(app)


async def publish(posts: PostsState, caption: str = "Rye and honey", private: bool = False) -> Post:
    """Publish a picture and return the post."""
    assert await posts.choose("rye.jpg", picture(), 1000)
    posts.caption, posts.private = caption, private
    assert await posts.post(), posts.error
    assert posts.app.profile is not None
    return posts.app.profile.posts[0]


async def advertise_by_code(world: World, code: str, post_id: str) -> str:
    """Let Northwind use a post with its Spark code, and return the ad's id."""
    base, advertiser_id = f"/business-centers/{world.bc_id}", world.cast.advertisers[0]
    used = await world.alice.post(f"{base}/ad-accounts/{advertiser_id}/spark-codes", {"auth_code": code})
    assert used.status_code == 200, used.text
    ad = {
        "mode": "pull",
        "advertiser_id": advertiser_id,
        "account_id": world.cast.ids["mia"],
        "name": "Spring bread",
        "post_id": post_id,
        "by_spark_code": True,
    }
    made = await world.alice.post(f"{base}/spark-ads", ad)
    assert made.status_code == 201, made.text
    return str(made.json()["ad_id"])


async def push(world: World, ads_only: bool) -> str:
    """Let Northwind publish new content in mia's name; return the post's id."""
    base, advertiser_id = f"/business-centers/{world.bc_id}", world.cast.advertisers[0]
    mia = world.cast.ids["mia"]
    await world.alice.put(f"{base}/tiktok-accounts/{mia}/ad-accounts/{advertiser_id}")
    ad = {
        "mode": "push",
        "advertiser_id": advertiser_id,
        "account_id": mia,
        "name": "New video",
        "caption": "Made by Northwind",
        "ads_only": ads_only,
    }
    made = await world.alice.post(f"{base}/spark-ads", ad)
    assert made.status_code == 201, made.text
    return str(made.json()["post"]["post_id"])


async def test_a_posted_picture_appears_on_the_profile(posts: PostsState) -> None:
    """A new post comes first, with a cover, its caption and its privacy; the form is empty again."""
    post = await publish(posts, " Rye and honey ", private=True)
    assert (post.caption, post.private, post.content_type) == ("Rye and honey", True, "image/jpeg")
    assert post.cover_url is not None
    assert (posts.draft, posts.caption, posts.private) == (None, "", False)


async def test_a_wrong_file_keeps_the_caption_and_the_earlier_file(posts: PostsState) -> None:
    """The app reports a wrong file before it sends anything, and nothing is lost."""
    posts.caption = "Typed already"
    assert await posts.choose("good.png", picture(kind="PNG"), 1000)
    kept = posts.draft
    assert not await posts.choose("notes.txt", b"only words", 10)
    assert (posts.error, posts.draft, posts.caption) == (Text.NOT_MEDIA, kept, "Typed already")
    assert not await posts.choose("huge.mp4", None, UPLOAD_LIMIT_BYTES + 1)
    assert (posts.error, posts.draft) == (Text.TOO_LARGE, kept)
    assert not await posts.choose("huge.mp4", TOO_LARGE_PLACEHOLDER, len(TOO_LARGE_PLACEHOLDER))
    assert (posts.error, posts.draft, posts.caption) == (Text.TOO_LARGE, kept, "Typed already")
    assert not await posts.choose("cut.jpg", picture()[:300], 300)
    assert posts.error == Text.NOT_MEDIA
    assert not await posts.choose("vast.png", picture(size=(4100, 4000), kind="PNG"), 60_000)
    assert (posts.error, posts.draft) == (Text.TOO_MANY_PIXELS, kept)


async def test_a_silent_server_loses_nothing_that_was_typed(posts: PostsState, line: Line) -> None:
    """A later attempt works with the same file and caption."""
    await posts.choose("rye.jpg", picture(), 1000)
    posts.caption = "Rye"
    line.cut = True
    assert not await posts.post()
    assert (posts.error, posts.caption) == (Text.UNREACHABLE, "Rye")
    line.cut = False
    assert await posts.post()


async def test_a_caption_that_is_too_long_is_not_sent(posts: PostsState, line: Line) -> None:
    """The app applies the server's own limit before the upload."""
    await posts.choose("rye.jpg", picture(), 1000)
    posts.caption = "x" * 2201
    assert not await posts.post()
    assert posts.error == Text.CAPTION_TOO_LONG
    assert "POST /api/v1/me/posts" not in line.requests


async def test_a_draft_survives_a_lost_session_but_not_another_person(posts: PostsState, world: World) -> None:
    """The same person continues after logging in again; somebody else never sees the draft."""
    app = posts.app
    assert await app.log_in("mia.bakes", "correct horse battery staple")
    posts.begin()
    await posts.choose("rye.jpg", picture(), 1000)
    posts.caption = "Rye"
    app.client.token = "gone"
    assert not await posts.post()
    assert app.account is None
    assert await app.log_in("mia.bakes", "correct horse battery staple")
    posts.begin()
    assert posts.caption == "Rye"
    app.client.token = "gone"
    assert not await posts.post()
    assert await app.log_in("leo.rides", "correct horse battery staple")
    posts.begin()
    assert (posts.caption, posts.draft) == ("", None)


async def test_change_and_delete(posts: PostsState) -> None:
    """Caption and privacy change, deleting removes the post, and deleting it again is not an error."""
    post = await publish(posts)
    await posts.load(post.post_id)
    assert await posts.change(post.post_id, "Rye, again", private=True)
    changed = posts.find(post.post_id)
    assert changed is not None
    assert (changed.post.caption, changed.post.private) == ("Rye, again", True)
    assert await posts.delete(post.post_id)
    assert posts.app.profile is not None
    assert post.post_id not in [shown.post_id for shown in posts.app.profile.posts]
    assert await posts.delete(post.post_id)
    await posts.load(post.post_id)
    assert posts.find(post.post_id) is None
    assert posts.trouble is not None


async def test_spark_code_from_making_to_revoking(posts: PostsState, world: World) -> None:
    """The post lists the ad that uses it; revoking the code pauses that ad, with the reason."""
    post = await publish(posts)
    assert await posts.make_code(post.post_id, 60)
    shown = posts.find(post.post_id)
    assert shown is not None
    assert shown.spark_code is not None
    assert shown.spark_code.days == 60
    await advertise_by_code(world, shown.spark_code.code, post.post_id)
    await posts.load(post.post_id)
    using = posts.find(post.post_id)
    assert using is not None
    assert [(ad.name, ad.status) for ad in using.used_by] == [("Spring bread", "running")]
    assert [ad.name for ad in pausing(using.used_by, by_code=True)] == ["Spring bread"]
    assert await posts.revoke_code(post.post_id)
    after = posts.find(post.post_id)
    assert after is not None
    assert after.spark_code is None
    (ad,) = after.used_by
    assert ad.paused is not None
    assert Text.REASONS[ad.paused.reason] == "You revoked the Spark code."


async def test_no_code_for_a_private_post(posts: PostsState) -> None:
    """The server refuses a code for a private post, and the app shows the reason."""
    post = await publish(posts, private=True)
    assert not await posts.make_code(post.post_id, 30)
    assert "private" in posts.error


async def test_what_a_business_pushes(posts: PostsState, world: World) -> None:
    """A post pushed to the profile appears in the grid; one for ads only is listed separately."""
    await world.link(world.mia, "existing_posts", "new_videos_on_profile")
    on_profile, ads_only = await push(world, ads_only=False), await push(world, ads_only=True)
    await posts.app.load_profile()
    await posts.load_ads_only()
    assert posts.app.profile is not None
    grid = {post.post_id: post for post in posts.app.profile.posts}
    assert grid[on_profile].origin == "business_center"
    assert grid[on_profile].in_ads
    assert ads_only not in grid
    assert [post.post_id for post in posts.ads_only or []] == [ads_only]


async def choose_file(phone: Phone, name: str, content: bytes) -> None:
    """Choose a file for a new post."""
    await phone.see("new.choose")
    (button,) = phone.controls("new.choose")
    file: dict[str, Any] = {"id": 1, "name": name, "size": len(content), "bytes": content}
    await phone.session.dispatch_event(button.action.file_picker._i, "result", {"files": [file]})


async def test_the_screens_of_a_post(world: World, open_phone: OpenPhone) -> None:
    """The screens lead from the plus button to the post, its code, an ad, and the sheets that name what pauses."""
    phone = await open_phone(log_in_as="mia.bakes")
    await phone.tap("profile.new")
    await choose_file(phone, "rye.jpg", picture())
    await phone.see("new.preview")
    await phone.type("new.caption", "Rye and honey")
    await phone.tap("new.post")
    await phone.until(lambda: phone.page.route == "/")
    state = phone.session.store.get("app")
    await phone.until(lambda: state.profile.posts[0].caption == "Rye and honey")
    post_id = state.profile.posts[0].post_id
    await phone.tap(f"profile.post.{post_id}")
    await phone.see("post.caption", "post.no-ads")
    await phone.tap("post.ad-settings")
    await phone.switch("ads.switch", on=True)
    await phone.tap("ads.days.7")
    await phone.tap("ads.generate")
    await phone.see("ads.code")
    code = phone.text("ads.code")
    ad_id = await advertise_by_code(world, code, post_id)
    phone.goes_back_to("/")
    await phone.tap(f"profile.post.{post_id}")
    await phone.see(f"post.ad.{ad_id}")
    await phone.tap("post.ad-settings")
    await phone.tap("ads.revoke")
    await phone.see("ads.revoke.confirm")
    assert "“Spring bread” of Northwind Coffee" in phone.texts()
    await phone.tap("ads.revoke.confirm")
    await phone.until(lambda: not phone.shows("ads.code"))
    await phone.tap("ads.back")
    await phone.until(lambda: "You revoked the Spark code." in phone.texts())


async def test_a_private_post_has_no_ad_authorization(world: World, open_phone: OpenPhone) -> None:
    """The switch is disabled and says why, even when the address is opened directly."""
    mine = (await world.mia.get("/me/posts")).json()["items"]
    private = next(post["post_id"] for post in mine if post["private"])
    phone = await open_phone(f"/posts/{private}/ads", log_in_as="mia.bakes")
    await phone.see("ads.refused")
    (switch,) = phone.controls("ads.switch")
    assert isinstance(switch, ft.Switch)
    assert switch.disabled


async def test_leaving_a_new_post_asks_first(open_phone: OpenPhone) -> None:
    """One tap never discards what was typed."""
    phone = await open_phone("/new", log_in_as="mia.bakes")
    await phone.type("new.caption", "Half a thought")
    await phone.tap("new.close")
    await phone.see("new.discard")
    await phone.tap("new.keep")
    await phone.until(lambda: phone.page.route == "/new")
    assert phone.text("new.caption") == "Half a thought"
    await phone.tap("new.close")
    await phone.tap("new.discard")
    await phone.until(lambda: phone.page.route == "/")
    phone.goes_back_to("/new")
    await phone.until(lambda: phone.shows("new.caption") and phone.text("new.caption") == "")


async def test_a_post_that_is_gone_has_its_own_message(open_phone: OpenPhone) -> None:
    """A deep link to a deleted post ends at a plain message with a way on."""
    phone = await open_phone("/posts/1000000000000000001", log_in_as="mia.bakes")
    await phone.see("problem.title")
    assert phone.text("problem.title") == texts.Problems.GONE[0]
