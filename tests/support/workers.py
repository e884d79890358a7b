"""How tests are shared out when several processes run them: `make test` starts one per processor core."""

import pytest
from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys/"
# These take longest. They begin first, so that no worker is left alone with one of them at the end.
LONGEST_JOURNEYS = (
    "test_accessibility.py",
    "test_restart.py",
    "test_screens.py",
    "test_back.py",
    "test_languages.py",
    "test_presenter.py",
    "test_posts.py",
    "test_messages.py",
    "test_two_people.py",
)


class FilesAndJourneys(LoadScopeScheduling):  # type: ignore[misc] # it has no types
    """Hands out whole files, which share what they prepare, but journeys one by one: each of them takes long."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(JOURNEYS) else nodeid.partition("::")[0]


def needs_browser(item: pytest.Item) -> bool:
    """Say whether a test opens a browser."""
    return "chromium_session" in getattr(item, "fixturenames", ())


def in_order(item: pytest.Item) -> tuple[bool, bool]:
    """Return the key by which tests are sorted, in one process and in each of several.

    Browser tests come last: while Playwright is up, its event loop bars every other one from its thread.
    """
    return needs_browser(item), not item.path.name.startswith(LONGEST_JOURNEYS)
