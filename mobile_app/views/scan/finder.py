"""Handles the pictures and codes that the scanner sees; the screen around it only draws."""

import asyncio
from collections.abc import Callable
from typing import Final

import flet as ft

from mobile_app import texts
from mobile_app.camera.multiple_codes import MultipleCodes
from mobile_app.scanner import ScannedCode
from mobile_app.state.linking import LinkingState
from mobile_app.state.notices import Notice
from mobile_app.views.scan.overlay import Box, around

Text = texts.Scan
SNAP_SECONDS: Final = 0.2  # long enough to see which code was read, short enough to keep the total at half a second


class Finder:
    """Follows pictures and codes for one visit to the scanner."""

    def __init__(self, linking: LinkingState, tell: Callable[[str], None]) -> None:
        """`tell` receives a sentence about the current work, or an empty one when it ends."""
        self._linking = linking
        self._tell = tell
        self._busy = False
        self._left = False
        self.box: Box | None = None  # where the seen code is on the screen, while following it
        self.screen_px = (390.0, 844.0)

    async def picked(self, event: ft.FilePickerResultEvent) -> None:
        """Read a picture from the album."""
        if not event.files:
            return
        self._linking.notice = None
        self._start(Text.READING, None)
        await self._follow(await self._linking.read_picture(event.files[0].bytes or b""))

    async def seen(self, picture: bytes, codes: list[ScannedCode]) -> bool:
        """Follow what the camera saw. Return True if the camera is no longer needed."""
        if self._busy or self._linking.multiple_codes or self._linking.notice:
            return False
        self._start(Text.OPENING, around(picture, codes, *self.screen_px) if len(codes) == 1 else None)
        followed = self._linking.follow_codes(picture, codes)
        outcome, _, _ = await asyncio.gather(followed, _vibrate(), asyncio.sleep(SNAP_SECONDS))
        return await self._follow(outcome)

    async def choose(self, value: str) -> None:
        """Follow one of several codes."""
        self._start(Text.OPENING, None)
        await self._follow(await self._linking.follow(value))

    def again(self) -> None:
        """Dismiss the last message or question."""
        self._linking.notice = None
        self._linking.multiple_codes = None

    def arrive(self) -> None:
        """Begin the visit."""
        self._left = False

    def leave(self) -> None:
        """End the visit and ignore the result of a reading that is still going on."""
        self._left = True
        self.again()

    def _start(self, doing: str, box: Box | None) -> None:
        self._busy, self.box = True, box
        self._tell(doing)

    async def _follow(self, outcome: str | Notice | MultipleCodes | None) -> bool:
        self._busy, self.box = False, None
        if self._left:
            self.again()
            return True
        self._tell("")
        if isinstance(outcome, str):
            ft.context.page.navigate(outcome)
        elif isinstance(outcome, Notice):
            self._linking.notice = outcome
        return isinstance(outcome, str | MultipleCodes)


async def _vibrate() -> None:
    """Vibrate briefly, if the device can."""
    try:
        await asyncio.wait_for(ft.HapticFeedback().medium_impact(), 0.5)
    except (RuntimeError, TimeoutError):
        return
