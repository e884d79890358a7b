"""Every wrong turn has its own plain message and grants nothing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from playwright.sync_api import expect

from shared import qr
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Owner
from tests.support.flet import tap, tid
from tests.support.server import ServerProcess


def _save(tmp_path: Path, png: bytes) -> Path:
    path = tmp_path / "code.png"
    path.write_bytes(png)
    return path


def test_decline(admin_api: AdminApi, mia: Owner, tmp_path: Path) -> None:
    """A declined request grants nothing, and both sides see that."""
    request = admin_api.make_code()
    mia.open_scanner()
    mia.choose_picture(_save(tmp_path, admin_api.picture(request)))
    mia.decline()
    mia.expect_problem(re.compile("declined", re.IGNORECASE))
    assert admin_api.state(request) == "declined"
    assert admin_api.linked("mia.bakes") is None


def test_expired_while_reading(admin_api: AdminApi, mia: Owner, tmp_path: Path) -> None:
    """The consent screen itself reports that its request expired; until then it checks often and stays."""
    mia.open_scanner()
    request = admin_api.make_code(lifetime_seconds=8)
    mia.choose_picture(_save(tmp_path, admin_api.picture(request)))
    mia.sees("consent.who")
    mia.expect_problem(re.compile("expired", re.IGNORECASE))
    assert admin_api.linked("mia.bakes") is None


def test_cancelled_while_reading(admin_api: AdminApi, mia: Owner, tmp_path: Path) -> None:
    """Approve disappears soon after the admin cancels, without a tap, and the browser's Back does not restore it."""
    mia.open_scanner()
    request = admin_api.make_code()
    mia.choose_picture(_save(tmp_path, admin_api.picture(request)))
    mia.sees("consent.who")
    mia.sees("consent.approve")
    admin_api.act(request, "cancel")
    mia.expect_problem(re.compile("cancelled", re.IGNORECASE))
    mia.page.go_back()
    mia.sees("scan.album")
    expect(tid(mia.page, "consent.approve")).to_have_count(0)


def _cancelled(admin: AdminApi, _other: OwnerApi) -> bytes:
    request = admin.make_code()
    picture = admin.picture(request)
    admin.act(request, "cancel")
    return picture


def _used(admin: AdminApi, other: OwnerApi) -> bytes:
    request = admin.make_code()
    picture = admin.picture(request)
    other.approve(request)
    return picture


def _declined(admin: AdminApi, other: OwnerApi) -> bytes:
    request = admin.make_code()
    picture = admin.picture(request)
    other.decline(request)
    return picture


def _replaced(admin: AdminApi, _other: OwnerApi) -> bytes:
    request = admin.make_code()
    picture = admin.picture(request)
    admin.act(request, "new-code")
    return picture


def _for_another(admin: AdminApi, other: OwnerApi) -> bytes:
    return admin.picture(admin.make_code(for_handle=other.handle))


def _foreign(_admin: AdminApi, _other: OwnerApi) -> bytes:
    return qr.draw_png("https://login.example.org/l#AAAAAAAAAAAAAAAAAAAAAA")


def _no_code(_admin: AdminApi, _other: OwnerApi) -> bytes:
    noise = np.random.default_rng(3).integers(0, 255, (300, 300), dtype=np.uint8)
    return cv2.imencode(".png", cv2.GaussianBlur(noise, (9, 9), 0))[1].tobytes()


def _no_picture(_admin: AdminApi, _other: OwnerApi) -> bytes:
    return b"this is not a picture"


REFUSED: Final = {
    _cancelled: "cancelled",
    _used: "already used|used",
    _declined: "declined",
    _replaced: "not known|newer|no longer",
    _for_another: "another account|different account",
}
UNREAD: Final = {_foreign: "not a Sparklink code", _no_code: "no code", _no_picture: "picture"}


def test_codes_that_are_refused(
    admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi], tmp_path: Path
) -> None:
    """Each refused code has its own explanation; the admin sees who tried a code meant for another account."""
    jo = unlinked("jo.grows")
    mia.open_scanner()
    for scene, title in REFUSED.items():
        mia.choose_picture(_save(tmp_path, scene(admin_api, jo)))
        mia.expect_problem(re.compile(title, re.IGNORECASE))
        assert admin_api.linked("mia.bakes") is None
        mia.page.go_back()
        expect(tid(mia.page, "problem.title")).to_have_count(0)
        mia.sees("scan.album")
    log = admin_api.call("GET", f"{admin_api.center}/audit-log")["items"]
    assert log[0]["type"] == "link_request.refused"
    assert log[0]["data"]["handle"] == "mia.bakes"


def test_pictures_without_a_code_of_ours(
    admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi], tmp_path: Path
) -> None:
    """The scanner explains what is wrong with each picture, and then accepts another."""
    jo = unlinked("jo.grows")
    mia.open_scanner()
    for scene, title in UNREAD.items():
        mia.choose_picture(_save(tmp_path, scene(admin_api, jo)))
        mia.expect_problem(re.compile(title, re.IGNORECASE))
        assert admin_api.linked("mia.bakes") is None
        tap(mia.page, "problem.action")
        expect(tid(mia.page, "problem.title")).to_have_count(0)


def test_profile_code_opens_the_card(mia: Owner, demo_server: ServerProcess, tmp_path: Path) -> None:
    """Another account's profile code is not an error: it opens that profile."""
    text = qr.format_profile(demo_server.url, "jo.grows")
    mia.open_scanner()
    mia.choose_picture(_save(tmp_path, qr.draw_png(text)))
    mia.sees("card.scan")
