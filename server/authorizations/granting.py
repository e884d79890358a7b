"""Grant permissions on approval, and read what a Business Center already holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from server.authorizations.tables import ACTIVE, authorizations
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.database.columns import new_id
from server.database.prepared import prepared
from server.problems import Problem
from server.tiktok_accounts import service as tiktok_accounts
from shared import wire
from shared.permissions import PERMISSIONS, Level, Permission
from shared.problems import ProblemType


class PermissionOccupied(Problem):
    """Another Business Center holds the exclusive permission."""

    type, status, title = ProblemType.PERMISSION_OCCUPIED, 409, "Another business holds this permission"
    detail = (
        "“{title}” is exclusive, and another Business Center holds it for this account. "
        "Turn it off and approve the rest, or revoke the other business first. Nothing was granted."
    )


@dataclass(frozen=True, slots=True)
class Grant:
    """What an approval grants: one account's permissions for one Business Center."""

    business_center: wire.BusinessCenterCard
    account: wire.Account
    link_request_id: str
    level: Level
    granted: Sequence[Permission]
    requested: Sequence[Permission]
    requested_by: str


@dataclass(frozen=True, slots=True)
class Held:
    """A stored authorization, locked until the commit."""

    authorization_id: str
    bc_id: str
    account_id: str
    granted: list[Permission]
    granted_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: sa.Row[Any]) -> Self:
        """Create it from a row of the table."""
        granted = [Permission(value) for value in row.granted]
        return cls(row.authorization_id, row.bc_id, row.account_id, granted, row.granted_at, row.ended_at)


_LOCK_ACTIVE = prepared(
    sa.select(authorizations)
    .where(
        authorizations.c.bc_id == sa.bindparam("of_bc"),
        authorizations.c.account_id == sa.bindparam("of_account"),
        ACTIVE,
    )
    .with_for_update()
)
_GMV_MAX_HOLDER = prepared(
    sa.select(authorizations.c.bc_id).where(
        authorizations.c.account_id == sa.bindparam("of_account"),
        authorizations.c.holds_gmv_max == sa.literal_column("1"),
        ACTIVE,
    )
)
_INSERT = prepared(sa.insert(authorizations))


def lock_active(connection: sa.Connection, bc_id: str, account_id: str) -> Held | None:
    """Return the active authorization of an account for a Business Center, locked until the commit, or None."""
    row = _LOCK_ACTIVE.one_or_none(connection, of_bc=bc_id, of_account=account_id)
    return None if row is None else Held.of(row)


def gmv_max_taken(connection: sa.Connection, bc_id: str, account_id: str) -> bool:
    """Return whether another Business Center holds exclusive GMV Max for the account."""
    holder = _GMV_MAX_HOLDER.one_or_none(connection, of_account=account_id)
    return holder is not None and holder.bc_id != bc_id


def grant(connection: sa.Connection, wanted: Grant, held: Held | None) -> wire.Authorization:
    """Create an authorization, or replace the permissions of `held`, the result of `lock_active`.

    Every transaction changes counters last, and the account's before the Business Center's.

    Raises:
        PermissionOccupied, AccountLimitReached, BusinessCenterLimitReached.
    """
    bc_id, account_id = wanted.business_center.bc_id, wanted.account.account_id
    holds_gmv_max = Permission.LIVE_GMV_MAX in wanted.granted
    if holds_gmv_max and gmv_max_taken(connection, bc_id, account_id):
        raise _occupied()
    now = utc_now()
    values = {
        "link_request_id": wanted.link_request_id,
        "level": wanted.level.value,
        "granted": wanted.granted,
        "requested": wanted.requested,
        "requested_by": wanted.requested_by,
        "holds_gmv_max": holds_gmv_max,
        "updated_at": now,
    }
    authorization_id, granted_at = (held.authorization_id, held.granted_at) if held else (new_id(), now)
    try:
        if held:
            mine = authorizations.c.authorization_id == authorization_id
            connection.execute(sa.update(authorizations).where(mine).values(values))
        else:
            key = {"authorization_id": authorization_id, "bc_id": bc_id, "account_id": account_id}
            _INSERT.run(connection, **key, **values, granted_at=granted_at)
            tiktok_accounts.count_business_center_up(connection, account_id)
            business_centers.count_account_up(connection, bc_id)
    except IntegrityError as error:
        # We lost a race for the exclusive permission: the unique index decides, not the check above.
        if _is_second_holder(error):
            raise _occupied() from None
        raise
    return wire.Authorization(
        authorization_id=authorization_id,
        link_request_id=wanted.link_request_id,
        business_center=wanted.business_center,
        account=wanted.account,
        level=wanted.level,
        permissions=list(wanted.granted),
        requested=list(wanted.requested),
        requested_by=wanted.requested_by,
        granted_at=granted_at,
        updated_at=now,
        ended_at=None,
    )


def _is_second_holder(error: IntegrityError) -> bool:
    # PostgreSQL names the index, SQLite its columns.
    text = str(error.orig)
    return "uq_authorizations_gmv_max_holder" in text or text.endswith(" authorizations.account_id")


def _occupied() -> PermissionOccupied:
    return PermissionOccupied(title=PERMISSIONS[Permission.LIVE_GMV_MAX].english_title)
