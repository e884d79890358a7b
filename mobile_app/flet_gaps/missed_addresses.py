"""Show an address that could not be shown while the device was away.

Flet drops a new address when no device is connected, so a person who returns would still see the screen before it.
"""

import logging

import flet as ft

log = logging.getLogger(__name__)


class MissedAddresses:
    """Remembers the address that a device did not take."""

    def __init__(self, page: ft.Page) -> None:
        """Watch every address that a session shows."""
        self._page = page
        self._push = page.push_route
        self._wanted = self._left_at = ""
        page.push_route = self._on_push  # type: ignore[method-assign]

    async def _on_push(self, route: str, **query: str) -> None:
        self._wanted = route
        try:
            await self._push(route, **query)
        except RuntimeError as error:
            log.debug("%s is not shown yet: %s", route, error)
        else:
            self._wanted = "" if self._wanted == route else self._wanted

    def left(self) -> None:
        """Note where the device was when it left."""
        self._left_at = self._page.route

    def show(self) -> None:
        """Show what was missed, unless the person has gone elsewhere meanwhile."""
        wanted, self._wanted = self._wanted, ""
        if wanted and self._page.route == self._left_at:
            self._page.navigate(wanted)
