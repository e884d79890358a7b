"""Keep a session alive when the device answers for a control that has left the screen.

Flet 1.0.5 raises on such an answer (`Session.handle_invoke_method_results`), and the exception ends the loop that
receives from the device: the connection is torn down in the middle of the next screen. The camera is opened and
takes pictures while a person may leave the scanner at any moment, so late answers are normal here.
"""

import logging
from typing import Any

import flet as ft

log = logging.getLogger(__name__)


def tolerate_late_answers(page: ft.Page) -> None:
    """Drop answers that nobody waits for any more, instead of losing the connection over them."""
    session = page.session
    deliver = session.handle_invoke_method_results

    def deliver_if_awaited(control_id: int, call_id: str, result: Any, error: str | None) -> None:
        try:
            deliver(control_id, call_id, result, error)
        except RuntimeError as late:
            log.debug("an answer came too late: %s", late)

    session.handle_invoke_method_results = deliver_if_awaited  # type: ignore[method-assign]
