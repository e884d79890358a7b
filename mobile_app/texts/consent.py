"""Texts of the consent screen and of the screen after approving."""

from typing import Final

from mobile_app.texts.words import isolated, left_to_right
from shared.languages import Message, gettext


class Consent:
    """The consent screen."""

    TITLE: Final = Message("Link request")
    NOT_VERIFIED: Final = Message("Not verified")
    VERIFIED: Final = Message("Verified")
    LEVEL_NOTE: Final = Message("Permission level")
    RECOMMENDED: Final = Message("Recommended")
    EXCLUSIVE: Final = Message("Exclusive")
    NEW: Final = Message("New")
    KEPT: Final = Message("Already granted")
    REMOVED: Final = Message("Would be removed")
    CHANGES: Final = Message("This changes an existing link")
    MESSAGE: Final = Message("Their message")
    UNEXPECTED: Final = Message("If you did not expect this request, decline.")
    APPROVE: Final = Message("Approve")
    DECLINE: Final = Message("Decline")
    NOTHING_CHOSEN: Final = Message("Switch on at least one permission to approve, or decline.")
    CHANGED: Final = Message("The request changed while you were reading. This is the new one: check it again.")
    OCCUPIED: Final = Message("Another business holds this exclusive permission, so it is switched off now.")
    REVOKE_HOW: Final = Message("Revoke at any time: Profile, menu, Linked businesses.")

    UNTIL: Final = Message("Until when")

    @staticmethod
    def wants(handle: str) -> str:
        """Say what the business named above wants."""
        return gettext("wants to use @{handle} for advertising").format(handle=isolated(handle))

    @staticmethod
    def bc(bc_id: str) -> str:
        """Name the Business Center by its id."""
        return left_to_right(gettext("Business Center {bc_id}").format(bc_id=bc_id))

    @staticmethod
    def asked(name: str, when: str) -> str:
        """Say which admin asked, and when."""
        return gettext("Asked by {name}, {when}").format(name=isolated(name), when=isolated(when))

    @staticmethod
    def until(left: str) -> str:
        """Say how long the request and the permission last."""
        return gettext("This request stays open {left}. What you approve holds until you revoke it.").format(
            left=isolated(left)
        )


class Done:
    """The screen after approving."""

    TITLE: Final = Message("Linked")
    UPDATED: Final = Message("Updated")
    SEE_LINKED: Final = Message("See linked businesses")
    TO_PROFILE: Final = Message("Back to profile")

    @staticmethod
    def sentence(name: str, handle: str, permissions: str) -> str:
        """Say in one sentence what was granted to whom."""
        return gettext("{name} can now use @{handle} to deliver ads, with: {permissions}.").format(
            name=isolated(name), handle=isolated(handle), permissions=permissions
        )
