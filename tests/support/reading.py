"""What a screen reader reads on a Flet page: Flutter's semantics tree from top to bottom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.support.flet import scroll, settle

TARGET_PX = 44
_STEPS = 12
_ACTING = {"button", "link", "tab", "switch", "checkbox", "radio", "textbox", "slider", "menuitem"}
# Flutter puts an icon's code point of its font into the text, which no screen reader can read.
PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_READ = """() => {
  const own = "flt-semantics, h1, h2, h3, h4, h5, h6, header, a";
  const nodes = [], seen = new Map();
  for (const element of document.querySelectorAll("flt-semantics-host")[0]?.querySelectorAll(own) ?? []) {
    const field = element.querySelector(":scope > input, :scope > textarea"), said = field ?? element;
    const words = [...element.childNodes].filter(node => node.nodeType === 3 || node.tagName === "SPAN");
    const tag = element.tagName.toLowerCase(), box = element.getBoundingClientRect();
    const inside = element.querySelector(":scope > flt-semantics-scroll-overflow");
    const parent = element.parentElement.closest(own);
    seen.set(element, nodes.length);
    nodes.push({
      parent: parent && seen.has(parent) ? seen.get(parent) : null,
      identifier: element.getAttribute("flt-semantics-identifier") || "",
      role: field ? "textbox" : /^h[1-6]$/.test(tag) ? tag : tag === "a" ? "link" : element.getAttribute("role") || "",
      label: (said.getAttribute("aria-label") || "").trim(),
      text: words.map(node => node.textContent).join(" ").trim(),
      tappable: element.hasAttribute("flt-tappable"),
      focusable: said.tabIndex >= 0,
      scrolls: inside !== null,
      below: inside ? element.scrollHeight - element.scrollTop - element.clientHeight : 0,
      state: ["checked", "selected", "disabled", "expanded", "pressed", "current", "invalid"]
        .filter(name => said.hasAttribute("aria-" + name))
        .map(name => name + "=" + said.getAttribute("aria-" + name)).join(" "),
      left: box.left, top: box.top, right: box.right, bottom: box.bottom,
    });
  }
  return nodes;
}"""


@dataclass(frozen=True)
class Node:
    """One element of the tree; sizes in CSS pixels, `parent` is the index of the element around it."""

    parent: int | None
    identifier: str
    role: str
    label: str
    text: str
    tappable: bool
    focusable: bool
    scrolls: bool
    below: float
    state: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return the width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the height."""
        return self.bottom - self.top

    @property
    def acts(self) -> bool:
        """Return whether a person can act on it."""
        return self.tappable or self.role in _ACTING


@dataclass(frozen=True)
class Reading:
    """A whole screen as a list in reading order."""

    nodes: tuple[Node, ...]

    def name(self, at: int) -> str:
        """Return what is read out for a node: its own words, or else those of its parts."""
        node = self.nodes[at]
        own = " ".join(word for word in (node.label, node.text) if word)
        return own or " ".join(filter(None, (self.name(part) for part in self.parts(at))))

    def parts(self, at: int) -> list[int]:
        """Return the nodes directly inside a node."""
        return [number for number, node in enumerate(self.nodes) if node.parent == at]

    def above(self, at: int) -> Iterator[int]:
        """Return the nodes around a node, from the inside out."""
        parent = self.nodes[at].parent
        while parent is not None:
            yield parent
            parent = self.nodes[parent].parent

    def controls(self) -> list[int]:
        """Return the nodes a person can act on; of nested nodes that are one control, only the outermost."""
        acting = [number for number, node in enumerate(self.nodes) if node.acts]
        return [number for number in acting if not any(self._same(number, outer) for outer in self.above(number))]

    def _same(self, inner: int, outer: int) -> bool:
        """Return whether the outer node is the inner one's target: tappable, with nothing else to tap inside."""
        node = self.nodes[outer]
        acting = [n for n, part in enumerate(self.nodes) if part.acts and outer in self.above(n)]
        return node.acts and acting == [inner]

    @property
    def more_below(self) -> bool:
        """Return whether scrolling down reveals more."""
        return any(node.below > 1 for node in self.nodes)

    def told(self) -> str:
        """Return the tree as lines, in the order in which it is read out."""
        lines = []
        for number, node in enumerate(self.nodes):
            words = " ".join(word for word in (node.label, node.text) if word)
            if not (words or node.acts or node.identifier):
                continue
            kind = " ".join(
                filter(
                    None,
                    (
                        node.role,
                        "tap" if node.tappable else "",
                        "scroll" if node.scrolls else "",
                        "" if node.focusable or not node.acts else "NOFOCUS",
                        node.state,
                    ),
                )
            )
            size = f"{node.width:.0f}x{node.height:.0f} at {node.left:.0f},{node.top:.0f}"
            depth = "  " * sum(1 for _ in self.above(number))
            lines.append(f"{depth}[{kind}] {words!r} {node.identifier} {size}")
        return "\n".join(lines)


def read_on(page: Page) -> Iterator[Reading]:
    """Yield the visible screen, then each part that scrolling down reveals, and scroll back to the top."""
    reading = read(page)
    yield reading
    steps = 0
    while reading.more_below and steps < _STEPS:
        scroll(page, 500)
        before, reading = reading, _read(page)
        if reading == before:
            break
        steps += 1
        yield reading
    if steps:
        scroll(page, -_STEPS * 500)


def read(page: Page) -> Reading:
    """Return the tree once it has stopped changing."""
    settle(page)
    return _read(page)


def _read(page: Page) -> Reading:
    return Reading(tuple(Node(**node) for node in page.evaluate(_READ)))
