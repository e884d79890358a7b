"""Keep a session alive through what happens between a phone and the server: late answers, lost lines, reloads.

Flet 1.0.5 leaves three gaps, and a person falls into each of them sooner or later:

* An answer for a control that has left the screen raises, which ends the loop that receives from the device and tears
  the connection down. A person may leave the scanner at any moment while the camera takes a picture.
* What becomes due while the device is away (a redraw, an effect, a new address) is dropped: a request that was being
  opened stays a turning ring for good.
* A call that waits for the device's answer when the line breaks waits for the rest of the session.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

import flet as ft
from flet.components.component import Component

log = logging.getLogger(__name__)
_AWAY: Final = "the device is away"
_SHOW: Final = "push_route"
_MOVED: Final = "route_change"


class Line:
    """The line to one device: what it missed while it was broken is made up for."""

    def __init__(self, page: ft.Page, back: Callable[[], None]) -> None:
        """Take over the line of a session; `back` is called each time it stands again."""
        self._page, self._back = page, back
        self._session = session = page.session
        self._updates: dict[int, Component] = {}
        self._effects: list[tuple[Any, bool]] = []
        self._wanted = ""  # the address that could not be shown
        self._left_at = ""
        self._moved = False  # the device was at another address already when it left
        self._deliver = session.handle_invoke_method_results
        self._ask = session.invoke_method
        self._hang_up = session.disconnect
        self._event = session.dispatch_event
        self._update = session.schedule_update
        self._effect = session.schedule_effect
        for name, ours in (
            ("handle_invoke_method_results", self._on_answer),
            ("invoke_method", self._on_call),
            ("disconnect", self._on_disconnect),
            ("dispatch_event", self._on_event),
            ("schedule_update", self._on_update),
            ("schedule_effect", self._on_effect),
        ):
            setattr(session, name, ours)
        page.on_connect = self._on_connect

    @property
    def away(self) -> bool:
        """Whether the device has left; it may come back."""
        return self._session.expires_at is not None  # set while no device holds the line

    def _on_answer(self, control_id: int, call_id: str, result: Any, error: str | None) -> None:
        try:
            self._deliver(control_id, call_id, result, error)
        except RuntimeError as late:
            log.debug("an answer came too late: %s", late)

    async def _on_call(self, control_id: int, method_name: str, args: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - flet's signature
        try:
            if self.away:
                raise RuntimeError(_AWAY)
            return await self._ask(control_id, method_name, args, timeout)
        except RuntimeError:
            if method_name != _SHOW:
                raise
            self._wanted = args["route"]
        return None

    async def _on_disconnect(self, session_timeout_seconds: int) -> None:
        inside = vars(self._session)
        self._left_at = self._page.route
        for control in inside["_Session__pending_updates"]:
            self._keep(control)
        self._effects += inside["_Session__pending_effects"]
        calls, results = inside["_Session__method_calls"], inside["_Session__method_call_results"]
        for call in calls.values():
            results[call] = (None, _AWAY)
            call.set()
        calls.clear()
        await self._hang_up(session_timeout_seconds)

    async def _on_event(self, control_id: int, event_name: str, event_data: Any) -> Any:
        if self.away and event_name == _MOVED:
            self._moved = True
            return None
        return await self._event(control_id, event_name, event_data)

    def _on_update(self, control: Any) -> None:
        if self.away:
            self._keep(control)
        else:
            self._update(control)

    def _keep(self, control: Any) -> None:
        if isinstance(control, Component):  # anything else is in the picture that a returning device gets
            self._updates[id(control)] = control

    def _on_effect(self, hook: Any, is_cleanup: bool) -> None:
        if self.away:
            self._effects.append((hook, is_cleanup))
        else:
            self._effect(hook, is_cleanup)

    async def _on_connect(self) -> None:
        updates, effects, wanted = list(self._updates.values()), self._effects, self._wanted
        self._updates, self._effects, self._wanted = {}, [], ""
        for control in updates:
            self._update(control)
        for hook, is_cleanup in effects:
            self._effect(hook, is_cleanup)
        moved, self._moved = self._moved, False
        self._back()
        if moved:
            await self._event(self._page._i, _MOVED, {"route": self._page.route})
        elif wanted and self._page.route == self._left_at:
            self._page.navigate(wanted)
