"""One walk over every screen of the app, for tests that apply the same checks to all of them."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from shared import qr
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Poster
from tests.support.flet import fill, reach, scroll, tap, tid
from tests.support.post_picture import draw_picture
from tests.support.server import ServerProcess

MESSAGE = "For the spring bakes campaign, March to May."


class EveryScreen:
    """Walk an owner through the app; each step yields the name of the screen it has reached."""

    def __init__(self, page: Page, server: ServerProcess, admin: AdminApi, owner: OwnerApi, folder: Path) -> None:
        """Remember a page, an owner whose account has no links, and a folder for pictures."""
        self.page, self.server, self.admin, self.owner, self.folder = page, server, admin, owner, folder
        self.person = Poster(page, server, owner.handle)

    def walk(self) -> Iterator[str]:
        """Visit all screens."""
        yield from self.logged_out()
        yield from self.roots()
        yield from self.scanning()
        yield from self.linking()
        yield from self.posting()
        yield from self.turned_away()

    def logged_out(self) -> Iterator[str]:
        """Visit the log-in screen, the two sheets over it, and a wrong password."""
        self.person.open_app()
        yield self._at("log-in", "login.submit")
        yield self._tapped("login.demo", "demo accounts", f"login.demo.{self.owner.handle}")
        self._close(f"login.demo.{self.owner.handle}")
        yield self._tapped("login.language", "languages", "login.language.ar")
        self.page.keyboard.press("Escape")
        self._gone("login.language.ar")
        fill(self.page, "login.handle", self.owner.handle)
        fill(self.page, "login.password", "wrong")
        yield self._tapped("login.submit", "log-in refused", "login.error")
        self._top()
        self.person.log_in()
        self.person.sees("profile.handle")

    def roots(self) -> Iterator[str]:
        """Visit the three tabs, the tabs of the profile, the menu, settings, and another profile."""
        yield self._at("profile", "profile.ads-only")
        yield self._tapped("profile.private", "profile, private", "profile.private")
        yield self._tapped("profile.ads-only", "profile, ads only", "profile.ads-only.note")
        yield self._tapped("profile.menu", "menu", "menu.logout")
        yield self._tapped("menu.settings", "settings", "settings.logout")
        self._tap("settings.back")
        yield self._tapped("nav.home", "home", "home.scan")
        yield self._tapped("nav.inbox", "inbox", "nav.inbox")
        yield self._opened("u/jo.grows", "another profile", "card.scan")
        yield self._opened("linked", "linked, none", "linked.empty")

    def scanning(self) -> Iterator[str]:
        """Visit the owner's code, the scanner without a camera, a foreign code, several codes, and the typed code."""
        yield self._opened("qr", "own code", "qr.scan")
        yield self._tapped("qr.scan", "scanner", "scan.album")
        foreign = self.folder / "foreign.png"
        foreign.write_bytes(qr.draw_png("https://login.example.org/l#AAAAAAAAAAAAAAAAAAAAAA"))
        self.person.choose_picture(foreign)
        yield self._at("scanner, foreign code", "problem.action")
        self._tap("problem.action")
        self.person.choose_picture(self._two_codes())
        yield self._at("scanner, several codes", "scan.code.2")
        self._tap("scan.again")
        yield self._tapped("scan.type", "typed code", "typed.code")
        fill(self.page, "typed.code", "ABC")
        self._tap("typed.submit")
        yield self._at("typed code refused", "typed.code")

    def linking(self) -> Iterator[str]:
        """Visit consent, done, linked businesses, both sheets, consent to a change, the inbox, and a used code."""
        wanted = ["existing_posts", "new_videos_ads_only", "live_gmv_max"]
        request = self.admin.make_code(wanted, message=MESSAGE)
        self._open_code(request.url)
        yield self._at("consent", "consent.approve")
        self.person.approve()
        yield self._at("done", "done.linked")
        row = f"linked.row.{self.server.demo_data['admin']['bc_id']}"
        yield self._tapped("done.linked", "linked", row)
        yield self._tapped(row, "linked business", "linked.detail.revoke")
        switch = "linked.detail.switch.live_gmv_max"
        yield self._tapped(switch, "turn off", "linked.narrow.confirm")
        self._close("linked.narrow.confirm")
        yield self._tapped("linked.detail.revoke", "revoke", "linked.revoke.confirm")
        self._close("linked.revoke.confirm")
        change = self.admin.make_code(["existing_posts", "new_videos_on_profile", "message_ads"])
        self._open_code(change.url)
        yield self._at("consent to a change", "consent.changes")
        self._tap("consent.decline")
        yield self._at("declined", "problem.title")
        yield self._opened("inbox", "inbox", "inbox.row.0")

    def posting(self) -> Iterator[str]:
        """Visit a new post, leaving it, the post, its ad settings with and without code, editing, and deleting."""
        yield self._opened("new", "new post", "new.choose")
        self.person.choose_file(draw_picture(self.folder / "picture.jpg"))
        fill(self.page, "new.caption", "Rye and honey, baked this morning")
        yield self._at("new post, chosen", "new.preview")
        yield self._tapped("new.close", "leave new post", "new.discard")
        self._close("new.discard")
        self._tap("new.post")
        self._gone("new.post")
        self._toast_gone("Posted")
        post_id = self.owner.call("GET", "/me/posts")["items"][0]["post_id"]
        yield self._tapped(f"profile.post.{post_id}", "post", "post.delete")
        yield self._tapped("post.ad-settings", "ad settings", "ads.switch")
        yield self._tapped("ads.switch", "ad settings, days", "ads.generate")
        yield self._tapped("ads.generate", "ad settings, code", "ads.code")
        code = self.owner.call("GET", f"/me/posts/{post_id}/spark-code")["code"]
        account_id = self.admin.use_code(code).account.account_id
        self.admin.advertise(account_id, "Spring bread", mode="pull", post_id=post_id, by_spark_code=True)
        yield self._tapped("ads.revoke", "revoke the code", "ads.revoke.confirm")
        self._close("ads.revoke.confirm")
        self._tap("ads.back")
        yield self._tapped("post.edit", "edit post", "edit.save")
        self._tap("edit.back")
        yield self._tapped("post.delete", "delete post", "post.delete.confirm")
        self._tap("post.delete.confirm")
        self._gone("post.delete.confirm")
        self._toast_gone("Post deleted")

    def turned_away(self) -> Iterator[str]:
        """Visit a code that is no longer valid, and the log-in before a request."""
        request = self.admin.make_code()
        self.admin.act(request, "cancel")
        self._open_code(request.url)
        yield self._at("cancelled code", "problem.title")
        self._open("settings")
        self._tap("settings.logout")
        self.person.sees("login.submit")
        self._open_code(self.admin.make_code().url)
        yield self._at("log in to a request", "login.submit")

    def _at(self, name: str, identifier: str) -> str:
        reach(self.page, identifier)
        return name

    def _tapped(self, identifier: str, name: str, then: str) -> str:
        self._tap(identifier)
        return self._at(name, then)

    def _top(self) -> None:
        scroll(self.page, -3000)

    def _tap(self, identifier: str) -> None:
        """Tap a control, after scrolling down to it as far as possible."""
        reach(self.page, identifier)
        tap(self.page, identifier)

    def _close(self, shown: str) -> None:
        """Close a sheet with its handle."""
        tap(self.page, "sheet.close")
        self._gone(shown)

    def _opened(self, route: str, name: str, then: str) -> str:
        self._open(route)
        return self._at(name, then)

    def _open(self, route: str) -> None:
        self.page.evaluate("route => { location.hash = '#/' + route; }", route)

    def _open_code(self, url: str | None) -> None:
        self._open(f"l/{(url or '').rpartition('#')[2]}")

    def _gone(self, identifier: str) -> None:
        expect(tid(self.page, identifier)).to_have_count(0)

    def _toast_gone(self, words: str) -> None:
        toast = self.page.get_by_text(words, exact=True)
        expect(toast).not_to_have_count(0)  # it appears late on a busy machine
        expect(toast).to_have_count(0)  # until then it covers the buttons

    def _two_codes(self) -> Path:
        path = self.folder / "two.png"
        both = Image.new("RGB", (900, 500), "white")
        for left, handle in ((60, "mia.bakes"), (500, "jo.grows")):
            one = self.folder / f"{handle}.png"
            one.write_bytes(qr.draw_png(qr.format_profile(self.server.url, handle)))
            both.paste(Image.open(one).convert("RGB").resize((340, 340)), (left, 80))
        both.save(path)
        return path
