"""Tell from an error's words why a camera does not open: flet-camera has no codes, and browsers and systems differ."""

from typing import Literal


def was_redrawn(error: Exception) -> bool:
    """Return whether the control was replaced during the call: Flet redraws a screen that is opened by its address."""
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
