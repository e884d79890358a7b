"""Tests wait for a condition, never for a time: a fixed wait wastes a fast machine and is too short on a busy one."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
ASKS_AGAIN = "a pause between two checks of a condition, up to a deadline"
ORDER = "lets the other side go first; the test passes in either order, and nothing outside shows the moment in between"
SILENCE = "a moment in which Flet alone does nothing, or nothing may happen to a device that is away"
# Every wait for a time that remains: how many there are in a file, and why.
KEPT: Final = {
    "mobile_app/flet_gaps/gap.py": (1, SILENCE),
    "mobile_app/flet_gaps/test_calls_while_away.py": (5, SILENCE),
    "mobile_app/flet_gaps/test_close_sheets.py": (1, SILENCE),
    "mobile_app/flet_gaps/test_early_leave.py": (2, SILENCE),
    "mobile_app/flet_gaps/test_reconnect.py": (5, SILENCE),
    "mobile_app/flet_gaps/test_sheet_gap.py": (1, ASKS_AGAIN),
    "mobile_app/harness.py": (1, ASKS_AGAIN),
    "mobile_app/scanner/test_isolate.py": (3, "callers queue up inside the pool; nothing outside shows their order"),
    "mobile_app/test_desktop_camera.py": (1, "the test is about a slow screen"),
    "mobile_app/test_live_camera.py": (2, f"{ASKS_AGAIN}; and a camera that takes a millisecond"),
    "mobile_app/test_web.py": (2, "nobody sees what the server sends to a device that has left"),
    "server/access/test_at_once.py": (2, ORDER),
    "server/access/test_people.py": (1, ORDER),
    "server/business_api/test_access.py": (1, ORDER),
    "server/database/test_durability.py": (1, "the server is killed at a random moment"),
    "server/database/test_sqlite.py": (1, "reads continue while another program holds a lock"),
    "server/web/test_head.py": (1, ASKS_AGAIN),
    "support/postgres.py": (1, ASKS_AGAIN),
    "support/server.py": (1, ASKS_AGAIN),
}


def _waits(source: str) -> Iterator[int]:
    """Yield the lines that wait for a time; `sleep(0)` only lets others run."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            nothing = node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
            if called == "wait_for_timeout" or (called == "sleep" and not nothing):
                yield node.lineno


def test_no_test_waits_for_a_time() -> None:
    """A new fixed wait must become a condition or get an entry in the list, with a reason."""
    found = {path.relative_to(TESTS).as_posix(): list(_waits(path.read_text())) for path in TESTS.rglob("*.py")}
    assert {name: len(lines) for name, lines in found.items() if lines} == {
        name: kept[0] for name, kept in KEPT.items()
    }, found


def test_waits_are_found() -> None:
    """The check finds sleeps of any module and a page's own wait, but not `sleep(0)`."""
    source = "time.sleep(1)\nawait asyncio.sleep(0)\npage.wait_for_timeout(MS)\nsleep(seconds)"
    assert list(_waits(source.replace("await ", ""))) == [1, 3, 4]
