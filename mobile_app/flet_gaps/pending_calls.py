"""End the calls that wait for a device when it leaves.

Flet lets a call that was under way when the connection broke, or that was made while the device is away, wait until
the session ends: up to an hour.
"""

import asyncio
from typing import Any, Final

import flet as ft

_AWAY: Final = "the device is away"


class PendingCalls:
    """Makes a session's calls to its device fail at once while the device is away."""

    def __init__(self, page: ft.Page) -> None:
        """Watch every call of a session."""
        self._session = page.session
        self._invoke = page.session.invoke_method
        self._leaving = asyncio.get_running_loop().create_future()
        page.session.invoke_method = self._on_call  # type: ignore[method-assign]

    def end(self) -> None:
        """Raise `RuntimeError` in everything that waits for the device."""
        self._leaving.set_result(None)
        self._leaving = asyncio.get_running_loop().create_future()

    async def _on_call(self, control_id: int, method_name: str, args: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - Flet's signature
        if self._session.expires_at:  # set while the device is away
            raise RuntimeError(_AWAY)
        call = asyncio.ensure_future(self._invoke(control_id, method_name, args, timeout))
        try:
            await asyncio.wait({call, self._leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                raise RuntimeError(_AWAY)
            return call.result()
        finally:
            call.cancel()
