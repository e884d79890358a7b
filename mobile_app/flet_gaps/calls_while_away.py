"""End the app's calls to a device that leaves or has left.

Flet lets such a call wait for the rest of the session, up to an hour. Here it fails immediately. A new address is a
call, too: it is kept, and shown when the device comes back.
"""

import asyncio
from typing import Any, Final

import flet as ft

_AWAY: Final = "the device is away"


class CallsWhileAway:
    """The calls of one session to its device."""

    def __init__(self, page: ft.Page) -> None:
        self._page = page
        self._invoke = page.session.invoke_method
        self._leaving = asyncio.get_running_loop().create_future()
        self._missed_route = self._left_at = ""
        page.session.invoke_method = self._on_call  # type: ignore[method-assign]

    def left(self) -> None:
        """End every call that waits for the device."""
        self._left_at = self._page.route
        self._leaving.set_result(None)
        self._leaving = asyncio.get_running_loop().create_future()

    def show_missed_route(self) -> None:
        """Show the address that was missed, unless the person has gone elsewhere since."""
        route, self._missed_route = self._missed_route, ""
        if route and self._page.route == self._left_at:
            self._page.navigate(route)

    async def _on_call(self, control_id: int, method_name: str, args: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - Flet's signature
        try:
            return await self._call(control_id, method_name, args, timeout)
        except RuntimeError:
            if method_name != "push_route":
                raise
            self._missed_route = args["route"]

    async def _call(self, *call: Any) -> Any:
        if self._page.session.expires_at:  # set while the device is away
            raise RuntimeError(_AWAY)
        answer = asyncio.ensure_future(self._invoke(*call))
        try:
            await asyncio.wait({answer, self._leaving}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return answer.result()
            raise RuntimeError(_AWAY)
        finally:
            answer.cancel()
