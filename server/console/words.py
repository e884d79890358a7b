"""What the console says: events as sentences, the states of a code, and what to do next after each."""

from dataclasses import dataclass
from typing import Final

from shared import wire
from shared.events import SENTENCES, EventType
from shared.permissions import CATALOGUE, Permission
from shared.wire import LinkRequestState as State

DONE: Final = {
    "unlinked": "The account is unlinked. Its permissions and its ad accounts ended at that moment.",
    "linked-ad-account": "The ad account is linked. It can use this TikTok account within its permissions.",
    "unlinked-ad-account": "The ad account is unlinked. You can link it again at any time.",
    "assigned": "The member is assigned. It takes effect with their next click.",
    "unassigned": "The member is no longer assigned.",
    "no-role": "Nothing was changed: choose at least one thing the member may use.",
    "withdrawn": "The invitation is withdrawn and its link no longer works.",
    "role-changed": "The role is changed. It takes effect with their next click.",
    "member-removed": "The member is removed, with every role that hung on the membership.",
    "ad-account-created": "The ad account is created. Link it to a TikTok account on that account's page.",
    "ad-role-set": "The role on the ad account is given.",
    "ad-role-removed": "The role on the ad account is taken back.",
    "joined": "You are a member now. Sign in with your e-mail address.",
    "token-revoked": "The token is revoked. The next call with it is refused.",
    "app-revoked": "The developer app is revoked, with every token it held.",
    "signed-out": "You are signed out. Nothing of the console is kept in this browser.",
    "session-over": "Your session is over. Nothing was lost on the server; sign in again to go on.",
}

LAYERS_MISSING: Final = {
    "authorization": "Permissions missing for Spark Ads",
    "members": "No member may use it yet",
    "ad_accounts": "No ad account linked",
}

OWNER_STEPS: Final = (
    "Open Profile.",
    "Tap the three dashes at the top right.",
    "Tap Your QR code.",
    "Tap the Scan icon at the top right.",
    "Point the camera at the code, or choose a picture of it.",
    "Check who asks and for what, then tap Approve.",
)


@dataclass(frozen=True, slots=True)
class StateWords:
    """How a state of a code is shown: in a list, on the state line, and what to do next."""

    short: str
    line: str
    next_step: str
    tone: str


STATES: Final = {
    State.PENDING: StateWords(
        "Waiting to be scanned",
        "Waiting to be scanned",
        "Show this code to the account owner, or send it. This page changes by itself as soon as it is scanned.",
        "waiting",
    ),
    State.SCANNED: StateWords(
        "Waiting for approval",
        "Scanned by {handle}, waiting for approval",
        "The owner is reading what you ask for. Nothing is granted until they approve.",
        "active",
    ),
    State.APPROVED: StateWords("Approved", "Approved", "The account is linked. Connect it to an ad account.", "good"),
    State.DECLINED: StateWords(
        "Declined",
        "Declined",
        "The owner declined and nothing was granted. Talk to them about what you need and why, then make another code.",
        "bad",
    ),
    State.EXPIRED: StateWords(
        "Expired",
        "Expired",
        "Nobody approved in time and nothing was granted. Make another code when the owner is ready to scan.",
        "over",
    ),
    State.CANCELLED: StateWords(
        "Cancelled",
        "Cancelled",
        "This code was cancelled and no longer works. Nothing was granted. Make another one whenever you need it.",
        "over",
    ),
}


def state_line(link_request: wire.LinkRequest) -> str:
    """Return the state of a code in one line, with the handle of who scanned it."""
    handle = f"@{link_request.scanned_by.handle}" if link_request.scanned_by else "somebody"
    return STATES[link_request.state].line.format(handle=handle)


def sentence(event: wire.EventRow) -> str:
    """Return what happened, without who and when."""
    try:
        return SENTENCES[EventType(event.type)]
    except ValueError:
        return event.type.replace(".", " ").replace("_", " ")


def about(event: wire.EventRow) -> str:
    """Return what else an event tells: a handle, a name, how much was granted."""
    data = event.data
    told = []
    if isinstance(handle := data.get("handle"), str) and f"@{handle}" != event.actor_name:
        told.append(f"@{handle}")
    if isinstance(name := data.get("name"), str):
        told.append(name)
    granted, requested = data.get("granted"), data.get("requested", data.get("permissions"))
    if isinstance(removed := data.get("removed"), list):
        told.append(", ".join(_short(value) for value in removed))
    elif isinstance(granted, list) and isinstance(requested, list):
        told.append(f"{len(granted)} of {len(requested)} permissions granted")
    elif isinstance(requested, list):
        told.append(", ".join(_short(value) for value in requested))
    if isinstance(role := data.get("role"), str):
        told.append("Admin" if role == wire.Role.ADMIN else "Standard member")
    return " · ".join(told)


def _short(value: object) -> str:
    try:
        return CATALOGUE[Permission(str(value))].short
    except ValueError:
        return str(value)


def initial(name: str) -> str:
    """Return the letter for a drawn avatar."""
    return next((letter for letter in name if letter.isalnum()), "?").upper()
