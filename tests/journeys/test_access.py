"""Who may use what, in a real browser: an invitation, the three layers of an account, and an access token."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Admin
from tests.support.browser import Contexts
from tests.support.server import ServerProcess

LIVE_MS = 10_000


def _place(server: ServerProcess, rest: str) -> str:
    return f"{server.url}/bc/{server.demo_data['admin']['bc_id']}/{rest}"


def test_an_invitation_leads_to_a_new_member(contexts: Contexts, alice: Admin, demo_server: ServerProcess) -> None:
    """An invitation link opens a page that says who invites; with a name and a password the guest can sign in."""
    alice.page.goto(_place(demo_server, "members"))
    alice.find("invite-email").fill("dana@northwind.example")
    alice.find("invite").click()
    link = alice.find("invitation-link").input_value()
    alice.page.wait_for_load_state("load")  # a script prevents that reloading sends the form again
    alice.page.reload()
    expect(alice.find("invitation-link")).to_have_count(0)  # shown once, and not created again
    expect(alice.find("invitation-row")).to_have_count(1)
    guest = contexts.open("dana")
    guest.goto(link)
    expect(guest.get_by_role("heading", name="Join Northwind Coffee")).to_be_visible()
    assert "#" not in guest.url
    guest.get_by_test_id("join-name").fill("Dana Novak")
    guest.get_by_test_id("join-password").fill("three or four words")
    guest.get_by_test_id("join").click()
    guest.get_by_test_id("login-email").fill("dana@northwind.example")
    guest.get_by_test_id("login-password").fill("three or four words")
    guest.get_by_test_id("login-submit").click()
    expect(guest).to_have_url(re.compile(r"/bc/\d+/overview"))
    expect(alice.find("member-row").filter(has_text="Dana Novak")).to_be_visible(timeout=LIVE_MS)
    expect(alice.find("invitation-row")).to_have_count(0)
    _remove(alice, "Dana Novak")


def _remove(alice: Admin, name: str) -> None:
    alice.find("member-row").filter(has_text=name).get_by_test_id("remove-member").click()
    alice.find("remove-confirm").click()
    expect(alice.find("member-row").filter(has_text=name)).to_have_count(0)


def test_the_next_steps_lead_to_a_ready_account(
    alice: Admin, admin_api: AdminApi, unlinked: Callable[[str], OwnerApi], demo_server: ServerProcess
) -> None:
    """An account lacks all three layers; each next step adds one until nothing is missing."""
    owner = unlinked("mia.bakes")
    owner.approve(admin_api.make_code(["existing_posts"]))
    linked = admin_api.linked("mia.bakes")
    assert linked is not None
    here = _place(demo_server, f"tiktok-accounts/{linked.account.account_id}")
    alice.page.goto(here)
    step = alice.find("layers").get_by_test_id("layer-step")
    expect(step).to_have_count(3)
    step.filter(has_text="Assign").click()
    alice.find("assign-member").click()
    expect(alice.find("assigned-member")).to_contain_text("Bob Tanaka")
    alice.page.goto(here)
    step.filter(has_text="ad account").click()
    alice.find("link-ad-account").click()
    alice.page.goto(here)
    expect(step).to_have_count(1)
    step.click()
    expect(alice.find("permission-new_videos_ads_only")).to_be_checked()
    expect(alice.find("for-handle")).to_have_value("mia.bakes")
    alice.find("create-code").click()
    expect(alice.find("qr-image")).to_be_visible()
    watcher = alice.page.context.new_page()
    watcher.goto(here)
    open_codes = admin_api.call("GET", f"{admin_api.center}/link-requests")["items"]
    code = next(one for one in open_codes if one["link_request_id"] in alice.page.url)
    body = {"code": code["url"]}
    body["consent_hash"] = owner.call("POST", "/link-requests/open", json=body)["consent_hash"]
    owner.call("POST", f"/link-requests/{code['link_request_id']}/approve", json=body)
    expect(watcher.get_by_text("Ready for Spark Ads")).to_be_visible(timeout=LIVE_MS)  # without a reload


def test_an_access_token_is_copied_once(contexts: Contexts, demo_server: ServerProcess) -> None:
    """The copy button puts the token into the clipboard; reloading the page neither shows nor creates one."""
    page: Page = contexts.open("alice", permissions=["clipboard-read", "clipboard-write"])
    alice = Admin(page, demo_server)
    alice.sign_in()
    page.goto(_place(demo_server, "access-tokens"))
    before = alice.find("token-row").count()
    alice.find("token-name").fill("Journey")
    alice.find("make-token").click()
    token = alice.find("new-token").input_value()
    page.locator("[data-copy='new-token']").click()
    page.wait_for_function("async text => await navigator.clipboard.readText() === text", arg=token)
    page.reload()
    expect(alice.find("new-token")).to_have_count(0)
    expect(alice.find("token-row")).to_have_count(before + 1)
    contexts.log(page).expect_clean()
