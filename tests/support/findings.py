"""Obstacles for a person on a screen, found in the tree that a screen reader gets."""

from collections import Counter
from collections.abc import Iterator

from tests.support.reading import PRIVATE_USE, TARGET_PX, Reading

_SLACK_PX = 1.5
_TOP_PX = 120  # reading must begin above this: in a bar at the top, or in whatever covers it
_ROOM_PX = 150  # a list between two bars that shows less than this cannot be read


def of_names(reading: Reading) -> Iterator[str]:
    """Find controls without a name, with a name that repeats itself, or with another control's name."""
    names = {at: reading.name(at) for at in reading.controls()}
    for at, name in names.items():
        words = name.lower().split()
        if not name:
            yield f"{_called(reading, at)}: no name"
        if len(words) > 1 and len(words) % 2 == 0 and words[: len(words) // 2] == words[len(words) // 2 :]:
            yield f"{_called(reading, at)}: says the same twice, {name!r}"
    for name, count in Counter(names.values()).items():
        if count > 1 and name:
            yield f"{name!r} is the name of {count} controls"


def of_sizes(reading: Reading) -> Iterator[str]:
    """Find targets under 44 pixels, which a finger misses, unless scrolling reveals the rest of them."""
    for at in reading.controls():
        node = reading.nodes[at]
        small = node.width < TARGET_PX - _SLACK_PX / 10 or node.height < TARGET_PX - _SLACK_PX / 10
        if small and not _cut_by_scrolling(reading, at):
            yield f"{_called(reading, at)}: {node.width:.0f}x{node.height:.0f} px"


def of_keys(reading: Reading) -> Iterator[str]:
    """Find enabled controls that the Tab key does not reach."""
    for at in reading.controls():
        node = reading.nodes[at]
        parts = [part for number, part in enumerate(reading.nodes) if at in reading.above(number)]
        if "disabled=true" not in node.state and not any(part.focusable for part in (node, *parts)):
            yield f"{_called(reading, at)}: cannot be reached by keyboard"


def of_structure(reading: Reading) -> Iterator[str]:
    """Find a missing title, pictures without a text, icon letters in texts, and a reading order that starts too low."""
    if not any(node.role in ("h1", "h2") for node in reading.nodes):
        yield "no title"
    for at, node in enumerate(reading.nodes):
        if node.role == "img" and not reading.name(at):
            yield f"{_called(reading, at)}: a picture without a text"
        if PRIVATE_USE.search(node.label + node.text):
            yield f"{_called(reading, at)}: an icon's letter is read out"
    spoken = [node for node in reading.nodes if node.text or node.acts]
    if spoken and spoken[0].top > max(0, min(node.top for node in spoken)) + _TOP_PX:
        yield f"reading begins at {spoken[0].label or spoken[0].text!r}, {spoken[0].top:.0f} px down"


def of_layout(reading: Reading, width: float, height: float) -> Iterator[str]:
    """Find parts that are cut off at an edge, cover something else, or have no room to scroll."""
    shown = [at for at, node in enumerate(reading.nodes) if (node.text or node.acts) and node.width and node.height]
    for at in shown:
        node = reading.nodes[at]
        if node.left < -_SLACK_PX or node.right > width + _SLACK_PX:
            yield f"{_called(reading, at)}: cut at the side, {node.left:.0f} to {node.right:.0f} px"
        scrolled = any(reading.nodes[outer].scrolls for outer in reading.above(at))
        if not scrolled and (node.top < -_SLACK_PX or node.bottom > height + _SLACK_PX):
            yield f"{_called(reading, at)}: out of reach, {node.top:.0f} to {node.bottom:.0f} px"
    for number, at in enumerate(shown):
        for other in shown[number + 1 :]:
            related = at in reading.above(other) or other in reading.above(at)
            if not related and _overlap(reading, at, other):
                yield f"{_called(reading, at)} lies over {_called(reading, other)}"
    for node in reading.nodes:
        if node.scrolls and node.height < _ROOM_PX:
            yield f"only {node.height:.0f} px to scroll in"


def _called(reading: Reading, at: int) -> str:
    node = reading.nodes[at]
    outer = (reading.nodes[number].identifier for number in reading.above(at))
    identifier = node.identifier or next(filter(None, outer), "")
    return f"{identifier or node.role or 'text'} {reading.name(at)[:40]!r}"


def _overlap(reading: Reading, one: int, other: int) -> bool:
    """Return whether two nodes overlap; parts that are scrolled out of their list do not count."""
    boxes = [reading.nodes[at] for at in (one, other)]
    boxes += [reading.nodes[at] for at in (*reading.above(one), *reading.above(other)) if reading.nodes[at].scrolls]
    across = min(box.right for box in boxes) - max(box.left for box in boxes)
    down = min(box.bottom for box in boxes) - max(box.top for box in boxes)
    return across > 2 * _SLACK_PX and down > 2 * _SLACK_PX


def _cut_by_scrolling(reading: Reading, at: int) -> bool:
    node = reading.nodes[at]
    for outer in reading.above(at):
        edge = reading.nodes[outer]
        if edge.scrolls and (abs(edge.bottom - node.bottom) < _SLACK_PX or abs(edge.top - node.top) < _SLACK_PX):
            return True
    return False
