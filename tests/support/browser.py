"""Chromium for tests: finding it, starting it, reading its console, and saving pictures of failures."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# Chromium uses only the last list, so this one includes what Playwright turns off. The first two are the
# suggestions of the address bar: two extra pages in each window, which cost half a second of CPU time.
_FEATURES_OFF = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
ARGUMENTS = (
    "--no-sandbox",  # root cannot use the sandbox, and the pages are our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--js-flags=--liftoff-only",  # journeys are too short for optimised WebAssembly: an eighth less CPU time
    f"--disable-features={_FEATURES_OFF}",
)
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
}

# Flet's web client requests this from a CDN even with no_cdn, and works without it.
HARMLESS = (r"rive_native",)


TIMEOUT_MS = 15_000  # for every wait in a test; Playwright's 5 s are too short on a busy machine


class BrowserMissing(RuntimeError):
    """No Chromium on this machine starts."""


def find_chromium(playwright: Playwright) -> Path:
    """Return the browser to use: the system's own, or else the one Playwright has downloaded.

    Raises:
        BrowserMissing: there is neither.
    """
    candidates = [shutil.which(name) for name in NAMES]
    for candidate in (*candidates, *MAC_APPS, playwright.chromium.executable_path):
        if candidate and _starts(candidate):
            return Path(candidate)
    raise BrowserMissing("No Chromium or Chrome is installed; `make test` installs one.")


def _starts(program: str) -> bool:
    # Ubuntu's chromium-browser is often a script that only says how to get the real one.
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except OSError:
        return False


def launch(playwright: Playwright, *more_arguments: str) -> Browser:
    """Start headless Chromium."""
    return playwright.chromium.launch(
        executable_path=find_chromium(playwright), args=[*ARGUMENTS, *more_arguments], headless=True
    )


def camera_arguments(video: Path) -> tuple[str, ...]:
    """Return the arguments for `launch` that make `video` (.y4m or .mjpeg) the camera, with access granted."""
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={video.resolve()}",
    )


class PageLog:
    """The errors in the pages of a context, from the browser's console."""

    def __init__(self, context: BrowserContext) -> None:
        """Listen to every page of the context, including those opened later."""
        self.lines: list[str] = []
        self.errors: list[str] = []
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._add(f"uncaught: {error.error}", wrong=True))
        context.on("requestfailed", self._on_request_failed)

    def _on_console(self, message: ConsoleMessage) -> None:
        self._add(f"{message.type}: {message.text} ({message.location.get('url', '')})", wrong=message.type == "error")

    def _on_request_failed(self, request: Request) -> None:
        # A request is aborted when a page is left or a stream is closed.
        self._add(
            f"failed: {request.method} {request.url} {request.failure}", wrong="ERR_ABORTED" not in str(request.failure)
        )

    def _add(self, line: str, *, wrong: bool) -> None:
        self.lines.append(line)
        if wrong and not any(re.search(pattern, line) for pattern in HARMLESS):
            self.errors.append(line)

    def expect_clean(self, *allowed: str) -> None:
        """Fail if there was an error that none of the `allowed` regular expressions matches."""
        left = [line for line in self.errors if not any(re.search(pattern, line) for pattern in allowed)]
        assert not left, "errors in the browser:\n" + "\n".join(left)


class Contexts:
    """Open browser contexts for one test, one per person, and close them afterwards."""

    def __init__(self, playwright: Playwright, browser: Browser) -> None:
        """Use `browser` for all contexts that need no browser of their own."""
        self._playwright = playwright
        self._browser = browser
        self._own_browsers: list[Browser] = []
        self._opened: list[tuple[str, BrowserContext, PageLog]] = []

    def open(
        self, name: str = "page", *, camera: Path | None = None, arguments: tuple[str, ...] = (), **options: Any
    ) -> Page:
        """Return the first page of a new context.

        Args:
            name: the person, for the names of pictures.
            camera: a .y4m or .mjpeg video that the page sees as its camera.
            arguments: further arguments for Chromium, which is then started for this context.
            options: those of Playwright's `new_context`, which override `DESKTOP`; `**PHONE` makes it a phone.
        """
        browser = self._browser
        if camera is not None or arguments:
            browser = launch(self._playwright, *(camera_arguments(camera) if camera else ()), *arguments)
            self._own_browsers.append(browser)
        context = browser.new_context(**{**DESKTOP, **options})
        context.set_default_timeout(TIMEOUT_MS)
        self._opened.append((name, context, PageLog(context)))
        return context.new_page()

    def log(self, page: Page) -> PageLog:
        """Return the console of a page that `open` returned."""
        return next(log for _, context, log in self._opened if context == page.context)

    def save_failure(self, directory: Path) -> list[Path]:
        """Write a picture of every open page and each console into `directory`; return the files."""
        directory.mkdir(parents=True, exist_ok=True)
        files: list[Path] = []
        for number, (name, context, log) in enumerate(self._opened, 1):
            stem = f"{number}-{name}"
            for page_number, page in enumerate(context.pages, 1):
                picture = directory / f"{stem}-{page_number}.png"
                try:
                    page.screenshot(path=picture, timeout=10_000)
                except Error as error:
                    log.lines.append(f"no picture of {page.url}: {error}")
                else:
                    files.append(picture)
            console = directory / f"{stem}-console.txt"
            console.write_text("\n".join([*(page.url for page in context.pages), *log.lines, ""]))
            files.append(console)
        return files

    def close(self) -> None:
        """Close every context, and the browsers that were started for one."""
        for _, context, _ in self._opened:
            context.close()
        for browser in self._own_browsers:
            browser.close()


@contextmanager
def chromium() -> Iterator[tuple[Playwright, Browser]]:
    """Run Playwright and one headless Chromium."""
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield playwright, browser
        finally:
            browser.close()


if __name__ == "__main__":
    with sync_playwright() as started:
        try:
            sys.stdout.write(f"{find_chromium(started)}\n")
        except BrowserMissing as missing:
            sys.exit(str(missing))
