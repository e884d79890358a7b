"""What the consent screen shows, and the hash of it that goes with the approval (RFC 10027, section 6.1)."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from server.authorizations import service as authorizations
from server.business_centers.service import BusinessCenterLimitReached
from server.business_centers.tables import ACCOUNT_LIMIT
from server.database.columns import canonical_json
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.service import AccountLimitReached
from server.tiktok_accounts.tables import BUSINESS_CENTER_LIMIT
from shared import wire
from shared.languages import Message
from shared.permissions import LEVELS, PERMISSIONS, Level, Permission
from shared.wire import LinkRequestState as State

# Titles, consequences and explanations are part of what was shown; they change only with the program.
_WORDS: Final = hashlib.sha256(repr((PERMISSIONS, LEVELS)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is shown of a request to one account: the request, the account, and what it grants today."""

    request: sa.Row[Any]
    account: wire.Account
    held: sa.Row[Any] | None  # the active authorization, locked
    gmv_max_taken: bool


def business_center(row: sa.Row[Any]) -> wire.BusinessCenterCard:
    """Return who asks."""
    return wire.BusinessCenterCard(bc_id=row.bc_id, name=row.bc_name, verified=row.bc_verified)


def look(connection: sa.Connection, row: sa.Row[Any], account_id: str) -> Facts:
    """Gather what is shown; refuses here where a limit is already known to be reached.

    Raises:
        AccountLimitReached, BusinessCenterLimitReached.
    """
    account, linked = tiktok_accounts.get_card(connection, account_id)
    held = authorizations.lock_active(connection, row.bc_id, account_id)
    if held is None and linked >= BUSINESS_CENTER_LIMIT:
        raise AccountLimitReached(limit=BUSINESS_CENTER_LIMIT)
    if held is None and row.account_count >= ACCOUNT_LIMIT:
        raise BusinessCenterLimitReached(limit=ACCOUNT_LIMIT)
    exclusive = Permission.LIVE_GMV_MAX.value in row.permissions
    taken = exclusive and authorizations.gmv_max_taken(connection, row.bc_id, account_id)
    return Facts(row, account, held, taken)


def consent_hash(facts: Facts) -> str:
    """Return SHA-256 over everything that is shown, but for the state and the time that is left."""
    row, account = facts.request, facts.account
    shown = [
        _WORDS,
        [row.link_request_id, row.level, row.permissions, row.message, row.requested_by, row.created_at.isoformat()],
        [row.bc_id, row.bc_name, row.bc_verified],
        [account.account_id, account.handle, account.display_name, account.avatar_hue, account.verified],
        None if facts.held is None else facts.held.granted,
        facts.gmv_max_taken,
    ]
    return hashlib.sha256(canonical_json(shown).encode()).hexdigest()


def preview(facts: Facts) -> wire.Preview:
    """Return what the consent screen shows."""
    row = facts.request
    asked = [Permission(value) for value in row.permissions]
    held = [] if facts.held is None else [Permission(value) for value in facts.held.granted]
    level = LEVELS[Level(row.level)]
    return wire.Preview(
        link_request_id=row.link_request_id,
        state=State.SCANNED,
        business_center=business_center(row),
        requested_by=row.requested_by,
        requested_at=row.created_at,
        account=facts.account,
        level=level.value,
        level_title=level.english_title,
        level_explanation=level.english_explanation,
        message=row.message,
        permissions=[_shown(permission, held, facts.gmv_max_taken) for permission in asked],
        changes=wire.Changes(
            added=[permission for permission in asked if permission not in held],
            removed=[permission for permission in held if permission not in asked],
            kept=[permission for permission in asked if permission in held],
        ),
        already_linked=facts.held is not None,
        expires_at=row.expires_at,
        consent_hash=consent_hash(facts),
    )


def _shown(permission: Permission, held: list[Permission], gmv_max_taken: bool) -> wire.ShownPermission:
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
