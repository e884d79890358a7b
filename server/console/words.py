"""The console's texts: confirmations, events as sentences, and the states of a code with the next step."""

import json
from dataclasses import dataclass
from typing import Final

from shared import wire
from shared.events import EventType
from shared.languages import Message, gettext
from shared.permissions import PERMISSIONS, Permission
from shared.wire import LinkRequestState as State
from shared.wire.access import LayerName

DONE: Final = {
    "unlinked": Message("The account is unlinked. Its permissions and its ad accounts ended at that moment."),
    "linked-ad-account": Message("The ad account is linked. It can use this TikTok account within its permissions."),
    "unlinked-ad-account": Message("The ad account is unlinked. You can link it again at any time."),
    "assigned": Message("The member is assigned. It takes effect with their next click."),
    "unassigned": Message("The member is no longer assigned."),
    "no-role": Message("Nothing was changed: choose at least one thing the member may use."),
    "withdrawn": Message("The invitation is withdrawn and its link no longer works."),
    "role-changed": Message("The role is changed. It takes effect with their next click."),
    "member-removed": Message("The member is removed, along with every role that came with the membership."),
    "ad-account-created": Message("The ad account is created. Link it to a TikTok account on that account's page."),
    "ad-role-set": Message("The role on the ad account is given."),
    "ad-role-removed": Message("The role on the ad account is taken back."),
    "joined": Message("You are a member now. Sign in with your e-mail address."),
    "ad-created": Message("The Spark Ad is created."),
    "ad-paused": Message("The ad is paused. Resume it whenever it should run again."),
    "ad-resumed": Message("The ad may run again."),
    "ad-deleted": Message("The ad is deleted."),
    "ads-only-on": Message("The video shows through ads only now. It is no longer on the profile."),
    "ads-only-off": Message("The video is on the profile of the account now, and in ads."),
    "code-used": Message("The ad account may use this post now. Choose it below."),
    "token-revoked": Message("The token is revoked. The next call with it is refused."),
    "app-revoked": Message("The developer app is revoked, with every token it held."),
    "signed-out": Message("You are signed out. The console keeps nothing in this browser."),
    "idle": Message("You were signed out because the console was not used for 30 minutes. Sign in again to go on."),
    "session-over": Message("Your session is over. Nothing was lost on the server; sign in again to go on."),
}

LAYERS_MISSING: Final[dict[LayerName, Message]] = {
    "authorization": Message("Permissions missing for Spark Ads"),
    "members": Message("No member may use it yet"),
    "ad_accounts": Message("No ad account linked"),
}

# The sentences in our scripts, by the names they use.
SCRIPT_SENTENCES: Final = {
    "daysLeft": Message("{days} d {hours} h left"),
    "hoursLeft": Message("{hours} h {minutes} min left"),
    "minutesLeft": Message("{clock} left"),
    "expiring": Message("Expiring…"),
    "codeCopied": Message("QR code copied. Paste it into a chat or a document."),
    "linkCopied": Message("Link copied. It works once, for one account."),
    "stepsCopied": Message("Steps copied."),
    "pictureNotCopied": Message(
        "This browser did not allow copying the picture. Download the PNG instead, or copy the picture from its own "
        "menu."
    ),
    "textNotCopied": Message("This browser did not allow copying the text. Select it and copy it by hand."),
    "charactersLeft": Message("Characters left: {count}"),
    "today": Message("today, {time}"),
}

OWNER_STEPS: Final = (
    Message("Open Profile."),
    Message("Tap the three dashes at the top right."),
    Message("Tap Your QR code."),
    Message("Tap the Scan icon at the top right."),
    Message("Point the camera at the code, or choose a picture of it."),
    Message("Check who asks and for what, then tap Approve."),
)


@dataclass(frozen=True, slots=True)
class StateWords:
    """The texts for a state of a code: in a list, on the state line, and the next step."""

    short: Message
    line: Message
    next_step: Message
    tone: str


STATES: Final = {
    State.PENDING: StateWords(
        Message("Waiting to be scanned"),
        Message("Waiting to be scanned"),
        Message(
            "Show this code to the account owner, or send it. This page changes by itself as soon as it is scanned."
        ),
        "waiting",
    ),
    State.SCANNED: StateWords(
        Message("Waiting for approval"),
        Message("Scanned by {handle}, waiting for approval"),
        Message("The owner is reading what you ask for. Nothing is granted until they approve."),
        "active",
    ),
    State.APPROVED: StateWords(
        Message("Approved"), Message("Approved"), Message("The account is linked. Connect it to an ad account."), "good"
    ),
    State.DECLINED: StateWords(
        Message("Declined"),
        Message("Declined"),
        Message(
            "The owner declined and nothing was granted. "
            "Talk to them about what you need and why, then make another code."
        ),
        "bad",
    ),
    State.EXPIRED: StateWords(
        Message("Expired"),
        Message("Expired"),
        Message("Nobody approved in time and nothing was granted. Make another code when the owner is ready to scan."),
        "over",
    ),
    State.CANCELLED: StateWords(
        Message("Cancelled"),
        Message("Cancelled"),
        Message(
            "This code was cancelled and no longer works. Nothing was granted. Make another one whenever you need it."
        ),
        "over",
    ),
}


def state_line(link_request: wire.LinkRequest) -> str:
    """Return the state of a code in one line, with the handle of the account that scanned it."""
    handle = f"@{link_request.scanned_by.handle}" if link_request.scanned_by else gettext("somebody")
    return gettext(STATES[link_request.state].line).format(handle=handle)


def script_sentences() -> str:
    """Return the scripts' sentences in the current language, as JSON."""
    return json.dumps({name: gettext(message) for name, message in SCRIPT_SENTENCES.items()}, ensure_ascii=False)


def sentence(event: wire.EventRow) -> str:
    """Return what happened as a sentence, without who and when."""
    try:
        return gettext(EventType(event.type).sentence)
    except ValueError:
        return event.type.replace(".", " ").replace("_", " ")


def about(event: wire.EventRow) -> str:
    """Return an event's details: a handle, a name, how much was granted."""
    data = event.data
    told = []
    if isinstance(handle := data.get("handle"), str) and f"@{handle}" != event.actor_name:
        told.append(f"@{handle}")
    if isinstance(name := data.get("name"), str):
        told.append(name)
    granted, requested = data.get("granted"), data.get("requested", data.get("permissions"))
    if isinstance(removed := data.get("removed"), list):
        told.append(gettext(", ").join(_short(value) for value in removed))
    elif isinstance(granted, list) and isinstance(requested, list):
        told.append(
            gettext("{granted} of {asked} permissions granted").format(granted=len(granted), asked=len(requested))
        )
    elif isinstance(requested, list):
        told.append(gettext(", ").join(_short(value) for value in requested))
    if isinstance(role := data.get("role"), str):
        told.append(gettext("Admin") if role == wire.Role.ADMIN else gettext("Standard member"))
    return " · ".join(told)


def _short(value: object) -> str:
    try:
        return PERMISSIONS[Permission(str(value))].short
    except ValueError:
        return str(value)


def initial(name: str) -> str:
    """Return the first letter or digit, for the avatar."""
    return next((letter for letter in name if letter.isalnum()), "?").upper()
