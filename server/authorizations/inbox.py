"""The owner's inbox: the events of their account from the log, reduced to what the owner may know."""

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from server.actor import Actor
from server.business_centers.tables import business_centers as centers
from server.database.pages import newest_first
from server.events.tables import events
from server.tiktok_accounts import service as tiktok_accounts
from shared import wire
from shared.events import INBOX, EventType

_DONE: Final = sorted(INBOX - {EventType.LINK_REQUEST_REFUSED})


def list_for_owner(
    connection: sa.Connection, actor: Actor, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.InboxItem]:
    """Return the events of the calling owner's account, newest first. The cursor is an event's id."""
    account_id = tiktok_accounts.require_owner(actor)
    done = events.c.type.in_(_DONE)
    # Two chains record a refused attempt: the Business Center's names who tried, the addressee's does not.
    on_my_code = (events.c.type == EventType.LINK_REQUEST_REFUSED.value) & (events.c.chain == f"account:{account_id}")
    query = sa.select(events).where(events.c.account_id == account_id, done | on_my_code)
    rows, following = newest_first(connection, query, events.c.event_id, cursor, limit)
    cards = _cards(connection, {_bc_id(row) for row in rows})
    items = [_item(row, cards.get(_bc_id(row))) for row in rows]
    return wire.Page[wire.InboxItem](items=items, next_cursor=following)


def _bc_id(row: sa.Row[Any]) -> str:
    return row.bc_id or str(row.data.get("bc_id", ""))


def _cards(connection: sa.Connection, bc_ids: Iterable[str]) -> dict[str, wire.BusinessCenterCard]:
    query = sa.select(centers.c.bc_id, centers.c.name, centers.c.verified).where(centers.c.bc_id.in_(bc_ids))
    return {row.bc_id: wire.BusinessCenterCard(**row._mapping) for row in connection.execute(query)}


def _item(row: sa.Row[Any], card: wire.BusinessCenterCard | None) -> wire.InboxItem:
    permissions = row.data.get("granted", row.data.get("permissions"))
    known = {"permissions": permissions, "removed": row.data.get("removed"), "handle": row.data.get("handle")}
    data = {name: value for name, value in known.items() if value is not None}
    return wire.InboxItem(event_id=row.event_id, type=row.type, at=row.at, business_center=card, data=data)
