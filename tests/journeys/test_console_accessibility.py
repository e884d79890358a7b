"""Every page of the console in Chromium's accessibility tree, on a desktop and at the width of 200 % zoom."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Admin
from tests.support import pages
from tests.support.browser import Contexts
from tests.support.server import ServerProcess

PLACES = (
    "overview",
    "tiktok-accounts",
    "tiktok-accounts/add",
    "tiktok-accounts/add?step=permissions",
    "ad-accounts",
    "ads",
    "ads/new",
    "members",
    "access-tokens",
    "api-calls",
    "activity",
    "settings",
)


def _addresses(server: ServerProcess, admin_api: AdminApi) -> Iterator[str]:
    center = f"{server.url}/bc/{server.demo_data['admin']['bc_id']}"
    yield from (f"{center}/{place}" for place in PLACES)
    yield f"{center}/link-requests/{admin_api.make_code().link_request_id}"
    linked = admin_api.linked("mia.bakes")
    assert linked is not None
    account = f"{center}/tiktok-accounts/{linked.account.account_id}"
    yield from (account + tab for tab in ("", "/members", "/link-accounts", "/activity"))
    yield f"{center}/ad-accounts/{admin_api.advertiser_id}"
    yield from (f"{server.url}/{place}" for place in ("docs", "problems", "l", "nowhere"))


@pytest.mark.timeout(240)
@pytest.mark.parametrize("size", [(1440, 900), (360, 780)], ids=["desk", "zoomed"])
def test_every_page_can_be_read_and_used_without_a_pointer(
    size: tuple[int, int],
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
) -> None:
    """Pages have names, landmarks, ordered headings, targets of 24 px, a skip link and a visible focus."""
    unlinked("mia.bakes").approve(admin_api.make_code())
    page = contexts.open("alice", viewport={"width": size[0], "height": size[1]})
    alice = Admin(page, demo_server)
    page.goto(f"{demo_server.url}/login")
    found = {"login": list(dict.fromkeys(_findings(page, size[0])))}
    alice.sign_in()
    for address in _addresses(demo_server, admin_api):
        page.goto(address)
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        found[address.removeprefix(demo_server.url)] = list(dict.fromkeys(_findings(page, size[0])))
    assert not any(found.values()), "\n".join(f"{at}: {one}" for at, all_ in found.items() for one in all_)


def _findings(page: Page, width: int) -> Iterator[str]:
    yield from pages.of_structure(page, width)
    yield from pages.of_names(page)
    yield from pages.of_keys(page)
