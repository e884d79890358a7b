"""The content of the consent screen, and the hash of it that an approval carries (RFC 10027, section 6.1)."""

import hashlib
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from server.authorizations import granting
from server.business_centers.service import BusinessCenterLimitReached
from server.business_centers.tables import ACCOUNT_LIMIT
from server.database.columns import canonical_json
from server.link_requests.states import LinkRequest
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.service import AccountLimitReached
from server.tiktok_accounts.tables import BUSINESS_CENTER_LIMIT
from shared import wire
from shared.languages import Message
from shared.permissions import LEVELS, PERMISSIONS, Permission
from shared.wire import LinkRequestState as State

# The owner also sees titles, consequences and explanations. Only a new version of the program changes them.
_WORDS: Final = hashlib.sha256(repr((PERMISSIONS, LEVELS)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """What one account's owner sees of a request: the request, the account, and what it grants now."""

    request: LinkRequest
    account: wire.Account
    held: granting.Held | None
    gmv_max_taken: bool


def look(connection: sa.Connection, request: LinkRequest, account_id: str) -> Shown:
    """Gather what the consent screen shows; refuse if a limit is already reached.

    Raises:
        AccountLimitReached, BusinessCenterLimitReached.
    """
    account, linked = tiktok_accounts.get_card(connection, account_id)
    held = granting.lock_active(connection, request.bc_id, account_id)
    if held is None and linked >= BUSINESS_CENTER_LIMIT:
        raise AccountLimitReached(limit=BUSINESS_CENTER_LIMIT)
    if held is None and request.account_count >= ACCOUNT_LIMIT:
        raise BusinessCenterLimitReached(limit=ACCOUNT_LIMIT)
    exclusive = Permission.LIVE_GMV_MAX in request.permissions
    taken = exclusive and granting.gmv_max_taken(connection, request.bc_id, account_id)
    return Shown(request, account, held, taken)


def consent_hash(shown: Shown) -> str:
    """Return the SHA-256 of everything that is shown, except the state and the remaining time."""
    request, center, account = shown.request, shown.request.business_center, shown.account
    asked_at = request.created_at.isoformat()
    content = [
        _WORDS,
        [request.link_request_id, request.level, request.permissions, request.message, request.requested_by, asked_at],
        [center.bc_id, center.name, center.verified],
        [account.account_id, account.handle, account.display_name, account.avatar_hue, account.verified],
        None if shown.held is None else shown.held.granted,
        shown.gmv_max_taken,
    ]
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def view(shown: Shown) -> wire.Preview:
    """Return the content of the consent screen."""
    request = shown.request
    asked, held = request.permissions, [] if shown.held is None else shown.held.granted
    level = LEVELS[request.level]
    return wire.Preview(
        link_request_id=request.link_request_id,
        state=State.SCANNED,
        business_center=request.business_center,
        requested_by=request.requested_by,
        requested_at=request.created_at,
        account=shown.account,
        level=level.value,
        level_title=level.english_title,
        level_explanation=level.english_explanation,
        message=request.message,
        permissions=[_permission(permission, held, shown.gmv_max_taken) for permission in asked],
        changes=wire.Changes(
            added=[permission for permission in asked if permission not in held],
            removed=[permission for permission in held if permission not in asked],
            kept=[permission for permission in asked if permission in held],
        ),
        already_linked=shown.held is not None,
        expires_at=request.expires_at,
        consent_hash=consent_hash(shown),
    )


def _permission(permission: Permission, held: list[Permission], gmv_max_taken: bool) -> wire.ShownPermission:
    info = PERMISSIONS[permission]
    occupied = info.exclusive and gmv_max_taken
    return wire.ShownPermission(
        value=permission,
        title=info.english_title,
        consequence=info.english_consequence,
        group=info.english_group,
        recommended=info.recommended,
        change="kept" if permission in held else "added",
        unavailable_reason=Message("Another Business Center holds this for your account.") if occupied else None,
    )
