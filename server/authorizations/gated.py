"""Data and settings of an account that a permission opens to a Business Center. Each function passes the gate."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from server.actor import Actor
from server.authorizations.gate import require_linked, require_use
from server.authorizations.tables import authorizations, message_settings
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.database.core import insert_or_replace
from server.events import service as events
from server.tiktok_accounts import offerings
from shared import wire
from shared.events import EventType
from shared.permissions import Permission


def list_offerings(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    account_id: str,
    kind: offerings.Kind,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> wire.Page[wire.Offering]:
    """Return LIVE videos, Series or Showcase products of a linked account; see `require_use` for refusals."""
    require_use(connection, actor, bc_id, account_id, offerings.PERMISSION_FOR[kind])
    return offerings.list_offerings(connection, account_id, kind, cursor=cursor, limit=limit)


def gmv_max(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> wire.GmvMax:
    """Return whether LIVE GMV Max can be used for a linked account, and if not, why."""
    business_centers.require_member(connection, actor, bc_id)
    return gmv_max_of(connection, bc_id, {account_id: require_linked(connection, bc_id, account_id)})[account_id]


def gmv_max_of(
    connection: sa.Connection, bc_id: str, granted: Mapping[str, Collection[Permission]]
) -> dict[str, wire.GmvMax]:
    """Return the same for many accounts, given what each grants now. The caller checks who may ask."""
    without = [account_id for account_id, held in granted.items() if Permission.LIVE_GMV_MAX not in held]
    holder = authorizations.c
    elsewhere = (holder.holds_gmv_max == sa.literal_column("1")) & holder.ended_at.is_(None) & (holder.bc_id != bc_id)
    query = sa.select(holder.account_id).where(holder.account_id.in_(without), elsewhere)
    taken = set(connection.execute(query).scalars()) if without else set()
    return {
        account_id: wire.GmvMax(available=True, unavailable_reason=None)
        if Permission.LIVE_GMV_MAX in held
        else wire.GmvMax(available=False, unavailable_reason="OCCUPIED" if account_id in taken else "UNAUTHORIZED")
        for account_id, held in granted.items()
    }


def insights(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> wire.Insights:
    """Return the numbers of a linked account; see `require_use` for refusals."""
    require_use(connection, actor, bc_id, account_id, Permission.MANAGE_ACCOUNT)
    return offerings.insights(connection, account_id)


def get_messages(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> wire.MessageSettings:
    """Return the message settings of a linked account. Messages are off until somebody changes that."""
    require_use(connection, actor, bc_id, account_id, Permission.MESSAGE_ADS)
    mine = (message_settings.c.bc_id == bc_id) & (message_settings.c.account_id == account_id)
    row = connection.execute(sa.select(message_settings).where(mine)).one_or_none()
    return wire.MessageSettings(
        enabled=row is not None and row.enabled, welcome_text="" if row is None else row.welcome_text
    )


def set_messages(
    connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, wanted: wire.MessageSettings
) -> wire.MessageSettings:
    """Change the message settings of a linked account; see `require_use` for refusals."""
    require_use(connection, actor, bc_id, account_id, Permission.MESSAGE_ADS)
    row = {"bc_id": bc_id, "account_id": account_id, **wanted.model_dump(), "updated_at": utc_now()}
    insert_or_replace(connection, message_settings, row)
    happened = EventType.MESSAGES_CHANGED
    events.record(connection, actor, happened, bc_id=bc_id, account_id=account_id, data={"enabled": wanted.enabled})
    return wanted
