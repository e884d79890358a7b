"""Ignore an answer that arrives after its control has left the screen.

Flet raises an error for it in the loop that receives from the device, and that ends the connection. It happens when a
person leaves the scanner while the camera takes a picture.
"""

from contextlib import suppress
from typing import Any

import flet as ft


def ignore_late_answers(page: ft.Page) -> None:
    """Keep a session alive when a device answers for a control that is gone."""
    deliver = page.session.handle_invoke_method_results

    def on_answer(control_id: int, call_id: str, result: Any, error: str | None) -> None:
        with suppress(RuntimeError):
            deliver(control_id, call_id, result, error)

    page.session.handle_invoke_method_results = on_answer  # type: ignore[method-assign]
