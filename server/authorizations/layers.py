"""What an account still needs to run Spark Ads. Most support questions come down to a missing layer 2 or 3."""

from typing import Final

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts.tables import ad_account_links, ad_account_members
from server.authorizations.gate import require_linked
from server.authorizations.tables import account_members
from server.business_centers import service as business_centers
from shared import wire
from shared.languages import Message
from shared.permissions import NEW_VIDEOS, Permission


def layers(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str) -> wire.Layers:
    """Return the three layers of one linked account.

    Raises:
        NotFound: the account is not linked, or this is not the caller's Business Center.
    """
    business_centers.require_member(connection, actor, bc_id)
    granted = require_linked(connection, bc_id, account_id)
    has_ad_account, has_member = _state(connection, bc_id, [account_id]).get(account_id, (False, False))
    return of(granted, has_member=has_member, has_ad_account=has_ad_account)


def layers_of_many(
    connection: sa.Connection, bc_id: str, granted: dict[str, list[Permission]]
) -> dict[str, wire.Layers]:
    """Return the layers of several linked accounts, by account id. The caller checks who may ask."""
    states = _state(connection, bc_id, list(granted))
    found = {}
    for account_id, permissions in granted.items():
        has_ad_account, has_member = states.get(account_id, (False, False))
        found[account_id] = of(permissions, has_member=has_member, has_ad_account=has_ad_account)
    return found


_ASK: Final = {
    (Permission.EXISTING_POSTS,): Message("Make a new QR code that asks for Existing posts too."),
    (Permission.NEW_VIDEOS_ADS_ONLY,): Message(
        "Make a new QR code that asks for Publish and manage new videos: Show through ads only too."
    ),
    (Permission.EXISTING_POSTS, Permission.NEW_VIDEOS_ADS_ONLY): Message(
        "Make a new QR code that asks for Existing posts, Publish and manage new videos: Show through ads only too."
    ),
}
_ASSIGN: Final = Message("Assign a member to this account, or give one a role on a linked ad account.")
_LINK: Final = Message("Link this account to an ad account.")


def of(granted: list[Permission], *, has_member: bool, has_ad_account: bool) -> wire.Layers:
    """Return the three layers: what is done, what is missing, and the next step."""
    missing = [] if Permission.EXISTING_POSTS in granted else [Permission.EXISTING_POSTS]
    if not NEW_VIDEOS & set(granted):
        missing.append(Permission.NEW_VIDEOS_ADS_ONLY)
    ask, assign, link = _ASK.get(tuple(missing)), _ASSIGN, _LINK
    found = [
        wire.Layer(layer="authorization", done=not missing, missing=missing, next_step=ask),
        wire.Layer(layer="members", done=has_member, missing=[], next_step=None if has_member else assign),
        wire.Layer(layer="ad_accounts", done=has_ad_account, missing=[], next_step=None if has_ad_account else link),
    ]
    return wire.Layers(ready=all(layer.done for layer in found), layers=found)


def _state(connection: sa.Connection, bc_id: str, account_ids: list[str]) -> dict[str, tuple[bool, bool]]:
    """Return whether an ad account is linked and whether a member can use the account, by account id."""
    link, assigned = ad_account_links.c, account_members.c
    linked = set(
        connection.execute(
            sa.select(link.account_id).where(link.bc_id == bc_id, link.account_id.in_(account_ids))
        ).scalars()
    )
    with_members = set(
        connection.execute(
            sa.select(assigned.account_id).where(assigned.bc_id == bc_id, assigned.account_id.in_(account_ids))
        ).scalars()
    )
    operated = (
        sa.select(link.account_id)
        .join(ad_account_members, ad_account_members.c.advertiser_id == link.advertiser_id)
        .where(link.bc_id == bc_id, link.account_id.in_(account_ids), ad_account_members.c.role != "analyst")
    )
    with_members |= set(connection.execute(operated).scalars())
    return {account_id: (account_id in linked, account_id in with_members) for account_id in account_ids}
