"""Obstacles for a person on a console page, found in Chromium's own accessibility tree."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

TARGET_PX = 24  # WCAG 2.2, 2.5.8; the app's 44 are for thumbs
_ACTING = {"button", "link", "checkbox", "radio", "textbox", "combobox", "searchbox", "spinbutton", "switch", "tab"}
_ACTING |= {"DisclosureTriangle", "menuitem", "slider", "listbox"}
_LOOK = """() => {
  const shown = node => node.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && node.getClientRects().length > 0;
  const called = node => node.dataset.testid || node.id || node.textContent.trim().slice(0, 30) || node.tagName;
  const acting = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(node => shown(node) && node.type !== "hidden" && !node.classList.contains("skip"));
  const box = node => (node.closest("label") ?? node.labels?.[0] ?? node).getBoundingClientRect();
  const inSentence = node => getComputedStyle(node).display === "inline"
    && node.parentElement.textContent.trim() !== node.textContent.trim();
  return {
    lang: document.documentElement.lang, title: document.title, width: document.documentElement.scrollWidth,
    headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown).map(one => +one.tagName[1]),
    ids: [...document.querySelectorAll("[id]")].map(one => one.id),
    navs: [...document.querySelectorAll("nav")].filter(shown)
      .map(one => one.getAttribute("aria-label") || one.getAttribute("aria-labelledby") || ""),
    mains: document.querySelectorAll("main").length,
    pictures: [...document.querySelectorAll("img")].filter(one => !one.hasAttribute("alt")).map(called),
    small: acting.filter(node => {
      const { width, height } = box(node), own = node.getBoundingClientRect();
      const enough = Math.max(width, own.width) >= LEAST && Math.max(height, own.height) >= LEAST;
      return !enough && !inSentence(node) && own.width > 1;
    }).map(node => called(node) + ` ${Math.round(box(node).width)}x${Math.round(box(node).height)}`),
  };
}""".replace("LEAST", str(TARGET_PX - 0.5))
_FOCUS = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const around = [node, node.closest("label"), node.parentElement].filter(Boolean).map(one => getComputedStyle(one));
  const ringed = around.some(one => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2)
    || [...node.parentElement.children].some(one => parseFloat(getComputedStyle(one).outlineWidth) >= 2
      && getComputedStyle(one).outlineStyle !== "none");
  const { top, bottom, width } = node.getBoundingClientRect();
  return { name: node.dataset.testid || node.textContent.trim().slice(0, 30) || node.name || node.tagName,
    href: node.getAttribute("href") ?? "", ringed: ringed || node.tagName === "MAIN",
    seen: width > 0 && bottom > 0 && top < innerHeight };
}"""


def of_structure(page: Page, width: int) -> Iterator[str]:
    """Check language, title, landmarks, the order of headings, ids, pictures, targets, and scrolling to the side."""
    look: dict[str, Any] = page.evaluate(_LOOK)
    if not look["lang"] or not look["title"]:
        yield "no language or no title"
    if look["mains"] != 1:
        yield f"{look['mains']} main landmarks"
    if len(look["navs"]) != len(set(look["navs"])) or "" in look["navs"]:
        yield f"navigation landmarks that sound the same: {look['navs']}"
    if look["headings"].count(1) != 1 or look["headings"][0] != 1:
        yield f"not one h1 at the beginning: {look['headings']}"
    if any(lower > upper + 1 for upper, lower in pairwise(look["headings"])):
        yield f"a level of headings is left out: {look['headings']}"
    yield from (f"the id {one!r} appears {count} times" for one, count in Counter(look["ids"]).items() if count > 1)
    yield from (f"a picture without alt: {one}" for one in look["pictures"])
    yield from (f"small target: {one}" for one in look["small"])
    if look["width"] > width:
        yield f"scrolls to the side: {look['width']} px"


def of_names(page: Page) -> Iterator[str]:
    """Find controls for which the browser computes no name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    for node in nodes:
        role, name = node.get("role", {}).get("value", ""), str(node.get("name", {}).get("value", "")).strip()
        if not node.get("ignored") and role in _ACTING and not name:
            yield f"a {role} without a name (node {node.get('backendDOMNodeId')})"


def of_keys(page: Page, most: int = 60) -> Iterator[str]:
    """Press Tab through the page: it starts at the skip link or a field to fill in, and each stop is visible."""
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    for number in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUS)
        if at is None:
            return
        if number == 0 and at["href"] != "#main" and not page.locator("[autofocus]").count():
            yield f"Tab begins at {at['name']!r}, not at the skip link"
        if not at["ringed"]:
            yield f"the focus on {at['name']!r} cannot be seen"
        if not at["seen"]:
            yield f"the focus on {at['name']!r} is out of view"
