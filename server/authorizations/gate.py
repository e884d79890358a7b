"""The gate: `require_use` checks that a caller may use a TikTok account, and otherwise names the missing layer.

The vendor's help center describes three layers: the permissions that the account grants, the members who may use it,
and the ad accounts it is linked to. Operators and admins of a linked ad account need no assignment to the account.
"""

from typing import Final

import sqlalchemy as sa

from server.actor import Actor
from server.ad_accounts import members as ad_account_roles
from server.ad_accounts import service as ad_accounts
from server.ad_accounts.tables import ad_account_links, ad_account_members
from server.authorizations import service
from server.authorizations.tables import account_members
from server.business_centers import service as business_centers
from server.problems import NotFound, Problem
from shared import wire
from shared.permissions import PERMISSIONS, Permission
from shared.problems import ProblemType
from shared.wire import AccountRole, AdRole

# The role that an assigned member needs for each permission. None: any role.
ROLE_FOR: Final[dict[Permission, AccountRole | None]] = {
    Permission.EXISTING_POSTS: AccountRole.POST,
    Permission.NEW_VIDEOS_ADS_ONLY: AccountRole.POST,
    Permission.NEW_VIDEOS_ON_PROFILE: AccountRole.POST,
    Permission.LIVE_VIDEOS: AccountRole.LIVE,
    Permission.LIVE_GMV_MAX: AccountRole.LIVE,
    Permission.SHOWCASE: None,
    Permission.MESSAGE_ADS: AccountRole.DIRECT_MESSAGE,
    Permission.SERIES: None,
    Permission.MANAGE_ACCOUNT: None,
}


class PermissionNotGranted(Problem):
    """The first layer is missing: the account does not grant the permission."""

    type, status, title = ProblemType.PERMISSION_NOT_GRANTED, 403, "The account has not granted this"
    detail = "This needs the permission “{title}”, which the account has not granted. Ask for it with a new QR code."


class AdAccountNotLinked(Problem):
    """The third layer is missing: the ad account is not linked."""

    type, status, title = ProblemType.AD_ACCOUNT_NOT_LINKED, 403, "The ad account is not linked"
    detail = (
        "The ad account {name} is not linked to this TikTok account. "
        "An admin of the Business Center can link it on the account's page, under Link accounts."
    )


class MemberNotAssigned(Problem):
    """The second layer is missing: the member is not assigned."""

    type, status, title = ProblemType.MEMBER_NOT_ASSIGNED, 403, "You are not assigned to this account"
    detail = (
        "You are not assigned to this TikTok account for this. "
        "An admin of the Business Center can assign you on the account's page, under Members."
    )


def require_use(
    connection: sa.Connection,
    actor: Actor,
    bc_id: str,
    account_id: str,
    permission: Permission,
    *,
    advertiser_id: str | None = None,
) -> None:
    """Refuse unless every layer allows the operation now. Call it in the transaction that uses the account.

    Raises:
        NotFound: this is not the caller's Business Center, or the account is not linked (any more).
        PermissionNotGranted: the account does not grant the permission, which the text names.
        AdAccountNotLinked, AdAccountRoleRequired: the given ad account is not linked, or the caller not its operator.
        MemberNotAssigned: no ad account given, and the caller is neither assigned nor operator of a linked ad account.
    """
    membership = business_centers.require_member(connection, actor, bc_id)
    ad_account = None if advertiser_id is None else ad_accounts.get(connection, bc_id, advertiser_id)
    if permission not in require_linked(connection, bc_id, account_id):
        raise PermissionNotGranted(title=PERMISSIONS[permission].english_title)
    if advertiser_id is not None and ad_account is not None:
        if not is_linked(connection, bc_id, account_id, advertiser_id):
            raise AdAccountNotLinked(name=ad_account.name)
        ad_account_roles.require_role(connection, actor, bc_id, advertiser_id, AdRole.OPERATOR)
    elif membership.role is not wire.Role.ADMIN and not _is_assigned(connection, actor, bc_id, account_id, permission):
        raise MemberNotAssigned


def is_linked(connection: sa.Connection, bc_id: str, account_id: str, advertiser_id: str) -> bool:
    """Return whether an ad account is linked to a TikTok account."""
    link = ad_account_links.c
    this = (link.bc_id == bc_id) & (link.account_id == account_id) & (link.advertiser_id == advertiser_id)
    return connection.execute(sa.select(link.linked_at).where(this)).one_or_none() is not None


def require_linked(connection: sa.Connection, bc_id: str, account_id: str) -> list[Permission]:
    """Return what a linked account grants now. This checks the first layer only; to use the account, `require_use`.

    Raises:
        NotFound: the account is not linked.
    """
    granted = service.granted_now(connection, bc_id, account_id)
    if granted is None:
        raise NotFound(thing="linked TikTok account")
    return granted


def _is_assigned(connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, permission: Permission) -> bool:
    assigned = account_members.c
    mine = (assigned.bc_id == bc_id) & (assigned.account_id == account_id) & (assigned.user_id == actor.subject_id)
    roles = connection.execute(sa.select(assigned.roles).where(mine)).scalar_one_or_none()
    if roles is not None and (ROLE_FOR[permission] or roles[0]) in roles:
        return True
    operates = (
        sa.select(ad_account_members.c.user_id)
        .join(ad_account_links, ad_account_links.c.advertiser_id == ad_account_members.c.advertiser_id)
        .where(ad_account_links.c.bc_id == bc_id, ad_account_links.c.account_id == account_id)
        .where(ad_account_members.c.user_id == actor.subject_id, ad_account_members.c.role != AdRole.ANALYST.value)
        .limit(1)
    )
    return connection.execute(operates).one_or_none() is not None
