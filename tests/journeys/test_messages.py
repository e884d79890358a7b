"""Every message of the app, produced by its real cause in a browser, with its picture in docs/pictures/."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from mobile_app.texts import Away, Consent, LogIn, Posts, Problems, Scan
from shared import qr
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import SCREEN_MS, Owner, Poster
from tests.journeys.test_screens import keep
from tests.support.browser import PHONE, Contexts
from tests.support.companion import CompanionProcess
from tests.support.flet import expect_text, fill, tap, tid
from tests.support.post_picture import draw_picture
from tests.support.server import ServerProcess

PICTURES: Final = Path(__file__).parents[2] / "docs" / "pictures"
# What each picture `app-message-NAME.png` shows.
SEEN: Final = {
    "no-code": Problems.NO_CODE[0],
    "unreadable": Problems.UNREADABLE[0],
    "foreign": Problems.FOREIGN[0],
    "not-found": Problems.NOT_FOUND[0],
    "expired": Problems.EXPIRED[0],
    "cancelled": Problems.CANCELLED[0],
    "declined": Problems.DECLINED[0],
    "used": Problems.USED[0],
    "another": Problems.ANOTHER[0],
    "account-limit": Problems.ACCOUNT_LIMIT[0],
    "business-limit": Problems.BC_LIMIT[0],
    "unreachable": Problems.UNREACHABLE[0],
    "too-many": Problems.TOO_MANY[0],
    "changed-elsewhere": Problems.CHANGED_ELSEWHERE[0],
    "gone": Problems.GONE[0],
    "no-profile": Problems.NO_PROFILE[0],
    "you-declined": Problems.YOU_DECLINED[0],
    "away": Away.TITLE,
    "consent-changed": Consent.CHANGED,
    "nothing-chosen": Consent.NOTHING_CHOSEN,
    "several": Scan.WHICH,
    "typed-malformed": Scan.TYPE_MALFORMED,
    "typed-unknown": Scan.TYPE_UNKNOWN,
    "log-in-empty": LogIn.NO_HANDLE,
    "log-in-wrong": LogIn.WRONG,
    "log-in-unreachable": LogIn.UNREACHABLE,
    "session-over": LogIn.SESSION_OVER,
    "post-unreachable": Posts.UNREACHABLE,
}
# Messages that appear in another journey's picture, and messages that no browser can be made to show.
ELSEWHERE: Final = {
    Scan.NO_CAMERA: "app-scan",
    Scan.DENIED: "app-scan-denied",
    Scan.INSECURE: "app-scan-insecure",
    Scan.IN_USE: "app-scan-taken",
    Posts.NOT_MEDIA: "app-wide-new-post-error",
    LogIn.NO_PASSWORD: "app-message-log-in-empty",
}
UNSEEN: Final = {
    Problems.BUSY[0]: "the database would have to be blocked for seconds; tests/mobile_app/test_notices.py",
    Problems.OCCUPIED[0]: "the screen shows who has it, so the request counts as changed before it can be refused",
    Consent.OCCUPIED: "as above",
    Problems.OTHER[0]: "for problem types that this version does not know",
    Posts.NO_FILE: "the button is enabled only once there is a file",
    LogIn.NOT_AN_OWNER: "the app sends a handle, and the server never signs a member in with one",
}
ERRORS: Final = {
    LogIn: ("NO_HANDLE", "NO_PASSWORD", "WRONG", "NOT_AN_OWNER", "SESSION_OVER", "UNREACHABLE"),
    Consent: ("NOTHING_CHOSEN", "CHANGED", "OCCUPIED"),
    Scan: ("NO_CAMERA", "IN_USE", "DENIED", "INSECURE", "WHICH", "TYPE_MALFORMED", "TYPE_UNKNOWN"),
    Posts: ("NO_FILE", "NOT_MEDIA", "UNREACHABLE"),
    Away: ("TITLE",),
}


def test_every_message_has_its_picture_or_a_reason() -> None:
    """A new message needs a real cause in this file, or a reason why it has none."""
    messages = {words[0] for words in vars(Problems).values() if isinstance(words, tuple)}
    messages |= {getattr(owner, name) for owner, names in ERRORS.items() for name in names}
    assert messages - set(SEEN.values()) - set(ELSEWHERE) - set(UNSEEN) == set()
    pictures = {f"app-message-{name}" for name in SEEN} | set(ELSEWHERE.values())
    assert {name for name in pictures if not (PICTURES / f"{name}.png").exists()} == set()


@pytest.fixture(scope="module")
def companion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CompanionProcess]:
    """Run the app in its own process, with a server for this file only, so that these tests disturb no others."""
    folder = tmp_path_factory.mktemp("messages")
    server = ServerProcess(folder / "server")
    server.start()
    process = CompanionProcess(folder / "companion", server)
    process.start()
    yield process
    process.stop()
    server.stop()
    assert "Traceback" not in process.output() + server.output()


def _sql(server: ServerProcess, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(server.data_dir / "sparklink.db", timeout=20)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def _shows(owner: Owner, name: str) -> None:
    expect_text(owner.page, SEEN[name])
    keep(owner.page, f"app-message-{name}")


def _picture(folder: Path, content: bytes) -> Path:
    path = folder / "picture.png"
    path.write_bytes(content)
    return path


def _opens(owner: Owner, url: str | None) -> None:
    owner.open_app(f"#/l/{(url or '').rpartition('#')[2]}")


def test_in_the_scanner(contexts: Contexts, companion: CompanionProcess, tmp_path: Path) -> None:
    """The scanner explains pictures with no, foreign or several codes, wrong letters, and too many attempts."""
    mia = Owner(contexts.open("mia", **PHONE), companion, "mia.bakes")
    first, second = (AdminApi(companion.server).make_code() for _ in range(2))
    codes = [cv2.imdecode(np.frombuffer(qr.draw_png(code.url or ""), np.uint8), 0) for code in (first, second)]
    grey = np.full((300, 300), 128, np.uint8)
    mia.open_app("#/qr/scan")
    mia.log_in()
    mia.sees("scan.album")
    for name, content in {
        "no-code": cv2.imencode(".png", grey)[1].tobytes(),
        "unreadable": b"this is not a picture",
        "foreign": qr.draw_png("https://login.example.org/l#AAAAAAAAAAAAAAAAAAAAAA"),
    }.items():
        mia.choose_picture(_picture(tmp_path, content))
        _shows(mia, name)
        tap(mia.page, "problem.action")
        expect(tid(mia.page, "problem.title")).to_have_count(0)
    mia.choose_picture(_picture(tmp_path, cv2.imencode(".png", np.hstack(codes))[1].tobytes()))
    _shows(mia, "several")
    tap(mia.page, "scan.again")
    mia.sees("scan.album")
    mia.choose_picture(_picture(tmp_path, qr.draw_png(qr.format_profile(companion.server.url, "nobody.here"))))
    _shows(mia, "no-profile")
    mia.open_app("#/qr/scan/code")
    mia.sees("typed.code")
    for name, letters in (("typed-malformed", "AEIOU"), ("typed-unknown", "BCDFG-HJKLM")):
        fill(mia.page, "typed.code", letters)
        tap(mia.page, "typed.submit")
        _shows(mia, name)
    for letter in "BCDFG":
        fill(mia.page, "typed.code", "BCDFG-HJKL" + letter)
        expect(
            tid(mia.page, "typed.submit").locator("[flt-tappable]")
        ).to_be_attached()  # the previous one has been answered
        tap(mia.page, "typed.submit")
    _shows(mia, "too-many")


def test_codes_that_are_over(contexts: Contexts, companion: CompanionProcess) -> None:
    """Replaced, cancelled, declined and used codes, codes for another account, and both limits have their messages."""
    server = companion.server
    admin, jo = AdminApi(server), OwnerApi(server, "jo.grows")
    codes = {name: admin.make_code() for name in ("not-found", "cancelled", "declined", "used", "limit")}
    codes["another"] = admin.make_code(for_handle="jo.grows")
    admin.act(codes["not-found"], "new-code")
    admin.act(codes["cancelled"], "cancel")
    jo.decline(codes["declined"])
    jo.approve(codes["used"])
    leo = Owner(contexts.open("leo", **PHONE), companion, "leo.rides")
    leo.open_app()
    leo.log_in()
    for name in ("not-found", "cancelled", "declined", "used", "another"):
        _opens(leo, codes[name].url)
        _shows(leo, name)
    for name, table, column in (
        ("account-limit", "tiktok_accounts", "business_center_count"),
        ("business-limit", "business_centers", "account_count"),
    ):
        counts = _sql(server, f"SELECT {column}, rowid FROM {table}")
        _sql(server, f"UPDATE {table} SET {column} = 800")
        _opens(leo, codes["limit"].url)
        _shows(leo, name)
        for count in counts:
            _sql(server, f"UPDATE {table} SET {column} = ? WHERE rowid = ?", *count)


def test_while_reading_and_after(contexts: Contexts, companion: CompanionProcess) -> None:
    """Changes during a decision, or while somebody looks at a link, have their messages."""
    server = companion.server
    admin, charlie, owner = AdminApi(server), AdminApi(server, "outsider"), OwnerApi(server, "mia.bakes")
    mia = Owner(contexts.open("mia", **PHONE), companion, "mia.bakes")
    exclusive = admin.make_code(["existing_posts", "live_gmv_max"])
    _opens(mia, exclusive.url)
    mia.log_in()
    mia.sees("consent.who")
    owner.approve(charlie.make_code(["live_gmv_max"]))
    mia.press_approve()
    _shows(mia, "consent-changed")
    tap(mia.page, "consent.switch.existing_posts")
    _shows(mia, "nothing-chosen")
    owner.approve(admin.make_code(["existing_posts", "live_videos"]))
    mia.decline()
    _shows(mia, "you-declined")
    _opens(mia, admin.make_code(lifetime_seconds=6).url)
    _shows(mia, "expired")  # the screen itself checks whether the request is still open

    link = next(item for item in owner.call("GET", "/me/linked-businesses")["items"] if len(item["permissions"]) == 2)
    path = f"/me/linked-businesses/{link['authorization_id']}"
    mia.open_app(f"#/linked/{link['authorization_id']}")
    tap(mia.page, "linked.detail.switch.live_videos")
    mia.sees("linked.narrow.confirm")
    owner.call("PATCH", path, json={"permissions": ["live_videos"]})
    tap(mia.page, "linked.narrow.confirm")
    _shows(mia, "changed-elsewhere")
    owner.approve(admin.make_code(["existing_posts", "live_videos"]))
    tap(mia.page, "problem.action")
    tap(mia.page, f"linked.row.{link['business_center']['bc_id']}")
    tap(mia.page, "linked.detail.switch.live_videos")
    mia.sees("linked.narrow.confirm")
    owner.revoke_all()
    tap(mia.page, "linked.narrow.confirm")
    _shows(mia, "gone")


def test_at_the_log_in_and_without_a_server(contexts: Contexts, companion: CompanionProcess, tmp_path: Path) -> None:
    """An empty form, a wrong password, an expired session and a silent server are explained on every screen."""
    server = companion.server
    jo = Poster(contexts.open("jo", **PHONE), companion, "jo.grows")
    code = AdminApi(server).make_code()
    jo.open_app("#/new")
    tap(jo.page, "login.submit")
    _shows(jo, "log-in-empty")
    fill(jo.page, "login.handle", jo.handle)
    fill(jo.page, "login.password", "not the password")
    tap(jo.page, "login.submit")
    _shows(jo, "log-in-wrong")
    jo.log_in()
    jo.sees("new.choose")
    _sql(server, "DELETE FROM sessions")
    jo.open_app("#/inbox")
    _shows(jo, "session-over")
    jo.open_app("#/new")
    jo.log_in()
    jo.choose_file(draw_picture(tmp_path / "picture.jpg"))
    leo = Owner(contexts.open("leo", **PHONE), server, "leo.rides")
    leo.open_app()
    leo.sees("login.submit")
    assert server.stop() == 0
    expect(leo.page.locator("#away")).to_be_visible(timeout=SCREEN_MS)
    keep(leo.page, "app-message-away")
    tap(jo.page, "new.post")
    _shows(jo, "post-unreachable")
    _opens(jo, code.url)
    _shows(jo, "unreachable")
    jo.open_app()
    tap(jo.page, "profile.menu")
    tap(jo.page, "menu.logout")
    jo.log_in()
    _shows(jo, "log-in-unreachable")
