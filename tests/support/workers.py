"""How several processes share the tests: `make test` starts one per processor core."""

import pytest
from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys/"
# The longest first, as measured: they begin first, so that no worker is left alone with one of them at the end.
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


class FilesAndJourneys(LoadScopeScheduling):  # type: ignore[misc] # it has no types
    """Hands out whole files, which share fixtures, but journeys one by one, because each takes long."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(JOURNEYS) else nodeid.partition("::")[0]


def in_order(item: pytest.Item) -> tuple[bool, int]:
    """Return the key by which tests are sorted, in one process and in each of several.

    Browser tests come last: while Playwright is up, its event loop bars every other one from its thread.
    """
    browser = "chromium_session" in getattr(item, "fixturenames", ())
    name = item.path.name
    return browser, LONGEST_JOURNEYS.index(name) if name in LONGEST_JOURNEYS else len(LONGEST_JOURNEYS)
