"""Restore a session that the server has lost, from the sealed copy in the browser's tab.

The state of the web app lives in the server's memory. After a restart of the server the tab sends back who was logged
in, the request in hand and the switches. Only a server with the same key can read the copy. Closing the tab or logging
out removes it.
"""

import asyncio
import logging
from typing import Final, cast

import flet as ft
from pydantic import BaseModel, ValidationError

from mobile_app.state import storage
from mobile_app.state.app import AppState, Seal
from mobile_app.state.linking import InHand, LinkingState

log = logging.getLogger(__name__)
SETTLE_SECONDS: Final = 0.1  # changes within this time are saved together


class SavedSession(BaseModel):
    """Who is logged in and which request is in hand."""

    token: str = ""
    request: InHand = InHand()


class SessionRestore:
    """Saves one person's session in their tab, and restores it."""

    def __init__(self, app: AppState, linking: LinkingState, seal: Seal) -> None:
        """Save and restore the state of one person."""
        self._app, self._linking, self._seal = app, linking, seal
        self._saved: SavedSession | None = SavedSession()  # None: what the tab has is unknown
        self.saving: asyncio.Task[None] | None = None  # under way, or the last one
        self._watch = self._changed  # observables hold their listeners weakly

    async def restore(self, sealed: str) -> None:
        """Continue where the tab was, as far as the server allows."""
        content = self._seal.unseal(sealed) if sealed else None
        try:
            saved = SavedSession.model_validate_json(content) if content else SavedSession()
        except ValidationError as error:  # written by another version
            log.info("a saved session cannot be read: %s", error)
            saved = SavedSession()
        self._saved = saved
        if saved.request.code:
            self._linking.come_back(saved.request)
        if saved.token:
            await self._app.come_back(saved.token)

    def watch(self) -> None:
        """Save every change from now on."""
        for state in (self._app, self._linking):
            cast(ft.Observable, state).subscribe(self._watch)
        self._changed()

    def save_again(self) -> None:
        """Save once more: the device may have missed a change, or a log-out, while it was away."""
        self._saved = None
        self._changed()

    def _changed(self, _sender: object = None, _field: str | None = None) -> None:
        if self.saving is None or self.saving.done():
            self.saving = asyncio.create_task(self._save())

    async def _save(self) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        while (now := self._now()) != self._saved:
            self._saved = now
            sealed = "" if now == SavedSession() else self._seal.seal(now.model_dump_json().encode())
            await self._app.storage.set(storage.SAVED_SESSION, sealed)

    def _now(self) -> SavedSession:
        token = self._app.client.token if self._app.account else None
        return SavedSession(token=token or "", request=self._linking.in_hand)
