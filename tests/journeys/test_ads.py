"""Spark Ads in a real browser, from assigning a member to the owner's revocation."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from shared import wire
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Admin
from tests.support.server import ServerProcess

LIVE_MS = 10_000


@pytest.fixture
def owner(admin_api: AdminApi, unlinked: Callable[[str], OwnerApi]) -> OwnerApi:
    """Return mia's API, after she has approved both permissions that Spark Ads need."""
    mia = unlinked("mia.bakes")
    mia.approve(admin_api.make_code())
    return mia


@pytest.fixture
def linked(admin_api: AdminApi, owner: OwnerApi) -> wire.LinkedAccount:
    """Return mia's row in the TikTok accounts tab."""
    found = admin_api.linked(owner.handle)
    assert found is not None
    return found


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Make a picture for an album."""
    path = tmp_path / "bread.png"
    Image.new("RGB", (450, 600), "#c98b4a").save(path)
    return path


def _row(alice: Admin, name: str) -> Locator:
    return alice.find("ad-row").filter(has_text=name).first


def test_from_the_assignment_to_the_revoke(
    alice: Admin, owner: OwnerApi, linked: wire.LinkedAccount, picture: Path, demo_server: ServerProcess
) -> None:
    """An assigned member creates ads by pull and by push; after a revocation both show paused without a reload."""
    center = f"{demo_server.url}/bc/{alice.login['bc_id']}"
    account = f"{center}/tiktok-accounts/{linked.account.account_id}"
    alice.page.goto(f"{account}/members")
    alice.find("assign-member").click()
    expect(alice.find("assigned-member")).to_be_visible()
    alice.page.goto(f"{account}/link-accounts")
    alice.find("link-ad-account").click()
    _create_by_pull(alice, center, "Spring bakes")
    _create_by_push(alice, center, "Friday bread", picture)
    alice.page.goto(f"{center}/ads")
    for name in ("Spring bakes", "Friday bread"):
        expect(_row(alice, name)).to_have_attribute("data-status", "running")
    owner.revoke_all()
    for name in ("Spring bakes", "Friday bread"):
        expect(_row(alice, name)).to_have_attribute("data-status", "paused", timeout=LIVE_MS)
        expect(_row(alice, name).get_by_test_id("ad-status")).to_contain_text("no longer linked")
    _row(alice, "Friday bread").get_by_test_id("ad-next-step").click()
    expect(alice.page).to_have_url(re.compile("tiktok-accounts/add"))


def _begin(alice: Admin, center: str, way: str) -> None:
    alice.page.goto(f"{center}/ads")
    alice.find("create-ad").click()
    alice.find("pick-ad-account").first.click()
    alice.page.locator('[data-handle="mia.bakes"]').get_by_test_id(way).click()


def _create_by_pull(alice: Admin, center: str, name: str) -> None:
    _begin(alice, center, "way-pull")
    alice.find("pick-post").first.check()
    alice.find("ad-name").fill(name)
    alice.find("create").click()
    expect(alice.page.get_by_role("heading", name=name)).to_be_visible()


def _create_by_push(alice: Admin, center: str, name: str, picture: Path) -> None:
    _begin(alice, center, "way-push")
    alice.find("ad-file").set_input_files(picture)
    alice.find("ad-caption").fill("Fresh from the oven.")
    expect(alice.find("ads-only")).to_be_checked()
    expect(alice.find("ads-only")).to_be_disabled()
    expect(alice.find("ads-only-locked")).to_be_visible()
    alice.find("ad-name").fill(name)
    alice.find("create").click()
    shown = alice.page.locator(".cover.large img")
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.naturalWidth") > 0


def test_pause_resume_and_delete(alice: Admin, linked: wire.LinkedAccount, demo_server: ServerProcess) -> None:
    """Pausing and resuming show immediately; deleting asks first, and then the ad is gone."""
    center = f"{demo_server.url}/bc/{alice.login['bc_id']}"
    alice.page.goto(f"{center}/tiktok-accounts/{linked.account.account_id}/link-accounts")
    alice.find("link-ad-account").click()
    _create_by_pull(alice, center, "Short lived")
    alice.find("pause-ad").click()
    expect(alice.find("why-paused")).to_contain_text("paused this ad")
    alice.find("resume-ad").click()
    expect(alice.find("why-paused")).to_have_count(0)
    alice.find("delete-ad").click()
    alice.find("delete-confirm").click()
    expect(alice.page.get_by_text("The ad is deleted.")).to_be_visible()
    expect(_row(alice, "Short lived")).to_have_count(0)
