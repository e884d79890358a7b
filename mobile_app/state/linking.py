"""From a code to a decision: what was read, what it asks for, what the owner chose, and the result.

Verbs return the route of the screen that shows the outcome; they never navigate themselves.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import flet as ft

from mobile_app import routes, texts
from mobile_app.camera.multiple_codes import MultipleCodes, multiple_codes
from mobile_app.scanner import ScannedCode, UnreadableImage, scan_image
from mobile_app.state import notices
from mobile_app.state.app import AppState, SessionOver
from mobile_app.state.client import ApiProblem, ServerUnreachable
from mobile_app.state.notices import Notice
from shared import qr
from shared.permissions import Permission, in_order
from shared.problems import ProblemType
from shared.wire import Authorization, Preview

log = logging.getLogger(__name__)
_OVER: Final = {
    ProblemType.LINK_REQUEST_EXPIRED,
    ProblemType.LINK_REQUEST_CANCELLED,
    ProblemType.LINK_REQUEST_DECLINED,
    ProblemType.LINK_REQUEST_USED,
    ProblemType.CODE_NOT_FOUND,
}


@dataclass(frozen=True)
class InHand:
    """A request as the screen showed it, to return to after an interruption."""

    code: str = ""
    link_request_id: str = ""
    consent_hash: str = ""
    chosen: tuple[Permission, ...] = ()


@ft.observable
@dataclass
class LinkingState:
    """One person's way through one link request at a time."""

    app: AppState
    read: Callable[[bytes], list[ScannedCode]] = scan_image
    code: str = ""
    preview: Preview | None = None
    chosen: set[Permission] = field(default_factory=set)
    banner: str = ""
    deciding: bool = False
    authorization: Authorization | None = None
    was_linked: bool = False
    unknown_code: bool = False
    multiple_codes: MultipleCodes | None = None
    before: InHand | None = None
    notice: Notice | None = None

    def __post_init__(self) -> None:
        self.app.leaving.append(self._leave)

    def _leave(self, for_good: bool) -> None:
        """Drop what the leaving person saw; if the session ended, the code itself may wait."""
        waiting = "" if for_good else self.code
        self._clear()
        self.code, self.authorization, self.notice, self.was_linked = waiting, None, None, False

    # --- reading --------------------------------------------------------------------------------

    async def read_picture(self, picture: bytes) -> str | Notice | MultipleCodes:
        """Read a picture and follow its code; return a route, a message to show there, or the codes to choose from."""
        token = self.app.client.token
        try:
            codes = await asyncio.to_thread(self.read, picture)
        except UnreadableImage:
            return notices.UNREADABLE
        if self.app.client.token != token:
            return notices.NO_CODE  # whoever chose it has left, and nobody else scanned it
        return await self.follow_codes(picture, codes) or notices.NO_CODE

    async def follow_codes(self, picture: bytes, codes: list[ScannedCode]) -> str | Notice | MultipleCodes | None:
        """Follow the codes found in a picture; return None if there are none."""
        distinct = list({code.text: code for code in codes}.values())
        if not distinct:
            return None
        if len(distinct) > 1:
            self.multiple_codes = await asyncio.to_thread(multiple_codes, picture, distinct)
            return self.multiple_codes
        return await self.follow(distinct[0].text)

    async def follow(self, text: str) -> str | Notice:
        """Follow one decoded text. A foreign code is never opened: it becomes a message."""
        self.multiple_codes = None
        scanned = qr.parse_scanned(text, self.app.base_url)
        if isinstance(scanned, qr.LinkCode):
            return await self.open(scanned.code)
        if isinstance(scanned, qr.ProfileCode):
            return routes.card(scanned.handle)
        return notices.of_foreign_code(scanned)

    # --- asking the server ----------------------------------------------------------------------

    def remember(self, code: str) -> None:
        """Keep the code of a deep link until someone is logged in to see it."""
        self._clear()
        self.code = code

    async def open(self, code: str) -> str:
        """Ask what a code stands for. If the session is over, the code waits for the log-in."""
        before = self.before if self.before and self.before.code == code else None
        self._clear()
        self.code, self.before = code, before
        try:
            preview = await self.app.call(self.app.client.open_link_request(code))
        except SessionOver:
            return routes.CONSENT
        except (ApiProblem, ServerUnreachable) as failure:
            if before and isinstance(failure, ApiProblem) and failure.type is ProblemType.LINK_REQUEST_USED:
                return await self._done_before(failure, before)
            return self._fail(failure, lambda: self.open(code))
        self.preview = preview
        self.chosen = {shown.value for shown in preview.permissions if not shown.unavailable_reason}
        if before and before.consent_hash == preview.consent_hash:
            self.chosen &= set(before.chosen)
        elif before and before.consent_hash:
            self.banner = texts.Consent.CHANGED
        return routes.CONSENT

    async def _done_before(self, used: ApiProblem, before: InHand) -> str:
        """Ask for the result of an earlier approval whose answer was lost; a used code cannot be approved twice."""
        try:
            self.authorization = await self.app.call(self.app.client.approve(before, before.code, list(before.chosen)))
        except SessionOver:
            return routes.CONSENT
        except (ApiProblem, ServerUnreachable):
            return self._fail(used, lambda: self.open(before.code))
        self.app.linked = None
        self._clear()
        return routes.DONE

    # --- coming back ----------------------------------------------------------------------------

    @property
    def in_hand(self) -> InHand:
        """The request to return to."""
        if self.preview is None:
            return self.before or InHand(self.code)
        shown = self.preview
        return InHand(self.code, shown.link_request_id, shown.consent_hash, tuple(in_order(self.chosen)))

    def come_back(self, before: InHand) -> None:
        """Return to an earlier request; the consent screen opens it again."""
        self.remember(before.code)
        self.before = before

    async def look_again(self) -> str:
        """Check whether the request on screen can still be decided on; if it is over, return the route of the message.

        If the server does not answer, nothing is known about the request, so nothing changes here.
        """
        preview = self.preview
        if preview is None or self.deciding:
            return routes.CONSENT
        try:
            await self.app.call(self.app.client.check(preview, self.code))
        except (SessionOver, ServerUnreachable):
            return routes.CONSENT
        except ApiProblem as failure:
            if failure.type not in _OVER or self.preview is not preview or self.deciding:
                return routes.CONSENT
            if failure.type is ProblemType.LINK_REQUEST_USED:  # perhaps by our own approval, whose answer was lost
                return await self._done_before(failure, self.in_hand)
            return self._fail(failure, lambda: self.open(self.code))
        return routes.CONSENT

    def choose(self, permission: Permission, on: bool) -> None:
        """Switch one permission on or off."""
        self.chosen = self.chosen | {permission} if on else self.chosen - {permission}

    async def approve(self) -> str:
        """Approve what is shown, with the permissions that are switched on."""
        preview, code = self.preview, self.code
        if preview is None or self.deciding or not self.chosen:
            return routes.CONSENT
        self.deciding = True
        try:
            request = self.app.client.approve(preview, code, in_order(self.chosen))
            self.authorization = await self.app.call(request)
        except SessionOver:
            return routes.CONSENT
        except (ApiProblem, ServerUnreachable) as failure:
            return await self._not_approved(failure, code)
        finally:
            self.deciding = False
        self.was_linked, self.app.linked = preview.already_linked, None
        self._clear()
        return routes.DONE

    async def _not_approved(self, failure: ApiProblem | ServerUnreachable, code: str) -> str:
        if isinstance(failure, ApiProblem) and failure.type is ProblemType.CONSENT_CHANGED:
            route = await self.open(code)
            self.banner = texts.Consent.CHANGED
            return route
        if isinstance(failure, ApiProblem) and failure.type is ProblemType.PERMISSION_OCCUPIED:
            self.choose(Permission.LIVE_GMV_MAX, False)
            self.banner = texts.Consent.OCCUPIED
        return self._fail(failure, self.approve)

    async def decline(self) -> str:
        """Decline what is shown."""
        preview = self.preview
        if preview is None or self.deciding:
            return routes.PROFILE
        self.deciding = True
        try:
            await self.app.call(self.app.client.decline(preview, self.code))
        except SessionOver:
            return routes.CONSENT
        except (ApiProblem, ServerUnreachable) as failure:
            return self._fail(failure, self.decline)
        finally:
            self.deciding = False
        title = texts.Problems.YOU_DECLINED[0]
        self.app.notice = Notice(title, texts.Problems.you_declined(preview.business_center.name))
        self._clear()
        return routes.PROBLEM

    def _fail(self, failure: ApiProblem | ServerUnreachable, again: notices.Again) -> str:
        log.info("link request: %s", failure)
        self.unknown_code = isinstance(failure, ApiProblem) and failure.type is ProblemType.CODE_NOT_FOUND
        self.app.notice = notices.of_failure(failure, again)
        if self.app.notice.again is None and self.app.notice.route != routes.CONSENT:
            self.code, self.preview = "", None
        return routes.PROBLEM

    def _clear(self) -> None:
        self.code, self.preview, self.banner, self.multiple_codes = "", None, "", None
        self.chosen, self.unknown_code, self.before = set(), False, None
