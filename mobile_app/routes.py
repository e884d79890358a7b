"""The addresses of the screens; the route is the only source of which screen is shown."""

from typing import Final

PROFILE: Final = "/"
HOME: Final = "/home"
INBOX: Final = "/inbox"
MENU: Final = "/menu"
QR: Final = "/qr"
SCAN: Final = "/qr/scan"
TYPED: Final = "/qr/scan/code"
CONSENT: Final = "/consent"
DONE: Final = "/done"
PROBLEM: Final = "/problem"
LINKED: Final = "/linked"
SETTINGS: Final = "/settings"


def card(handle: str) -> str:
    """Return the address of an account's profile card."""
    return f"/u/{handle}"


def linked(authorization_id: str) -> str:
    """Return the address of one linked business."""
    return f"{LINKED}/{authorization_id}"


def turn_off(authorization_id: str, permission: str) -> str:
    """Return the address of the sheet that asks before turning one permission off."""
    return f"{LINKED}/{authorization_id}/off/{permission}"


def revoke(authorization_id: str) -> str:
    """Return the address of the sheet that asks before revoking."""
    return f"{LINKED}/{authorization_id}/revoke"
