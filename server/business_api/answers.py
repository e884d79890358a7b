"""Our data in the vendor's format, and checks that several endpoints begin with."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from server.ad_accounts import members as ad_account_roles
from server.authorizations import service as authorizations
from server.business_api.endpoints import Call
from server.business_api.envelope import Code, Refused
from server.business_centers.tables import ACCOUNT_LIMIT
from server.problems import NotFound
from shared import wire
from shared.wire import AdRole

USER_ROLES: Final = {wire.Role.ADMIN: "ADMIN", wire.Role.STANDARD: "STANDARD"}
# Sparklink has no finances, but the vendor's answers include this field.
NO_FINANCE: Final = {"finance_role": None}


def at(moment: datetime) -> str:
    """Return a time in the vendor's format, in UTC."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def picture(call: Call, account: wire.Account) -> str:
    """Return the address of an account's drawn avatar."""
    return f"{call.services.origin}/avatars/{account.avatar_hue}/{ord(account.display_name[:1] or '?'):x}.svg"


def same_center(call: Call, bc_id: str | None) -> None:
    """Refuse every Business Center but the token's own. The dispatcher checks the `bc_id` of every endpoint.

    Raises:
        NotFound: for any other one, whether or not it exists.
    """
    if bc_id not in {None, call.bc_id}:
        raise NotFound(thing="Business Center")


def ad_account(
    connection: sa.Connection, call: Call, advertiser_id: str, role: AdRole = AdRole.ANALYST
) -> wire.AdAccount:
    """Return an ad account on which the caller has this role, or a higher one.

    Raises:
        Refused: 40300, no such ad account here.
        AdAccountRoleRequired: the caller's role is too low; it names both roles.
    """
    try:
        return ad_account_roles.require_role(connection, call.actor, call.bc_id, advertiser_id, role)
    except NotFound:
        raise Refused(
            Code.NO_ADVERTISER, f"There is no ad account {advertiser_id} here, or it is not yours. Check advertiser_id."
        ) from None


def linked_accounts(
    connection: sa.Connection, call: Call, advertiser_id: str | None = None
) -> list[wire.LinkedAccount]:
    """Return the TikTok accounts linked to the Business Center; `advertiser_id` limits them to that ad account's.

    A Business Center has at most `ACCOUNT_LIMIT` of them, so the list is complete.
    """
    return authorizations.list_for_business_center(
        connection, call.actor, call.bc_id, advertiser_id=advertiser_id, limit=ACCOUNT_LIMIT
    ).items


def linked_account(connection: sa.Connection, call: Call, account_id: str) -> wire.LinkedAccount:
    """Return one TikTok account that is linked to the Business Center.

    Raises:
        Refused: 40001, it is not linked (the first layer is missing).
    """
    try:
        return authorizations.get_linked_account(connection, call.actor, call.bc_id, account_id)
    except NotFound:
        raise Refused(
            Code.NO_PERMISSION,
            f"No authorization: the TikTok account {account_id} is not linked to this Business Center, or its owner "
            "has revoked it. Ask the owner to scan a new QR code.",
        ) from None
