"""A person with a phone walks through the screens, in process, with a real server."""

import asyncio

import pytest

from mobile_app import texts
from shared.permissions import PERMISSIONS, Permission
from shared.qr import draw_png, format_profile
from tests.mobile_app.conftest import Line, OpenPhone
from tests.mobile_app.harness import Phone
from tests.server.world import ORIGIN, PASSWORD, World


async def to_scanner(phone: Phone) -> None:
    """Walk from the profile to the scanner, as the help page describes it."""
    await phone.tap("profile.menu")
    await phone.tap("menu.qr")
    await phone.tap("qr.scan")
    await phone.see("scan.album")


async def test_from_log_in_to_a_linked_business_and_back(world: World, open_phone: OpenPhone) -> None:
    """The owner logs in, scans a picture of the code, approves less than requested, and revokes."""
    code = await world.make_code("existing_posts", "new_videos_ads_only", "showcase")
    phone = await open_phone(log_in_as="mia.bakes")
    await phone.until(lambda: phone.shows("profile.handle") and phone.text("profile.handle") == "@mia.bakes")
    await to_scanner(phone)
    await phone.choose_picture(draw_png(code["url"]))
    await phone.see("consent.who")
    shown = phone.texts()
    assert "Northwind Coffee" in shown
    assert "Verified" in shown
    assert any(world.bc_id in text for text in shown)
    assert any("Alice Moreno" in text for text in shown)
    assert "If you did not expect this request, decline." in shown
    await phone.switch("consent.switch.showcase", False)
    await phone.tap("consent.approve")
    await phone.see("done.title")
    assert (await world.link_request(code))["granted"] == ["existing_posts", "new_videos_ads_only"]
    await phone.tap("done.linked")
    await phone.tap(f"linked.row.{world.bc_id}")
    await phone.tap("linked.detail.revoke")
    await phone.tap("linked.revoke.confirm")
    await phone.see("linked.empty")
    await phone.until(lambda: phone.page.route == "/linked")


async def test_ads_that_cannot_be_loaded_are_offered_again(world: World, open_phone: OpenPhone, line: Line) -> None:
    """Without its ads a linked business shows everything else, and a button in their place tries again."""
    linked = await world.link(world.mia)
    line.cut_for = "/ads"
    phone = await open_phone(f"/linked/{linked['authorization_id']}", log_in_as="mia.bakes")
    await phone.see("linked.history")
    await phone.see("linked.ads.again")
    line.cut_for = ""
    await phone.tap("linked.ads.again")
    await phone.see("linked.no-ads")


async def test_a_picture_that_is_read_too_late_leads_nowhere(world: World, open_phone: OpenPhone, line: Line) -> None:
    """Somebody who left the scanner in the meantime stays where they are; the scanner works on the next visit."""
    code = await world.make_code()
    phone = await open_phone("/qr/scan", log_in_as="mia.bakes")
    line.held_up = "POST"
    reading = asyncio.ensure_future(phone.choose_picture(draw_png(code["url"])))
    await phone.until(lambda: any(request.endswith("/open") for request in line.requests))
    phone.goes_back_to("/settings")
    await phone.see("settings.logout")
    line.gate.set()
    await reading
    assert phone.page.route == "/settings"
    phone.goes_to("/qr/scan")
    await phone.see("scan.album")
    await phone.choose_picture(draw_png(code["url"]))
    await phone.see("consent.who")


async def test_a_sheet_confirms_turning_a_permission_off(world: World, open_phone: OpenPhone) -> None:
    """The sheet says what stops; cancelling changes nothing; the last permission can only be revoked."""
    linked = await world.link(world.mia)
    path = f"/linked/{linked['authorization_id']}"
    phone = await open_phone(path, log_in_as="mia.bakes")
    switch = "linked.detail.switch.existing_posts"
    await phone.switch(switch, False)
    await phone.see("linked.narrow.confirm")
    shown = phone.texts()
    assert PERMISSIONS[Permission.EXISTING_POSTS].stops in shown
    assert texts.Linked.STOPS_SPARK_ADS in shown
    assert texts.Linked.AGAIN in shown
    await phone.tap("linked.narrow.cancel")
    await phone.until(lambda: phone.page.route == path and phone.controls(switch)[0].value is True)
    assert (await world.mia.get(f"/me{_api(path)}")).json() == linked
    await phone.switch(switch, False)
    await phone.tap("linked.narrow.confirm")
    await phone.until(lambda: phone.page.route == path and not phone.shows(switch))
    assert (await world.mia.get(f"/me{_api(path)}")).json()["permissions"] == ["new_videos_ads_only"]
    assert phone.controls("linked.detail.switch.new_videos_ads_only")[0].disabled
    assert texts.Linked.LAST in phone.texts()
    await phone.see("linked.history")
    await phone.until(lambda: "You turned off Existing posts" in phone.texts())
    assert "You approved a request" in phone.texts()


def _api(path: str) -> str:
    return path.replace("/linked/", "/linked-businesses/")


async def test_the_inbox_shows_what_happened(world: World, open_phone: OpenPhone) -> None:
    """The inbox is empty at first, then lists the link, somebody else's attempt and the unlinking, newest first."""
    phone = await open_phone("/inbox", log_in_as="mia.bakes")
    await phone.see("inbox.empty")
    await world.link(world.mia)
    code = await world.make_code(for_handle="mia.bakes")
    await world.leo.post("/link-requests/open", {"code": code["url"]})
    await world.alice.delete(f"{world.accounts}/{world.mia.id}")
    phone.goes_back_to("/home")
    await phone.see("home.scan")
    await phone.tap("nav.inbox")
    await phone.see("inbox.row.0", "inbox.row.1", "inbox.row.2")
    shown = phone.texts()
    told = [
        "Northwind Coffee unlinked your account",
        "Another account tried a code that Northwind Coffee made for you",
        "You approved Northwind Coffee",
    ]
    assert [text for text in shown if text in told] == told
    assert not any("leo" in text for text in shown)


async def test_approve_does_nothing_for_the_first_second(world: World, open_phone: OpenPhone) -> None:
    """A tap meant for something else cannot approve, so that no page can trick people into it (clickjacking)."""
    code = await world.make_code()
    phone = await open_phone(f"/l/{code['url'].partition('#')[2]}", log_in_as="mia.bakes")
    await phone.see("consent.approve")
    assert phone.controls("consent.approve")[0].disabled
    assert not phone.controls("consent.decline")[0].disabled
    await phone.until(lambda: not phone.controls("consent.approve")[0].disabled)


async def test_decline_says_what_it_did(world: World, open_phone: OpenPhone) -> None:
    """Declining works immediately, reaches the server and ends at a plain message."""
    code = await world.make_code()
    phone = await open_phone(f"/l/{code['url'].partition('#')[2]}", log_in_as="mia.bakes")
    await phone.tap("consent.decline")
    await phone.see("problem.title")
    assert phone.text("problem.title") == "Request declined"
    assert (await world.link_request(code))["state"] == "declined"


async def test_a_deep_link_waits_for_the_log_in_and_leaves_the_address(world: World, open_phone: OpenPhone) -> None:
    """The code leaves the address before anyone logs in, and the request opens right after the log-in."""
    code = await world.make_code()
    phone = await open_phone(f"/l/{code['url'].partition('#')[2]}")
    await phone.until(lambda: phone.page.route == "/consent")
    await phone.until(lambda: "Log in to see the request" in phone.texts())
    await phone.type("login.handle", "@mia.bakes")
    await phone.type("login.password", PASSWORD)
    await phone.tap("login.submit")
    await phone.see("consent.who")


async def test_two_people_never_see_each_other(world: World, open_phone: OpenPhone) -> None:
    """What one person does on a server does not appear on another's phone."""
    mia = await open_phone(log_in_as="mia.bakes")
    leo = await open_phone()
    assert leo.shows("login.submit")
    await leo.type("login.handle", "leo.rides")
    await leo.type("login.password", PASSWORD)
    await leo.tap("login.submit")
    await leo.until(lambda: leo.shows("profile.handle") and leo.text("profile.handle") == "@leo.rides")
    assert mia.text("profile.handle") == "@mia.bakes"


async def test_a_profile_code_opens_the_card_of_that_account(open_phone: OpenPhone) -> None:
    """Another account's profile code is not an error."""
    phone = await open_phone("/qr/scan", log_in_as="mia.bakes")
    await phone.choose_picture(draw_png(format_profile(ORIGIN, "leo.rides")))
    await phone.until(lambda: phone.page.route == "/u/leo.rides")
    await phone.see("card.scan")


async def test_a_foreign_code_is_explained_in_place(open_phone: OpenPhone) -> None:
    """The message names the host, nothing is opened, and the next try is one tap away."""
    phone = await open_phone("/qr/scan", log_in_as="mia.bakes")
    await phone.choose_picture(draw_png("https://evil.example/l#AAAAAAAAAAAAAAAAAAAAAA"))
    await phone.see("problem.title")
    assert "evil.example" in phone.text("problem.detail")
    assert "launch_url" not in phone.asked
    await phone.tap("problem.action")
    await phone.until(lambda: not phone.shows("problem.title"))
    assert phone.page.route == "/qr/scan"


async def test_typed_code(world: World, open_phone: OpenPhone) -> None:
    """Ten letters open the same request; an error under the field explains wrong ones."""
    code = await world.make_code()
    phone = await open_phone("/qr/scan/code", log_in_as="mia.bakes")
    await phone.type("typed.code", "BCDFG")
    await phone.tap("typed.submit")
    await phone.until(lambda: "ten letters" in str(phone.controls("typed.code")[0].error))
    await phone.type("typed.code", "bbbbb-bbbbb")
    await phone.tap("typed.submit")
    await phone.until(lambda: "No open request" in str(phone.controls("typed.code")[0].error))
    await phone.type("typed.code", code["typed_code"].lower().replace("-", " "))
    await phone.tap("typed.submit")
    await phone.see("consent.who")


async def test_back_closes_the_menu_and_leaves_screens_upwards(open_phone: OpenPhone) -> None:
    """The browser's Back does what a phone's does."""
    phone = await open_phone(log_in_as="mia.bakes")
    await phone.tap("profile.menu")
    await phone.see("menu.qr")
    phone.goes_back_to("/")
    await phone.until(lambda: not any(sheet.open for sheet in phone.page._dialogs.controls))
    await to_scanner(phone)
    phone.goes_back_to("/qr")
    await phone.until(lambda: not phone.shows("scan.album") and phone.shows("qr.scan"))


async def test_log_out_forgets_the_person(open_phone: OpenPhone) -> None:
    """After logging out only the log-in screen appears, at every address."""
    phone = await open_phone(log_in_as="mia.bakes")
    await phone.see("profile.handle")
    await phone.tap("profile.menu")
    await phone.tap("menu.logout")
    await phone.see("login.submit")
    phone.goes_back_to("/linked")
    await phone.until(lambda: phone.shows("login.submit") and not phone.shows("linked.back"))
    assert not any("mia" in text for text in phone.texts())


async def test_an_unexpected_failure_is_a_plain_message(open_phone: OpenPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in a handler never shows a traceback."""
    phone = await open_phone("/linked", log_in_as="mia.bakes")
    await phone.see("linked.back")
    app = phone.session.store.get("app")
    monkeypatch.setattr(type(app), "use_theme", lambda self, theme: 1 / 0)
    phone.goes_back_to("/settings")
    await phone.tap("settings.theme.dark")
    await phone.see("problem.title")
    assert not any("ZeroDivision" in text for text in phone.texts())
