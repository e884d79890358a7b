"""Every screen of the app as a screen reader reads it: names, targets, keys, titles, and room for large text."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.every_screen import EveryScreen
from tests.support import findings
from tests.support.browser import PHONE, Contexts
from tests.support.reading import Reading, read_on
from tests.support.server import ServerProcess

PHONE_PX, SMALL_PHONE_PX = (390, 844), (360, 640)
# Flutter takes the text size from the page's root element, where the browser's own setting appears.
TWICE = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; })"


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("size", "large"), [(PHONE_PX, False), (SMALL_PHONE_PX, True)], ids=["normal", "large"])
def test_nothing_stands_in_anybodys_way(
    size: tuple[int, int],
    large: bool,
    contexts: Contexts,
    demo_server: ServerProcess,
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
    tmp_path: Path,
) -> None:
    """Each control has one name, 44 px and a tab stop; nothing is cut off, even with text twice as large."""
    phone = contexts.open("mia", **{**PHONE, "viewport": {"width": size[0], "height": size[1]}})
    if large:
        phone.add_init_script(TWICE)
    found: dict[str, list[str]] = {}
    for name in EveryScreen(phone, demo_server, admin_api, unlinked("mia.bakes"), tmp_path).walk():
        seen = [finding for reading in read_on(phone) for finding in _findings(reading, *size)]
        found[name] = list(dict.fromkeys([*found.get(name, []), *seen]))
    assert len(found) > 35, f"the walk ended early: {list(found)}"
    assert not any(found.values()), "\n".join(f"{name}: {one}" for name, all_ in found.items() for one in all_)


def _findings(reading: Reading, width: int, height: int) -> Iterator[str]:
    yield from findings.of_names(reading)
    yield from findings.of_sizes(reading)
    yield from findings.of_keys(reading)
    yield from findings.of_structure(reading)
    yield from findings.of_layout(reading, width, height)
