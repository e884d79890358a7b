"""Members' roles on ad accounts. An admin of the Business Center is an admin of all its ad accounts."""

from typing import Final

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts import service
from server.ad_accounts.tables import ad_account_members, ad_accounts
from server.business_centers import people
from server.business_centers import service as business_centers
from server.business_centers.tables import users
from server.clock import utc_now
from server.database.core import insert_or_replace
from server.events import service as events
from server.problems import Problem
from shared import wire
from shared.events import EventType
from shared.problems import ProblemType
from shared.wire import AdRole

_RANK: Final = {AdRole.ANALYST: 1, AdRole.OPERATOR: 2, AdRole.ADMIN: 3}


class AdAccountRoleRequired(Problem):
    """The caller's role on the ad account is too low, or the caller has none."""

    type, status, title = ProblemType.AD_ACCOUNT_ROLE_REQUIRED, 403, "This needs a role on the ad account"
    detail = (
        "This needs the role {needed} on the ad account {name}, and you are {held} there. "
        "Ask an admin of the Business Center to give you that role."
    )


def role_of(connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str) -> AdRole | None:
    """Return the caller's role on an ad account of a Business Center they belong to, or None.

    Raises:
        NotFound, WrongKindOfSession: see `business_centers.require_member`.
    """
    if business_centers.require_member(connection, actor, bc_id).role is wire.Role.ADMIN:
        return AdRole.ADMIN
    mine = (ad_account_members.c.advertiser_id == advertiser_id) & (ad_account_members.c.user_id == actor.subject_id)
    found = connection.execute(sa.select(ad_account_members.c.role).where(mine)).scalar_one_or_none()
    return None if found is None else AdRole(found)


def require_role(
    connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str, at_least: AdRole
) -> wire.AdAccount:
    """Return the ad account if the caller has this role on it, or a higher one.

    Raises:
        NotFound: no such ad account here, or not the caller's Business Center.
        AdAccountRoleRequired.
    """
    held = role_of(connection, actor, bc_id, advertiser_id)
    ad_account = service.get(connection, bc_id, advertiser_id)
    if held is None or _RANK[held] < _RANK[at_least]:
        raise AdAccountRoleRequired(needed=at_least.value, name=ad_account.name, held=held or "nothing")
    return ad_account


def list_for_actor(connection: sa.Connection, actor: Actor, bc_id: str) -> list[tuple[wire.AdAccount, AdRole]]:
    """Return the ad accounts on which the caller has a role, with that role, oldest first."""
    is_admin = business_centers.require_member(connection, actor, bc_id).role is wire.Role.ADMIN
    query = sa.select(ad_accounts).where(ad_accounts.c.bc_id == bc_id).order_by(ad_accounts.c.advertiser_id)
    if is_admin:
        return [(_view(row), AdRole.ADMIN) for row in connection.execute(query)]
    joined = query.add_columns(ad_account_members.c.role).join(
        ad_account_members, ad_account_members.c.advertiser_id == ad_accounts.c.advertiser_id
    )
    rows = connection.execute(joined.where(ad_account_members.c.user_id == actor.subject_id))
    return [(_view(row), AdRole(row.role)) for row in rows]


def _view(row: sa.Row[tuple[object, ...]]) -> wire.AdAccount:
    return wire.AdAccount(advertiser_id=row.advertiser_id, name=row.name)


def create(connection: sa.Connection, actor: Actor, bc_id: str, name: str) -> wire.AdAccount:
    """Create an ad account. For admins."""
    business_centers.require_admin(connection, actor, bc_id, "create ad accounts")
    advertiser_id = service.create(connection, bc_id, name)
    data = {"advertiser_id": advertiser_id, "name": name}
    events.record(connection, actor, EventType.AD_ACCOUNT_CREATED, bc_id=bc_id, data=data)
    return wire.AdAccount(advertiser_id=advertiser_id, name=name)


def set_member(
    connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str, user_id: str, role: AdRole
) -> None:
    """Give a member of the Business Center a role on an ad account, or change it. For admins."""
    ad_account = _check(connection, actor, bc_id, advertiser_id, user_id)
    row = {"advertiser_id": advertiser_id, "user_id": user_id, "role": role.value, "added_at": utc_now()}
    insert_or_replace(connection, ad_account_members, row)
    data = {"advertiser_id": advertiser_id, "name": ad_account.name, "user_id": user_id, "ad_role": role.value}
    events.record(connection, actor, EventType.AD_ACCOUNT_ROLE_SET, bc_id=bc_id, data=data)


def remove_member(connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str, user_id: str) -> None:
    """Remove a role on an ad account; a repetition succeeds. For admins."""
    ad_account = _check(connection, actor, bc_id, advertiser_id, user_id)
    mine = (ad_account_members.c.advertiser_id == advertiser_id) & (ad_account_members.c.user_id == user_id)
    if connection.execute(sa.delete(ad_account_members).where(mine)).rowcount:
        data = {"advertiser_id": advertiser_id, "name": ad_account.name, "user_id": user_id}
        events.record(connection, actor, EventType.AD_ACCOUNT_ROLE_REMOVED, bc_id=bc_id, data=data)


def _check(connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str, user_id: str) -> wire.AdAccount:
    business_centers.require_admin(connection, actor, bc_id, "give roles on ad accounts")
    ad_account = service.get(connection, bc_id, advertiser_id)
    people.keep_member(connection, bc_id, user_id)
    return ad_account


def list_members(
    connection: sa.Connection, actor: Actor, bc_id: str, advertiser_id: str
) -> wire.Page[wire.AdAccountMember]:
    """Return the members with a role on an ad account, by name; admins of the Business Center are in /members."""
    business_centers.require_member(connection, actor, bc_id)
    service.get(connection, bc_id, advertiser_id)
    query = (
        sa.select(users.c.user_id, users.c.name, users.c.email, ad_account_members.c.role)
        .join_from(ad_account_members, users, ad_account_members.c.user_id == users.c.user_id)
        .where(ad_account_members.c.advertiser_id == advertiser_id)
        .order_by(users.c.name, users.c.user_id)
    )
    items = [wire.AdAccountMember(**row._mapping) for row in connection.execute(query)]
    return wire.Page[wire.AdAccountMember](items=items)


def forget(connection: sa.Connection, bc_id: str, user_id: str) -> None:
    """Remove every role of somebody who leaves the Business Center."""
    own = sa.select(ad_accounts.c.advertiser_id).where(ad_accounts.c.bc_id == bc_id)
    theirs = (ad_account_members.c.user_id == user_id) & ad_account_members.c.advertiser_id.in_(own)
    connection.execute(sa.delete(ad_account_members).where(theirs))
