"""Who is logged in and what the app has loaded: verbs without controls, over an injected client."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

import flet as ft

from mobile_app import texts
from mobile_app.state import notices, storage
from mobile_app.state import session_language as languages
from mobile_app.state.client import ApiProblem, Client, DemoAccount, ServerUnreachable
from mobile_app.state.notices import Notice
from mobile_app.state.storage import MemoryStorage, Storage
from shared.languages import ENGLISH, LANGUAGES, Language, marked
from shared.permissions import Permission
from shared.problems import ProblemType
from shared.wire import Account, AdOfAccount, Authorization, InboxItem, OwnerActor, Profile

T = TypeVar("T")


class Seal(Protocol):
    """Seals content, so that nobody else can read it."""

    def seal(self, content: bytes) -> str:
        """Return the content, sealed."""

    def unseal(self, sealed: str) -> bytes | None:
        """Return the content, or None if we did not seal this."""


_OVER = {ProblemType.NOT_SIGNED_IN, ProblemType.SESSION_OVER}


class SessionOver(Exception):
    """The server no longer knows this session; the app already shows the log-in screen."""


@dataclass(frozen=True)
class Services:
    """What the app needs from outside: where the server is and how to reach it."""

    base_url: str
    make_client: Callable[[str], Client]
    make_storage: Callable[[], Storage] = MemoryStorage
    can_change_server: bool = False
    device_language: str = ""
    camera: int | str | None = None  # for OpenCV: a device's number, or a video instead
    seal: Seal | None = None  # seals what a browser's tab keeps of the session
    saved_session: str = ""  # as the tab sent it, sealed


@ft.observable
@dataclass
class AppState:
    """One person's app. Fields that views read; verbs that views call."""

    services: Services
    client: Client = field(init=False)
    storage: Storage = field(init=False)
    account: Account | None = None
    expires_at: datetime | None = None
    profile: Profile | None = None
    linked: list[Authorization] | None = None
    ads: list[AdOfAccount] | None = None  # of the linked business `ads_of`
    ads_of: str = ""
    ads_missing: bool = False  # they could not be loaded; `trouble` may be about something else by now
    inbox: list[InboxItem] | None = None
    card: Profile | None = None
    demo: list[DemoAccount] = field(default_factory=list)
    notice: Notice | None = None
    trouble: Notice | None = None
    handle_error: str = ""
    password_error: str = ""
    log_in_notice: str = ""
    busy: bool = False
    theme: str = "system"
    language: Language = ENGLISH
    shown_count: int = 0
    returns: int = 0  # how often the device has reconnected
    leaving: list[Callable[[bool], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = self.services.make_client(self.services.base_url)
        self.storage = self.services.make_storage()

    @property
    def base_url(self) -> str:
        """The server's address, without a trailing slash."""
        return self.client.base_url

    # --- coming and going -----------------------------------------------------------------------

    async def start(self) -> None:
        """Read the preferences and, on a demo server, the demo accounts."""
        self.theme = await self.storage.get(storage.THEME) or "system"
        self.language = await languages.preferred(self.storage, self.services.device_language)
        if self.services.can_change_server and (address := await self.storage.get(storage.SERVER)):
            self.client = self.services.make_client(address)
        self.demo = await self.client.demo_accounts()

    async def log_in(self, handle: str, password: str) -> bool:
        """Log in; an error appears under the field that it belongs to."""
        handle = handle.strip().removeprefix("@")
        self.handle_error = "" if handle else texts.LogIn.NO_HANDLE
        self.password_error = "" if password else texts.LogIn.NO_PASSWORD
        if not handle or not password or self.busy:
            return False
        self.busy = True
        try:
            session = await self.client.sign_in(handle, password)
        except (ApiProblem, ServerUnreachable) as failure:
            self.password_error = _log_in_error(failure)
            return False
        finally:
            self.busy = False
        if not isinstance(session.actor, OwnerActor):
            self.password_error = texts.LogIn.NOT_AN_OWNER
            return False
        self.account, self.expires_at, self.log_in_notice = session.actor.account, session.expires_at, ""
        return True

    async def come_back(self, token: str) -> None:
        """Continue a session that began elsewhere; if that fails, the log-in screen says why."""
        self.client.token = token
        try:
            me = await self.call(self.client.me())
        except SessionOver:
            return
        except (ApiProblem, ServerUnreachable):
            self.client.token, self.log_in_notice = None, marked(texts.LogIn, "UNREACHABLE")
            return
        if isinstance(me.actor, OwnerActor):
            self.account, self.expires_at = me.actor.account, me.expires_at

    async def log_out(self) -> None:
        """Log out here immediately, and on the server if it answers."""
        client = self.client
        self._forget(for_good=True)
        try:
            await client.sign_out()
        except (ApiProblem, ServerUnreachable):
            return

    def _forget(self, *, for_good: bool) -> None:
        """Drop the person's data; tell `leaving` whether a code in hand may wait for the next log-in."""
        for listener in self.leaving:
            listener(for_good)
        self.account = self.expires_at = self.profile = self.linked = self.inbox = self.card = None
        self.ads, self.ads_of, self.ads_missing = None, "", False
        self.notice = self.trouble = None
        self.handle_error = self.password_error = ""

    async def call(self, request: Awaitable[T]) -> T:
        """Await a call of the client; if the session is over, show the log-in screen and raise `SessionOver`.

        An answer or failure that arrives after somebody else has logged in is not theirs, so it raises `SessionOver`.
        """
        token = self.client.token
        try:
            answer = await request
        except (ApiProblem, ServerUnreachable) as failure:
            if self.client.token != token:
                raise SessionOver from failure
            if not isinstance(failure, ApiProblem) or failure.type not in _OVER:
                raise
            self._forget(for_good=False)
            self.client.token = None
            self.log_in_notice = marked(texts.LogIn, "SESSION_OVER")
            raise SessionOver from failure
        if self.client.token != token:
            raise SessionOver
        return answer

    # --- what the screens show ------------------------------------------------------------------

    async def _load(self, request: Awaitable[T], again: notices.Again | None = None) -> T | None:
        """Await something to show; a failure becomes `trouble`, which appears instead of the content."""
        self.trouble = None
        try:
            return await self.call(request)
        except SessionOver:
            return None
        except (ApiProblem, ServerUnreachable) as failure:
            self.trouble = notices.of_failure(failure, again)
            return None

    async def load_profile(self) -> str:
        """Load the profile of the logged-in account; keep the one loaded before if that fails."""
        self.profile = await self._load(self.client.my_profile(), self.load_profile) or self.profile
        return ""

    async def load_linked(self) -> str:
        """Load the linked businesses; keep those loaded before if that fails."""
        found = await self._load(self.client.linked_businesses(), self.load_linked)
        self.linked = self.linked if found is None else found
        return ""

    async def load_ads(self, authorization_id: str) -> str:
        """Load the ads that use the account through one business; keep those loaded before for it if that fails."""
        if self.ads_of != authorization_id:
            self.ads, self.ads_of, self.ads_missing = None, authorization_id, False
        found = await self._load(
            self.client.ads_of_linked_business(authorization_id), lambda: self.load_ads(authorization_id)
        )
        if self.ads_of == authorization_id:
            self.ads, self.ads_missing = self.ads if found is None else found, found is None
        return ""

    def pausing(self, authorization_id: str, off: Permission | None = None) -> list[AdOfAccount] | None:
        """Return the running ads that pause without `off`, or without any permission; None if they are not loaded."""
        if self.ads is None or self.ads_of != authorization_id:
            return None
        shown = self.linked_business(authorization_id)
        kept = {value for value in shown.permissions if value is not off} if shown and off else set()
        return [ad for ad in self.ads if ad.status == "running" and not kept & set(ad.needs)]

    async def load_inbox(self) -> str:
        """Load what happened to the account; keep what was loaded before if that fails."""
        found = await self._load(self.client.inbox(), self.load_inbox)
        self.inbox = self.inbox if found is None else found
        return ""

    async def load_card(self, handle: str) -> str:
        """Load another account's profile card."""
        self.card = None
        try:
            self.card = await self.call(self.client.profile(handle))
            self.trouble = None
        except SessionOver:
            return ""
        except ServerUnreachable as failure:
            self.trouble = notices.of_failure(failure, lambda: self.load_card(handle))
        except ApiProblem as failure:
            missing = failure.type is ProblemType.NOT_FOUND
            self.trouble = notices.NO_PROFILE if missing else notices.of_failure(failure)
        return ""

    def linked_business(self, authorization_id: str) -> Authorization | None:
        """Return one of the loaded linked businesses."""
        return next((a for a in self.linked or [] if a.authorization_id == authorization_id), None)

    def history(self, bc_id: str) -> list[InboxItem]:
        """Return the loaded inbox items about one business, newest first."""
        return [item for item in self.inbox or [] if item.business_center and item.business_center.bc_id == bc_id]

    async def turn_off(self, authorization_id: str, permission: Permission) -> bool:
        """Turn one permission off and keep the others that are shown."""
        shown = self.linked_business(authorization_id)
        if shown is None:
            return False
        self.busy = True
        try:
            kept = [value for value in shown.permissions if value is not permission]
            changed = await self.call(self.client.narrow(authorization_id, kept))
        except SessionOver:
            return False
        except (ApiProblem, ServerUnreachable) as failure:
            self.trouble = notices.of_failure(failure)
            return False
        finally:
            self.busy = False
        self.linked = [changed if a.authorization_id == authorization_id else a for a in self.linked or []]
        return True

    async def revoke(self, authorization_id: str) -> bool:
        """Revoke an authorization; one that no longer exists counts as revoked."""
        self.busy = True
        try:
            await self.call(self.client.revoke(authorization_id))
        except SessionOver:
            return False
        except (ApiProblem, ServerUnreachable) as failure:
            if not (isinstance(failure, ApiProblem) and failure.type is ProblemType.NOT_FOUND):
                self.trouble = notices.of_failure(failure)
                return False
        finally:
            self.busy = False
        self.linked = [a for a in self.linked or [] if a.authorization_id != authorization_id]
        return True

    # --- settings -------------------------------------------------------------------------------

    async def use_theme(self, theme: str) -> None:
        """Use "system", "light" or "dark", now and next time."""
        self.theme = theme
        await self.storage.set(storage.THEME, theme)

    async def use_language(self, code: str) -> None:
        """Use another language, now and next time on this device."""
        self.language = LANGUAGES[code]
        await self.storage.set(storage.LANGUAGE, code)

    async def use_server(self, address: str) -> bool:
        """Use another server, now and next time; whoever was logged in is logged out."""
        address = address.strip().rstrip("/")
        if not address.startswith(("https://", "http://localhost", "http://127.0.0.1")):
            return False
        await self.log_out()
        self.client = self.services.make_client(address)
        await self.storage.set(storage.SERVER, address)
        self.demo = await self.client.demo_accounts()
        return True


def _log_in_error(failure: ApiProblem | ServerUnreachable) -> str:
    if isinstance(failure, ServerUnreachable):
        return texts.LogIn.UNREACHABLE
    if failure.type is ProblemType.WRONG_CREDENTIALS:
        return texts.LogIn.WRONG
    if failure.type is ProblemType.TOO_MANY_ATTEMPTS:
        return texts.LogIn.too_many(notices.waiting(failure))
    return failure.problem.detail
