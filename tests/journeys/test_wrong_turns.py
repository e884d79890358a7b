"""Every wrong turn has its own plain message, and nothing is granted on the way."""

import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from shared import qr
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Owner
from tests.support.flet import fill, tap, tid
from tests.support.server import ServerProcess


def _save(tmp_path: Path, png: bytes) -> Path:
    path = tmp_path / "code.png"
    path.write_bytes(png)
    return path


def test_decline(admin_api: AdminApi, mia: Owner, tmp_path: Path) -> None:
    """A declined request grants nothing, and both sides know."""
    request = admin_api.make_code()
    mia.walk_to_scanner()
    mia.choose_picture(_save(tmp_path, admin_api.picture(request)))
    mia.decline()
    mia.expect_problem(re.compile("declined", re.IGNORECASE))
    assert admin_api.state(request) == "declined"
    assert admin_api.linked("mia.bakes") is None


def test_expired_while_reading(admin_api: AdminApi, mia: Owner, tmp_path: Path) -> None:
    """A request that runs out on the consent screen says so by itself, and nothing is granted."""
    mia.walk_to_scanner()
    request = admin_api.make_code(lifetime_seconds=8)
    mia.choose_picture(_save(tmp_path, admin_api.picture(request)))
    mia.sees("consent.who")
    mia.expect_problem(re.compile("expired", re.IGNORECASE))
    assert admin_api.linked("mia.bakes") is None


def test_cancelled_while_reading(admin_api: AdminApi, mia: Owner, tmp_path: Path) -> None:
    """Approve leaves the screen soon after the admin cancelled, without a touch; the browser's Back offers nothing."""
    mia.walk_to_scanner()
    request = admin_api.make_code()
    mia.choose_picture(_save(tmp_path, admin_api.picture(request)))
    mia.sees("consent.who")
    mia.page.wait_for_timeout(2_500)  # it has looked at least once by then, and stays
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


@pytest.mark.parametrize(
    ("scene", "title"),
    [
        (_cancelled, "cancelled"),
        (_used, "already used|used"),
        (_declined, "declined"),
        (_replaced, "not known|newer|no longer"),
        (_for_another, "another account|different account"),
        (_foreign, "not a Sparklink code"),
        (_no_code, "no code"),
        (_no_picture, "picture"),
    ],
    ids=["cancelled", "used", "declined", "replaced", "another-account", "foreign", "no-code", "no-picture"],
)
def test_wrong_code(
    scene: Callable[[AdminApi, OwnerApi], bytes],
    title: str,
    admin_api: AdminApi,
    mia: Owner,
    unlinked: Callable[[str], OwnerApi],
    tmp_path: Path,
) -> None:
    """Each wrong code is explained in its own words."""
    picture = _save(tmp_path, scene(admin_api, unlinked("jo.grows")))
    mia.walk_to_scanner()
    mia.choose_picture(picture)
    mia.expect_problem(re.compile(title, re.IGNORECASE))
    assert admin_api.linked("mia.bakes") is None


def test_attempt_on_anothers_code_is_seen_by_the_admin(
    admin_api: AdminApi, mia: Owner, unlinked: Callable[[str], OwnerApi], tmp_path: Path
) -> None:
    """A refused attempt stands in the activity log with the handle that tried."""
    picture = _save(tmp_path, _for_another(admin_api, unlinked("jo.grows")))
    mia.walk_to_scanner()
    mia.choose_picture(picture)
    mia.expect_problem(re.compile("another account|different account", re.IGNORECASE))
    log = admin_api.call("GET", f"{admin_api.center}/audit-log")["items"]
    assert log[0]["type"] == "link_request.refused"
    assert log[0]["data"]["handle"] == "mia.bakes"


def test_wrong_password(mia: Owner) -> None:
    """A wrong password is said at the form, and what was typed stays."""
    mia.open_app()
    fill(mia.page, "login.handle", mia.handle)
    fill(mia.page, "login.password", "not the password")
    tap(mia.page, "login.submit")
    mia.sees("login.error")


def test_profile_code_opens_the_card(mia: Owner, demo_server: ServerProcess, tmp_path: Path) -> None:
    """Another account's own QR code is no error: it opens that profile."""
    text = qr.format_profile(demo_server.url, "jo.grows")
    mia.walk_to_scanner()
    mia.choose_picture(_save(tmp_path, qr.draw_png(text)))
    mia.sees("card.scan")
