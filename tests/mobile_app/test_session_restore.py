"""What a tab keeps of a session, and who can continue it."""

import pytest

from mobile_app import routes, texts
from mobile_app.state import storage
from mobile_app.state.app import AppState, Services
from mobile_app.state.linking import LinkingState
from mobile_app.state.session_restore import SessionRestore
from mobile_app.state.storage import MemoryStorage
from server.security import Seal
from shared.permissions import Permission
from tests.mobile_app.conftest import Line
from tests.mobile_app.test_linking import notice, secret
from tests.server.world import PASSWORD, World

SEAL = Seal(b"k" * 32, "test")


class Tab:
    """A tab in which mia is logged in, and the data it keeps."""

    def __init__(self, services: Services) -> None:
        self.app = AppState(services)
        self.linking = LinkingState(self.app)
        self.restore = SessionRestore(self.app, self.linking, SEAL)

    async def kept(self) -> str:
        """Return what the tab has saved once it has settled."""
        assert self.restore.saving is not None
        await self.restore.saving
        assert isinstance(self.app.storage, MemoryStorage)
        return self.app.storage.values[storage.SAVED_SESSION]

    async def after_restart(self, services: Services, seal: Seal = SEAL) -> LinkingState:
        """Return the state that a new session restores from it."""
        linking = LinkingState(AppState(services))
        await SessionRestore(linking.app, linking, seal).restore(await self.kept())
        return linking


@pytest.fixture
async def tab(services: Services, world: World) -> Tab:
    """Return a tab in which mia is logged in."""
    tab = Tab(services)
    tab.restore.watch()
    assert await tab.app.log_in("mia.bakes", PASSWORD)
    return tab


async def test_the_same_request_with_the_same_switches(world: World, tab: Tab, services: Services) -> None:
    """The person is still logged in, and the request has the same switches."""
    await tab.linking.open(secret(await world.make_code()))
    tab.linking.choose(Permission.EXISTING_POSTS, False)
    linking = await tab.after_restart(services)
    assert linking.app.account == tab.app.account
    assert await linking.open(linking.code) == routes.CONSENT
    assert linking.chosen == {Permission.NEW_VIDEOS_ADS_ONLY}
    assert linking.banner == ""


async def test_an_approval_without_an_answer_is_done_once(
    world: World, tab: Tab, services: Services, line: Line
) -> None:
    """After an approval with a lost answer the person sees that it is done, and nothing is granted again."""
    code = await world.make_code()
    await tab.linking.open(secret(code))
    await tab.kept()
    line.answers_to_lose = 2
    assert await tab.linking.approve() == routes.PROBLEM
    linking = await tab.after_restart(services)
    assert await linking.open(linking.code) == routes.DONE
    assert linking.authorization is not None
    assert (await world.link_request(code))["state"] == "approved"
    assert (linking.code, linking.in_hand.link_request_id) == ("", "")


async def test_a_code_used_by_somebody_else_is_used(world: World, tab: Tab, services: Services) -> None:
    """A code that another account has used in the meantime does not count as this person's approval."""
    code = await world.make_code()
    await tab.linking.open(secret(code))
    other = Tab(services)
    await other.app.log_in("leo.rides", PASSWORD)
    await other.linking.open(secret(code))
    assert await other.linking.approve() == routes.DONE
    linking = await tab.after_restart(services)
    assert await linking.open(linking.code) == routes.PROBLEM
    assert notice(linking).title == texts.Problems.USED[0]
    assert linking.authorization is None


async def test_a_request_that_has_changed_says_so(world: World, tab: Tab, services: Services) -> None:
    """If the same code now asks for something else, the switches are reset and a banner says why."""
    code = await world.make_code()
    await tab.linking.open(secret(code))
    tab.linking.choose(Permission.EXISTING_POSTS, False)
    await tab.kept()
    await world.link(world.mia)
    linking = await tab.after_restart(services)
    assert await linking.open(linking.code) == routes.CONSENT
    assert linking.banner == texts.Consent.CHANGED
    assert Permission.EXISTING_POSTS in linking.chosen


async def test_a_session_that_is_over_asks_to_log_in(world: World, tab: Tab, services: Services) -> None:
    """The log-in screen says why, and the code is kept until then."""
    code = secret(await world.make_code())
    await tab.linking.open(code)
    await tab.kept()
    await tab.app.client.sign_out()
    linking = await tab.after_restart(services)
    assert (linking.app.account, linking.code) == (None, code)
    assert linking.app.log_in_notice == texts.LogIn.SESSION_OVER


async def test_logging_out_leaves_nothing_in_the_tab(world: World, tab: Tab, services: Services) -> None:
    """The next person at this tab finds nothing."""
    await tab.linking.open(secret(await world.make_code()))
    await tab.kept()
    await tab.app.log_out()
    assert await tab.kept() == ""


async def test_a_log_out_that_the_device_missed_is_saved_again(world: World, tab: Tab) -> None:
    """A log-out during a broken connection clears the tab once the connection is back."""
    await tab.linking.open(secret(await world.make_code()))
    before = await tab.kept()
    await tab.app.log_out()
    await tab.kept()
    assert isinstance(tab.app.storage, MemoryStorage)
    tab.app.storage.values[storage.SAVED_SESSION] = before  # as on a device that was away
    tab.restore.save_again()
    assert await tab.kept() == ""


async def test_only_our_own_seal_opens(world: World, tab: Tab, services: Services) -> None:
    """A tab can neither read nor forge a saved session, and another server rejects it."""
    await tab.linking.open(secret(await world.make_code()))
    kept = await tab.kept()
    assert tab.app.client.token
    assert tab.app.client.token not in kept
    assert tab.linking.code not in kept
    linking = await tab.after_restart(services, Seal(b"another key of 32 bytes or more..", "test"))
    assert (linking.app.account, linking.code) == (None, "")
    for forged in (kept[:-5] + "AAAAA", "\ufffd" + kept[1:]):
        await SessionRestore(linking.app, linking, SEAL).restore(forged)
        assert linking.app.account is None
