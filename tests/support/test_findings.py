"""The accessibility checks find each fault on a screen made for it, and none on a good screen."""

from typing import Any

import pytest

from tests.support import findings
from tests.support.reading import Node, Reading

TITLE: dict[str, Any] = {"role": "h1", "text": "Scan", "bottom": 40}
BUTTON: dict[str, Any] = {"role": "button", "text": "Album", "tappable": True, "focusable": True, "top": 100}


def screen(*nodes: dict[str, Any]) -> Reading:
    """Return a reading of nodes, each given only by its differences from the default."""
    usual = {"parent": None, "identifier": "", "role": "", "label": "", "text": "", "state": "", "below": 0}
    flags = {"tappable": False, "focusable": False, "scrolls": False}
    sides = {"left": 0, "right": 200}
    made = []
    for node in nodes:
        top = node.get("top", 0)
        made.append(Node(**{**usual, **flags, **sides, "top": top, "bottom": top + 48, **node}))
    return Reading(tuple(made))


def found(*nodes: dict[str, Any]) -> list[str]:
    """Return all findings on a screen of 390x844 px."""
    reading = screen(*nodes)
    parts = (findings.of_names, findings.of_sizes, findings.of_keys, findings.of_structure)
    return [one for part in parts for one in part(reading)] + list(findings.of_layout(reading, 390, 844))


def test_a_good_screen_has_no_finding() -> None:
    """A title and two buttons, one of them half scrolled out of a list, cause no finding."""
    rows = {"scrolls": True, "top": 200, "bottom": 400, "role": "group"}
    cut = {**BUTTON, "text": "Row", "parent": 2, "top": 380, "bottom": 400}
    assert found(TITLE, BUTTON, rows, cut) == []


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ([TITLE, {**BUTTON, "text": ""}], "no name"),
        ([TITLE, {**BUTTON, "text": "\ue145 Add"}], "icon's letter"),
        ([TITLE, {**BUTTON, "text": "1 1"}], "says the same twice"),
        ([TITLE, BUTTON, {**BUTTON, "top": 200}], "is the name of 2 controls"),
        ([TITLE, {**BUTTON, "bottom": 130}], "200x30 px"),
        ([TITLE, {**BUTTON, "focusable": False}], "cannot be reached by keyboard"),
        ([BUTTON], "no title"),
        ([TITLE, {"role": "img", "top": 60}], "a picture without a text"),
        ([{**TITLE, "top": 400, "bottom": 440}, BUTTON], "reading begins at"),
        ([TITLE, {**BUTTON, "left": 300, "right": 420}], "cut at the side"),
        ([TITLE, {**BUTTON, "top": 820, "bottom": 868}], "out of reach"),
        ([TITLE, BUTTON, {**BUTTON, "text": "Torch", "top": 120}], "lies over"),
        ([TITLE, {"scrolls": True, "bottom": 100, "top": 50}], "only 50 px to scroll in"),
    ],
)
def test_each_fault_is_found(nodes: list[dict[str, Any]], words: str) -> None:
    """The finding says what is wrong, and it is the only one."""
    (finding,) = found(*nodes)
    assert words in finding
