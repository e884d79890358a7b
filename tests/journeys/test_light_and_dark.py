"""The page around the app and the browser's own bars follow the app's light or dark theme."""

from playwright.sync_api import Page, expect

from tests.journeys.people import Owner
from tests.support.browser import PHONE, Contexts
from tests.support.flet import tap
from tests.support.server import ServerProcess

LIGHT, DARK = "#ffffff", "#101216"


def _expect_scheme(page: Page, color: str) -> None:
    # Flutter adds a second one with an id; browsers use the first
    expect(page.locator('meta[name="theme-color"]:not([id])')).to_have_attribute("content", color)
    expect(page.locator("html")).to_have_attribute("data-shade", "dark" if color == DARK else "light")


def test_the_page_follows_the_device_until_something_is_chosen(contexts: Contexts, demo_server: ServerProcess) -> None:
    """The page turns dark with the device; a choice in the settings wins and survives until the next visit."""
    mia = Owner(contexts.open("mia", **{**PHONE, "color_scheme": "light"}), demo_server, "mia.bakes")
    mia.open_app("#/settings")
    _expect_scheme(mia.page, LIGHT)
    mia.page.emulate_media(color_scheme="dark")
    _expect_scheme(mia.page, DARK)
    mia.log_in()
    mia.sees("settings.theme.light")
    tap(mia.page, "settings.theme.light")
    _expect_scheme(mia.page, LIGHT)
    mia.page.goto("about:blank")
    mia.page.goto(f"{demo_server.url}/app/")
    _expect_scheme(mia.page, LIGHT)
