"""The addresses of the screens; the route alone decides which screen appears."""

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
NEW_POST: Final = "/new"
DISCARD: Final = "/new/discard"


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


def post(post_id: str) -> str:
    """Return the address of one of the owner's posts."""
    return f"/posts/{post_id}"


def edit_post(post_id: str) -> str:
    """Return the address of the screen that edits a post."""
    return f"/posts/{post_id}/edit"


def delete_post(post_id: str) -> str:
    """Return the address of the sheet that asks before deleting a post."""
    return f"/posts/{post_id}/delete"


def ad_settings(post_id: str) -> str:
    """Return the address of a post's ad settings."""
    return f"/posts/{post_id}/ads"


def revoke_code(post_id: str) -> str:
    """Return the address of the sheet that asks before revoking a Spark code."""
    return f"/posts/{post_id}/ads/revoke"
