"""The people of the journeys: an account owner with a phone, an admin at the console."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.api import password_of
from tests.support.flet import fill, open_flet, shown_text, tap, tid
from tests.support.server import ServerProcess

SCREEN_MS = 20_000


class Owner:
    """An account owner who walks through the companion app."""

    def __init__(self, page: Page, server: ServerProcess, handle: str) -> None:
        """Remember the page, the server and the handle."""
        self.page, self.server, self.handle = page, server, handle

    def open_app(self, route: str = "") -> None:
        """Open the app, at `route` if there is one."""
        open_flet(self.page, f"{self.server.url}/app/{route}")

    def log_in(self) -> None:
        """Fill the log-in form."""
        fill(self.page, "login.handle", self.handle)
        fill(self.page, "login.password", password_of(self.server, self.handle))
        tap(self.page, "login.submit")

    def sees(self, identifier: str) -> Locator:
        """Wait for a control and return it."""
        found = tid(self.page, identifier).first
        expect(found).to_be_attached(timeout=SCREEN_MS)
        return found

    def walk_to_scanner(self) -> None:
        """Log in, then tap Profile, the three dashes, Your QR code, Scan."""
        self.open_app()
        self.log_in()
        self.go_to_scanner()

    def open_scanner(self) -> None:
        """Open the scanner by its address and log in; journeys about the way there use `walk_to_scanner`."""
        self.open_app("#/qr/scan")
        self.log_in()
        self.sees("scan.album")

    def go_to_scanner(self) -> None:
        """Tap Profile, the three dashes, Your QR code, Scan."""
        self.sees("profile.handle")
        tap(self.page, "profile.menu")
        tap(self.page, "menu.qr")
        tap(self.page, "qr.scan")
        self.sees("scan.album")

    def choose_picture(self, picture: Path) -> None:
        """Choose a picture from the album."""
        with self.page.expect_file_chooser() as chooser:
            tap(self.page, "scan.album")
        chooser.value.set_files(picture)

    def type_code(self, code: str) -> None:
        """Type the code by hand."""
        tap(self.page, "scan.type")
        self.sees("typed.code")
        fill(self.page, "typed.code", code)
        tap(self.page, "typed.submit")

    def approve(self) -> None:
        """Approve the request on the screen."""
        self.press_approve()
        self.sees("done.title")

    def press_approve(self) -> None:
        """Press Approve as soon as the button is enabled."""
        self.sees_approve_listening()
        tap(self.page, "consent.approve")

    def sees_approve_listening(self) -> None:
        """Wait until Approve is enabled on the consent screen: it ignores stray clicks in the first second."""
        self.sees("consent.who")
        listening = tid(self.page, "consent.approve").locator("[flt-tappable]")
        expect(listening).to_be_attached(timeout=SCREEN_MS)

    def decline(self) -> None:
        """Decline the request on the screen."""
        self.sees("consent.who")
        tap(self.page, "consent.decline")

    def expect_problem(self, title: str | re.Pattern[str]) -> None:
        """Expect a screen or card that says what went wrong and what to do next."""
        expect(self.sees("problem.title")).to_have_text(title)
        expect(self.sees("problem.detail")).not_to_be_empty()
        self.sees("problem.action")


class Poster(Owner):
    """An owner who posts."""

    @property
    def tiles(self) -> Locator:
        """Return the posts in the grid of the profile."""
        return self.page.locator('[flt-semantics-identifier^="profile.post."]')

    def post(self, file: Path, caption: str) -> None:
        """Choose a file, write a caption and post, starting from the profile and ending there."""
        before = self.tiles.count()
        tap(self.page, "profile.new")
        self.choose_file(file)
        fill(self.page, "new.caption", caption)
        tap(self.page, "new.post")
        expect(tid(self.page, "new.post")).to_have_count(0, timeout=SCREEN_MS)
        expect(self.tiles).to_have_count(before + 1, timeout=SCREEN_MS)

    def choose_file(self, file: Path) -> None:
        """Choose a file for a new post."""
        self.sees("new.choose")
        with self.page.expect_file_chooser() as chooser:
            tap(self.page, "new.choose")
        chooser.value.set_files(file)
        self.sees("new.preview")

    def make_code(self, post_id: str, days: int) -> str:
        """Create a Spark code on a post's page and return it."""
        tap(self.page, "post.ad-settings")
        self.sees("ads.switch")
        tap(self.page, "ads.switch")
        tap(self.page, f"ads.days.{days}")
        tap(self.page, "ads.generate")
        return shown_text(self.page, "ads.code").split("\n")[0]


class Admin:
    """An admin, or another member, at the console."""

    def __init__(self, page: Page, server: ServerProcess, role: str = "admin") -> None:
        """Remember the page, the server and the log-in of the role."""
        self.page, self.server = page, server
        self.login = server.demo_data[role]

    def find(self, hook: str) -> Locator:
        """Return the element with this test hook."""
        return self.page.get_by_test_id(hook)

    def sign_in(self) -> None:
        """Sign in with the form."""
        self.page.goto(f"{self.server.url}/login")
        self.find("login-email").fill(self.login["email"])
        self.find("login-password").fill(self.login["password"])
        self.find("login-submit").click()
        expect(self.page).to_have_url(re.compile(r"/bc/\d+/"))

    def open_tab(self) -> None:
        """Go to Accounts, TikTok accounts."""
        self.page.goto(f"{self.server.url}/bc/{self.login['bc_id']}/tiktok-accounts")

    def make_code(self, *permissions: str) -> None:
        """Go through Add a TikTok Account as far as the code."""
        self.open_tab()
        self.find("add-account").first.click()
        self.find("wizard-next").click()
        self.find("wizard-next").click()
        self.choose(*permissions)
        self.find("create-code").click()
        expect(self.find("qr-image")).to_be_visible()

    def choose(self, *permissions: str) -> None:
        """Tick permissions; the two modes of new videos appear once new videos is ticked."""
        for permission in permissions:
            if permission.startswith("new_videos_"):
                self.find("permission-new_videos").check()
            self.find(f"permission-{permission}").check()

    def download(self, hook: str, folder: Path) -> Path:
        """Press a download button and return the file."""
        with self.page.expect_download() as download:
            self.find(hook).click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def row(self, handle: str) -> Locator:
        """Return the row of an account."""
        return self.page.locator(f'[data-testid="account-row"][data-handle="{handle}"]')
