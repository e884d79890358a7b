"""How several processes share the tests: `make test` starts one per processor core."""

import pytest
from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys/"
# In the order of measured time: the longest begin first, so that no worker ends up alone with one of them.
LONGEST_JOURNEYS = (
    "test_accessibility.py",
    "test_restart.py",
    "test_screens.py",
    "test_console_accessibility.py",
    "test_messages.py",
    "test_languages.py",
    "test_back.py",
    "test_two_people.py",
    "test_no_camera.py",
    "test_keyboard.py",
    "test_presenter.py",
    "test_posts.py",
)

# These take more than two seconds of CPU time, or test load, limits or killed processes. `make check` leaves them out,
# with all tests that start a server.
SLOW = (
    "mobile_app/flet_gaps/test_reconnect.py",
    "mobile_app/scanner/test_decode.py",
    "mobile_app/scanner/test_floors.py",
    "mobile_app/scanner/test_hostile.py",
    "mobile_app/scanner/test_isolate.py",
    "mobile_app/scanner/test_live.py",
    "mobile_app/test_desktop_camera.py",
    "mobile_app/test_packaging.py",
    "mobile_app/test_posts.py",
    "mobile_app/test_views.py",
    "project/test_commands.py",
    "project/test_wheel.py",
    "server/access/test_at_once.py",
    "server/auth/test_idle.py",
    "server/authorizations/test_limits.py",
    "server/business_api/test_conformance.py",
    "server/commands/test_lan.py",
    "server/console/test_ads.py",
    "server/database/test_durability.py",
    "server/database/test_migrations.py",
    "server/demo/test_presenter.py",
    "server/demo/test_reset.py",
    "server/events/test_chain.py",
    "server/events/test_live_feed.py",
    "server/spark_ads/test_rules.py",
    "server/test_tenancy.py",
    "server/tiktok_accounts/test_posts.py",
    "server/web/test_fuzz.py",
    "server/web/test_head.py",
    "server/web/test_hygiene.py",
    "support/test_postgres.py",
)


class FilesAndJourneys(LoadScopeScheduling):  # type: ignore[misc] # it has no types
    """Assign whole files, which share fixtures, but journeys one by one, because each takes long."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(JOURNEYS) else nodeid.partition("::")[0]


def needs_browser(item: pytest.Item) -> bool:
    """Return whether a test opens a browser."""
    return "chromium_session" in getattr(item, "fixturenames", ())


def mixed_files(items: list[pytest.Item]) -> list[str]:
    """Return the files with tests of both kinds: they leave Playwright's loop running for the tests after them."""
    files = {browser: set[str]() for browser in (True, False)}
    for item in items:
        if not item.nodeid.startswith(JOURNEYS):
            files[needs_browser(item)].add(item.nodeid.partition("::")[0])
    return sorted(files[True] & files[False])


def is_slow(item: pytest.Item) -> bool:
    """Return whether a test takes too long for `make check`."""
    server = {"demo_server", "start_server"} & set(getattr(item, "fixturenames", ()))
    return bool(server) or item.nodeid.partition("::")[0].removeprefix("tests/") in SLOW


def in_order(item: pytest.Item) -> tuple[bool, int]:
    """Return the key for sorting tests, in one process and in each of several.

    Browser tests come last: while Playwright runs, its event loop excludes every other one from its thread.
    """
    name = item.path.name
    return needs_browser(item), LONGEST_JOURNEYS.index(name) if name in LONGEST_JOURNEYS else len(LONGEST_JOURNEYS)
