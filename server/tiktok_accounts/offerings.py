"""LIVE videos, Series and Showcase products of an account. The caller checks who may see them."""

from typing import Any, Final, Literal

import sqlalchemy as sa

from server.clock import utc_now
from server.database.columns import new_id
from server.database.pages import newest_first
from server.tiktok_accounts.tables import offerings, posts, tiktok_accounts
from shared import wire
from shared.permissions import Permission

Kind = Literal["live", "series", "product"]
PERMISSION_FOR: Final[dict[Kind, Permission]] = {
    "live": Permission.LIVE_VIDEOS,
    "series": Permission.SERIES,
    "product": Permission.SHOWCASE,
}


def add(connection: sa.Connection, account_id: str, kind: Kind, title: str, details: dict[str, Any]) -> str:
    """Add an offering and return its id."""
    row = {"offering_id": new_id(), "account_id": account_id, "kind": kind, "title": title, "details": details}
    connection.execute(sa.insert(offerings), {**row, "created_at": utc_now()})
    return str(row["offering_id"])


def list_offerings(
    connection: sa.Connection, account_id: str, kind: Kind, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.Offering]:
    """Return the offerings of one kind, newest first."""
    query = sa.select(offerings).where(offerings.c.account_id == account_id, offerings.c.kind == kind)
    rows, following = newest_first(connection, query, offerings.c.offering_id, cursor, limit)
    return wire.Page[wire.Offering](items=[wire.Offering(**row._mapping) for row in rows], next_cursor=following)


def insights(connection: sa.Connection, account_id: str) -> wire.Insights:
    """Return the account's numbers. Deleted posts and posts that show through ads only do not count."""
    account = connection.execute(sa.select(tiktok_accounts).where(tiktok_accounts.c.account_id == account_id)).one()
    shown = (posts.c.account_id == account_id) & (posts.c.ads_only == sa.literal_column("0"))
    shown &= posts.c.deleted_at.is_(None)
    count, plays = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(posts.c.play_count), 0)).where(shown)
    ).one()
    return wire.Insights(
        follower_count=account.follower_count,
        like_count=account.like_count,
        post_count=count,
        play_count=int(plays),
    )
