"""A place to come back to: what a browser's tab keeps, sealed, for when the session here is gone.

The state of the web app lives in the server's memory. When the server was started anew, the tab hands back who was
logged in, the request in hand and the switches; only a server with the same key can read it. A tab that is closed
takes it along, and so does logging out.
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
SETTLE_SECONDS: Final = 0.1  # several changes at once are one place


class Place(BaseModel):
    """Who is logged in and which request is in hand."""

    token: str = ""
    request: InHand = InHand()


class Places:
    """Keeps the place of one person, as long as they use the app."""

    def __init__(self, app: AppState, linking: LinkingState, seal: Seal) -> None:
        """Belong to one person."""
        self._app, self._linking, self._seal = app, linking, seal
        self._kept: Place | None = Place()  # None: not known what the device has
        self.saving: asyncio.Task[None] | None = None  # under way, or the last one
        self._watch = self._changed  # observables hold their listeners weakly

    async def restore(self, sealed: str) -> None:
        """Go on where the tab was, as far as the server agrees."""
        content = self._seal.unseal(sealed) if sealed else None
        try:
            place = Place.model_validate_json(content) if content else Place()
        except ValidationError as error:  # of another version
            log.info("a place that cannot be read: %s", error)
            place = Place()
        self._kept = place
        if place.request.code:
            self._linking.come_back(place.request)
        if place.token:
            await self._app.come_back(place.token)

    def watch(self) -> None:
        """Keep every change of place from now on."""
        for state in (self._app, self._linking):
            cast(ft.Observable, state).subscribe(self._watch)
        self._changed()

    def again(self) -> None:
        """Keep the place once more, also none: the device may have missed it, or a log-out, while it was away."""
        self._kept = None
        self._changed()

    def _changed(self, _sender: object = None, _field: str | None = None) -> None:
        if self.saving is None or self.saving.done():
            self.saving = asyncio.create_task(self._save())

    async def _save(self) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        while (place := self._now()) != self._kept:
            self._kept = place
            sealed = "" if place == Place() else self._seal.seal(place.model_dump_json().encode())
            await self._app.storage.set(storage.PLACE, sealed)

    def _now(self) -> Place:
        token = self._app.client.token if self._app.account else None
        return Place(token=token or "", request=self._linking.in_hand)
