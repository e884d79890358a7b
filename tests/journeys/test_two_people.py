"""Two people on one server at once, two tabs of one person, and two people in turn in one browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import SCREEN_MS, Owner
from tests.support.browser import PHONE, Contexts
from tests.support.flet import enable_semantics, tap
from tests.support.server import ServerProcess


def _all_text(page: Page) -> str:
    """Return everything a screen reader would find on the screen."""
    texts: list[str] = page.evaluate(
        "[...document.querySelectorAll('flt-semantics')].map(node => `${node.ariaLabel} ${node.textContent}`)"
    )
    return "\n".join(texts)


def _open(owner: Owner, *controls: str) -> None:
    for control in controls:
        tap(owner.page, control)


def test_each_sees_only_their_own(
    contexts: Contexts, demo_server: ServerProcess, admin_api: AdminApi, unlinked: Callable[[str], OwnerApi]
) -> None:
    """Two people who work at the same time see only their own accounts, even after a reload."""
    row = f"linked.row.{admin_api.center.rpartition('/')[2]}"
    mia = Owner(contexts.open("mia", **PHONE), demo_server, "mia.bakes")
    leo = Owner(contexts.open("leo", **PHONE), demo_server, "leo.rides")
    asked = {mia: ["existing_posts"], leo: ["live_videos"]}
    for owner in asked:
        unlinked(owner.handle)
        owner.open_app()
    requests = {owner: admin_api.make_code(permissions) for owner, permissions in asked.items()}
    for owner in asked:
        owner.log_in()
    for owner in asked:
        owner.go_to_scanner()
    for owner, request in requests.items():
        owner.type_code(request.typed_code or "")
    for owner, permissions in asked.items():
        expect(owner.sees("consent.who")).to_contain_text(f"@{owner.handle}")
        owner.sees(f"consent.switch.{permissions[0]}")
    for owner in asked:
        owner.press_approve()
    for owner in asked:
        owner.sees("done.title")
        _open(owner, "done.linked")
        owner.sees(row)
    expect(mia.sees(row)).to_contain_text("Existing posts")
    expect(leo.sees(row)).to_contain_text("LIVE videos")
    for owner in asked:
        owner.page.reload()
        enable_semantics(owner.page)
        owner.sees(row)
    for owner, other in ((mia, leo), (leo, mia)):
        assert other.handle not in _all_text(owner.page)
        linked = admin_api.linked(owner.handle)
        assert linked is not None
        assert linked.permissions.granted == asked[owner]


def test_who_leaves_leaves_nothing(
    contexts: Contexts, demo_server: ServerProcess, admin_api: AdminApi, unlinked: Callable[[str], OwnerApi]
) -> None:
    """A second tab has its own log-in, which outlasts the first tab's; the next person finds nothing of the first."""
    row = f"linked.row.{admin_api.center.rpartition('/')[2]}"
    unlinked("leo.rides").approve(admin_api.make_code())
    leo = Owner(contexts.open("leo", **PHONE), demo_server, "leo.rides")
    leo.open_app("#/linked")
    leo.log_in()
    leo.sees(row)
    tab = Owner(leo.page.context.new_page(), demo_server, "leo.rides")
    tab.open_app("#/linked")
    tab.sees("login.submit")
    tab.log_in()
    tab.sees(row)
    leo.page.bring_to_front()
    _open(leo, "linked.back", "profile.menu", "menu.logout")
    leo.sees("login.submit")
    tab.page.bring_to_front()
    _open(tab, row)
    tab.sees("linked.detail.revoke")
    tab.page.close()

    # after the log-out neither Back, Forward, a reload nor an address shows any of leo's data
    for leave in (
        leo.page.go_back,
        leo.page.go_forward,
        leo.page.reload,
        lambda: leo.page.goto(f"{demo_server.url}/app/#/inbox"),
    ):
        leave()
        enable_semantics(leo.page)
        leo.sees("login.submit")
        assert "leo" not in _all_text(leo.page).lower()
    jo = Owner(leo.page, demo_server, "jo.grows")
    jo.log_in()
    jo.sees("inbox.refresh")
    assert "leo" not in _all_text(jo.page).lower()
    _open(jo, "nav.profile")
    expect(jo.sees("profile.handle")).to_have_text("@jo.grows", timeout=SCREEN_MS)
    assert "leo" not in _all_text(jo.page).lower()
