"""Use a Flet page in a browser.

Flet draws on a canvas. Tests find its controls in the tree that Flutter builds for screen readers on request.
There `ft.Semantics(identifier="login.submit")` is an element with the attribute
`flt-semantics-identifier="login.submit"`.
"""

import json
import re
import time

from playwright.sync_api import Locator, Page, expect

START_TIMEOUT_MS = 60_000
ACTION_TIMEOUT_MS = 15_000

_TREE = "flt-semantics-host flt-semantics"
_SWITCH = "flt-semantics-placeholder"
_FIELD = "input, textarea"
_FRAMES = """count => new Promise(done => {
    const next = left => left ? requestAnimationFrame(() => next(left - 1)) : done();
    next(count);
})"""
_QUIET_FRAMES, _MOST_MS = 6, 4_000
_SETTLED = """([frames, mostMs]) => new Promise(done => {
    const began = performance.now(), tree = document.querySelector("flt-semantics-host") ?? document;
    let quiet = 0;
    const watch = new MutationObserver(() => { quiet = 0; });
    watch.observe(tree, { subtree: true, childList: true, attributes: true, characterData: true });
    const next = () => {
        if (quiet++ < frames && performance.now() - began < mostMs) return requestAnimationFrame(next);
        watch.disconnect();
        done();
    };
    requestAnimationFrame(next);
})"""


def open_flet(page: Page, url: str) -> None:
    """Go to a Flet page and wait until `tid` can find its controls."""
    page.goto(url)
    enable_semantics(page)


def enable_semantics(page: Page) -> None:
    """Switch on the tree for screen readers and wait for it. Call it again after a reload; repeating it is harmless."""
    page.locator(f"{_TREE}, {_SWITCH}").first.wait_for(state="attached", timeout=START_TIMEOUT_MS)
    deadline = time.monotonic() + ACTION_TIMEOUT_MS / 1000
    while not page.locator(_TREE).count():
        assert time.monotonic() < deadline, f"Flutter built no tree for screen readers at {page.url}"
        _press_switch(page)
        wait_for_frames(page, 2)


def _press_switch(page: Page) -> None:
    """Press the switch as a screen reader would: a dot outside the screen, or on Android a layer over all of it."""
    width = page.evaluate(
        "selector => document.querySelector(selector)?.getBoundingClientRect().width ?? null", _SWITCH
    )
    if width is None:  # it has worked and disappeared
        return
    if width < 10:
        page.evaluate("selector => document.querySelector(selector)?.click()", _SWITCH)
        return
    size = page.viewport_size or {"width": 100, "height": 100}
    middle = size["width"] / 2, size["height"] / 2
    if page.evaluate("navigator.maxTouchPoints > 0"):
        page.touchscreen.tap(*middle)
    else:
        page.mouse.click(*middle)


def tid(page: Page, identifier: str) -> Locator:
    """Return the control with this `ft.Semantics(identifier=...)`."""
    return page.locator(f"[flt-semantics-identifier={json.dumps(identifier)}]")


def tap(page: Page, identifier: str) -> None:
    """Tap a control, on the part that Flutter marks as tappable if there is one."""
    control = tid(page, identifier)
    control.first.wait_for(state="attached", timeout=ACTION_TIMEOUT_MS)
    tappable = control.locator("[flt-tappable]")
    (tappable if tappable.count() else control).first.click(timeout=ACTION_TIMEOUT_MS)


def reach(page: Page, identifier: str) -> None:
    """Wait for a control and scroll down to it: Flutter adds distant controls only when they come near."""
    deadline = time.monotonic() + ACTION_TIMEOUT_MS / 1000
    control = tid(page, identifier)
    size = page.viewport_size or {"width": 0, "height": 0}
    while not control.count():
        assert time.monotonic() < deadline, f"{identifier} is nowhere on this screen"
        scroll(page, size["height"] // 2)
    before, box = None, control.first.bounding_box()
    while box and box != before and not 0 <= box["y"] <= size["height"] - min(box["height"], 44):
        scroll(page, size["height"] // 2 if box["y"] > 0 else -size["height"] // 2)
        before, box = box, control.first.bounding_box()


def scroll(page: Page, down_px: int) -> None:
    """Turn the wheel over the middle of the page and wait until nothing moves."""
    size = page.viewport_size or {"width": 0, "height": 0}
    page.mouse.move(size["width"] / 2, size["height"] / 2)
    page.mouse.wheel(0, down_px)
    settle(page)


def fill(page: Page, identifier: str, text: str) -> None:
    """Type `text` into a text field, replacing its content.

    Some frames after the tap, Flutter connects its own editing to the element and then writes its own value back, so a
    text counts as typed only if it stays. On a busy machine both frames and Flutter are slow.
    """
    control = tid(page, identifier)
    field = control.locator(_FIELD).or_(control.and_(page.locator(_FIELD))).first
    for attempt in range(6):
        field.click(timeout=ACTION_TIMEOUT_MS)
        wait_for_frames(page, 6 * (attempt + 1))
        field.fill(text)
        wait_for_frames(page, 8)
        if field.input_value() == text:
            return
    raise AssertionError(f"{identifier}: the text did not stay, it is {field.input_value()!r}")


def wait_for_frames(page: Page, count: int) -> None:
    """Wait until the page has drawn this many frames, which are slow on a busy machine."""
    page.evaluate(_FRAMES, count)


def settle(page: Page) -> None:
    """Wait until the tree for screen readers is unchanged for some frames, or give up after four seconds."""
    page.evaluate(_SETTLED, [_QUIET_FRAMES, _MOST_MS])


def shown_text(page: Page, identifier: str) -> str:
    """Return what a screen reader would read for a control: its label, its text and those of its parts."""
    control = tid(page, identifier).first
    control.wait_for(state="attached", timeout=ACTION_TIMEOUT_MS)
    texts: list[str] = control.evaluate(
        "node => [node, ...node.querySelectorAll('[aria-label]')]"
        ".map(part => part.getAttribute('aria-label') || '').concat([node.textContent || ''])"
    )
    return "\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def expect_text(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until `text` appears anywhere on the screen."""
    label = page.get_by_label(text)
    expect(page.get_by_text(text).or_(label).first).to_be_attached(timeout=ACTION_TIMEOUT_MS)
