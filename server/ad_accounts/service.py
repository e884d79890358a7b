"""Ad accounts, and their links to TikTok accounts."""

from collections import defaultdict

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts.tables import ad_account_links, ad_accounts
from server.business_centers import service as business_centers
from server.clock import utc_now
from server.database.columns import new_id
from server.database.core import insert_if_absent
from server.problems import or_not_found
from shared import wire

_LINKED = (
    sa.select(ad_account_links.c.account_id, ad_accounts.c.advertiser_id, ad_accounts.c.name)
    .join_from(ad_account_links, ad_accounts, ad_account_links.c.advertiser_id == ad_accounts.c.advertiser_id)
    .where(
        ad_account_links.c.bc_id == sa.bindparam("of_bc"),
        ad_account_links.c.account_id.in_(sa.bindparam("of_accounts", expanding=True)),
    )
    .order_by(ad_accounts.c.advertiser_id)
)


def create(connection: sa.Connection, bc_id: str, name: str) -> str:
    """Create an ad account and return its id."""
    row = {"advertiser_id": new_id(), "bc_id": bc_id, "name": name, "created_at": utc_now()}
    connection.execute(sa.insert(ad_accounts), row)
    return str(row["advertiser_id"])


def list_for_business_center(
    connection: sa.Connection, actor: Actor, bc_id: str, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.AdAccount]:
    """Return the ad accounts of a Business Center, oldest first."""
    business_centers.require_member(connection, actor, bc_id)
    query = sa.select(ad_accounts).where(ad_accounts.c.bc_id == bc_id).order_by(ad_accounts.c.advertiser_id)
    if cursor:
        query = query.where(ad_accounts.c.advertiser_id > cursor)
    rows = connection.execute(query.limit(limit + 1)).all()
    items = [wire.AdAccount(advertiser_id=row.advertiser_id, name=row.name) for row in rows[:limit]]
    return wire.Page[wire.AdAccount](items=items, next_cursor=items[-1].advertiser_id if len(rows) > limit else None)


def get(connection: sa.Connection, bc_id: str, advertiser_id: str) -> wire.AdAccount:
    """Return one ad account of a Business Center.

    Raises:
        NotFound: absent, or in another Business Center.
    """
    query = sa.select(ad_accounts).where(ad_accounts.c.bc_id == bc_id, ad_accounts.c.advertiser_id == advertiser_id)
    row = or_not_found(connection.execute(query).one_or_none(), thing="ad account")
    return wire.AdAccount(advertiser_id=row.advertiser_id, name=row.name)


def list_linked(connection: sa.Connection, bc_id: str, account_ids: list[str]) -> dict[str, list[wire.AdAccount]]:
    """Return the ad accounts that each TikTok account is linked to in this Business Center, by account id."""
    linked: dict[str, list[wire.AdAccount]] = defaultdict(list)
    for row in connection.execute(_LINKED, {"of_bc": bc_id, "of_accounts": account_ids}):
        linked[row.account_id].append(wire.AdAccount(advertiser_id=row.advertiser_id, name=row.name))
    return linked


def accounts_linked_to(bc_id: str, advertiser_id: str) -> sa.Select[tuple[str]]:
    """Return a query for the ids of the TikTok accounts that an ad account is linked to."""
    link = ad_account_links.c
    return sa.select(link.account_id).where(link.bc_id == bc_id, link.advertiser_id == advertiser_id)


def link(connection: sa.Connection, bc_id: str, account_id: str, advertiser_id: str) -> bool:
    """Link an ad account to a TikTok account; return whether the link is new. The caller checks the permission."""
    row = {"bc_id": bc_id, "account_id": account_id, "advertiser_id": advertiser_id, "linked_at": utc_now()}
    return insert_if_absent(connection, ad_account_links, row)


def unlink(connection: sa.Connection, bc_id: str, account_id: str, advertiser_id: str | None = None) -> int:
    """Remove one link, or all links of a TikTok account in this Business Center; return how many."""
    mine = sa.and_(ad_account_links.c.bc_id == bc_id, ad_account_links.c.account_id == account_id)
    if advertiser_id is not None:
        mine &= ad_account_links.c.advertiser_id == advertiser_id
    return connection.execute(sa.delete(ad_account_links).where(mine)).rowcount
