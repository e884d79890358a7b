"""End an app's start quietly when the device has left meanwhile.

Flet goes on with the connection that it has just disposed of and logs a fault with a traceback. `BrokenPipeError` is
what it accepts as the end of a start without a device.
"""

import flet as ft


def end_quietly(page: ft.Page) -> None:
    """Call this last in the app's main function."""
    if page.session.expires_at:  # set while the device is away
        raise BrokenPipeError
