"""Tell from an error's words why a camera does not open: flet-camera has neither error codes nor exceptions of its own.

The words come from the browser or the system: Chromium, Firefox and Safari, Android and iOS differ.
"""

from typing import Literal


def was_redrawn(error: Exception) -> bool:
    """Say whether the camera's control was replaced while it was called; the new one can be called soon.

    Flet draws a screen that is opened by its address again once the way to it is known (log in, profile, scanner).
    """
    return "must be added to the page" in str(error)


def why_closed(error: Exception) -> Literal["DENIED", "IN_USE", "INSECURE", "MISSING"]:
    """Return why the camera does not open."""
    text = str(error).lower()
    if "denied" in text or "permission" in text or "notallowed" in text:
        return "DENIED"
    if "notreadable" in text or "abort" in text or "in use" in text:
        return "IN_USE"
    if "null" in text or "undefined" in text or "secure" in text:
        return "INSECURE"
    return "MISSING"
