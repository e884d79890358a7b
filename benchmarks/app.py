"""Measure what the companion app costs a browser: bytes and time to the first frame, cold and warm.

    python -m benchmarks.app [--rounds 5] [--write docs/performance.md]

The reference in the same run is the sign-in page of the same server, a page of plain HTML. A cold visit starts with
an empty cache; a warm visit is the same browser's next one, in a new tab. Needs Chromium.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.report import Goal, replace_section
from tests.support.browser import PHONE, launch
from tests.support.server import ServerProcess

COLD_BYTES_GOAL = 5_500_000
WARM_SECONDS_GOAL = 1.0
_FIRST_FRAME = "window.addEventListener('flutter-first-frame', () => { window.firstFrame = performance.now() })"


@dataclass(frozen=True)
class Visit:
    """One visit: bytes over the wire, requests, and seconds from navigation to the first frame."""

    bytes: int
    requests: int
    seconds: float


def visit(context: BrowserContext, url: str, ready: str) -> Visit:
    """Open `url` in a new tab and wait until the JavaScript expression `ready` returns milliseconds."""
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    received: list[int] = []
    devtools.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.add_init_script(_FIRST_FRAME)
    page.goto(url, wait_until="commit")
    milliseconds = float(page.wait_for_function(ready, timeout=60_000).json_value())
    time.sleep(1.0)  # bytes that arrive after the first frame count too
    page.close()
    return Visit(sum(received), len(received), milliseconds / 1000)


def measure(browser: Browser, url: str, ready: str, rounds: int) -> tuple[list[Visit], list[Visit]]:
    """Return cold and warm visits."""
    cold, warm = [], []
    for _ in range(rounds):
        context = browser.new_context(**PHONE, bypass_csp=True)  # the policy blocks even our own probe
        cold.append(visit(context, url, ready))
        warm.append(visit(context, url, ready))
        context.close()
    return cold, warm


def report(server: ServerProcess, rounds: int) -> tuple[str, list[Goal]]:
    """Measure the app and the reference in turn; return the table and the goals."""
    frame = "() => window.firstFrame"
    loaded = "() => performance.timing.loadEventEnd && performance.getEntriesByType('navigation')[0].loadEventEnd"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        app = measure(browser, f"{server.url}/app/", frame, rounds)
        page = measure(browser, f"{server.url}/login", loaded, rounds)
        browser.close()
    lines = ["| visit | bytes | requests | first frame, s | of the sign-in page's time |", "|---|---|---|---|---|"]
    median: dict[str, Visit] = {}
    for name, visits, reference in (("cold", app[0], page[0]), ("warm", app[1], page[1])):
        seconds = statistics.median(one.seconds for one in visits)
        size = round(statistics.median(one.bytes for one in visits))
        requests = round(statistics.median(one.requests for one in visits))
        median[name] = Visit(size, requests, seconds)
        ratio = seconds / statistics.median(one.seconds for one in reference)
        lines.append(f"| {name} | {size:,} | {requests} | {seconds:.2f} | {ratio:.1f} times |")
    goals = [
        Goal("bytes, cold", median["cold"].bytes / 1e6, COLD_BYTES_GOAL / 1e6, "MB", at_most=True),
        Goal("first frame, warm", median["warm"].seconds, WARM_SECONDS_GOAL, "s", at_most=True),
    ]
    return "\n".join(lines), goals


def main() -> None:
    """Start a server, measure, and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, help="replace the section of this Markdown file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder) / "data")
        server.start()
        try:
            table, goals = report(server, options.rounds)
        finally:
            server.stop()
    text = f"{table}\n\n" + "\n".join(goal.line() for goal in goals)
    print(text)
    if options.write:
        replace_section(options.write, "Companion app", f"python -m benchmarks.app --rounds {options.rounds}", text)


if __name__ == "__main__":
    main()
