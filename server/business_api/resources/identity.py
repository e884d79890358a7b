"""/identity/get/ and /identity/info/: the accounts an ad account can use, and what each grants."""

from typing import Any, Literal

import sqlalchemy as sa
from pydantic import model_validator

from server.authorizations.gate import AdAccountNotLinked, require_use
from server.business_api.answers import ad_account, linked_account, linked_accounts, picture, same_center
from server.business_api.endpoints import Call, Endpoint
from server.business_api.envelope import Code, Refused
from server.business_api.parameters import Id, PageNumber, Params, SizeTo100, page_info, start_of
from server.spark_codes import service as spark_codes
from shared import wire
from shared.permissions import NEW_VIDEOS, Permission
from shared.wire import AdRole

IdentityType = Literal["BC_AUTH_TT", "AUTH_CODE", "TT_USER", "CUSTOMIZED_USER"]


class OfAdvertiser(Params):
    """The parameters that all identity endpoints share."""

    advertiser_id: Id
    identity_type: IdentityType | None = None
    identity_authorized_bc_id: Id | None = None

    @model_validator(mode="after")
    def _require_center(self) -> "OfAdvertiser":
        if self.identity_type == "BC_AUTH_TT" and self.identity_authorized_bc_id is None:
            raise ValueError("identity_authorized_bc_id is required for BC_AUTH_TT")
        return self


class Get(OfAdvertiser):
    """/identity/get/."""

    page: PageNumber = 1
    page_size: SizeTo100 = 10


class One(OfAdvertiser):
    """One identity."""

    identity_id: Id


def flags(granted: list[Permission]) -> dict[str, bool]:
    """Return what an identity can do, in the vendor's fields."""
    return {
        "ads_only_mode": Permission.NEW_VIDEOS_ADS_ONLY in granted,
        "can_pull_video": Permission.EXISTING_POSTS in granted,
        "can_push_video": bool(NEW_VIDEOS & set(granted)),
        "can_use_live_ads": Permission.LIVE_VIDEOS in granted,
        "can_manage_message": Permission.MESSAGE_ADS in granted,
    }


def row(call: Call, linked: wire.LinkedAccount) -> dict[str, Any]:
    """Return one identity without its picture, because the vendor has two names for that field."""
    return {
        "identity_id": linked.account.account_id,
        "identity_type": "BC_AUTH_TT",
        "identity_authorized_bc_id": call.bc_id,
        "username": linked.account.handle,
        "display_name": linked.account.display_name,
        "is_gpppa": False,
        "available_status": "AVAILABLE",
        **flags(linked.permissions.granted),
    }


def get(connection: sa.Connection, call: Call, wanted: Get) -> dict[str, Any]:
    """Return the identities that an ad account can use: authorized by the owner, and linked to the ad account."""
    same_center(call, wanted.identity_authorized_bc_id)
    ad_account(connection, call, wanted.advertiser_id)
    found = []
    if wanted.identity_type in {None, "BC_AUTH_TT"}:
        found = [
            {**row(call, linked), "profile_image": picture(call, linked.account)}
            for linked in linked_accounts(connection, call, wanted.advertiser_id)
        ]
    start, total = start_of(wanted), len(found)
    shown = found[start : start + wanted.page_size] if start < total else []
    if wanted.identity_type in {None, "AUTH_CODE"}:  # these follow the others
        place, room = max(0, start - total), wanted.page_size - len(shown)
        by_code, more = _by_code(connection, call, wanted.advertiser_id, place, room)
        shown, total = shown + by_code, total + more
    return {"identity_list": shown, "page_info": page_info(total, wanted)}


def _by_code(
    connection: sa.Connection, call: Call, advertiser_id: str, start: int, limit: int
) -> tuple[list[dict[str, Any]], int]:
    """Return one page of the accounts whose posts the ad account may use by Spark code, and how many there are."""
    found, total = spark_codes.list_accounts(
        connection, call.actor, call.bc_id, advertiser_id, start=start, limit=limit
    )
    return [
        {
            "identity_id": account.account_id,
            "identity_type": "AUTH_CODE",
            "identity_authorized_bc_id": None,
            "username": account.handle,
            "display_name": account.display_name,
            "is_gpppa": False,
            "available_status": "AVAILABLE",
            **flags([Permission.EXISTING_POSTS]),
            "profile_image": picture(call, account),
        }
        for account in found
    ], total


def info(connection: sa.Connection, call: Call, wanted: One) -> dict[str, Any]:
    """Return one identity; a refusal names what is missing."""
    linked = find(connection, call, wanted)
    return {"identity_info": {**row(call, linked), "profile_image_url": picture(call, linked.account)}}


def find(connection: sa.Connection, call: Call, wanted: One) -> wire.LinkedAccount:
    """Return the linked account behind an identity, if the ad account can use it.

    Raises:
        Refused: 40001 the owner has not authorized it or has revoked it; 40002 it is another type of identity.
        AdAccountNotLinked: the third layer is missing.
    """
    same_center(call, wanted.identity_authorized_bc_id)
    mine = ad_account(connection, call, wanted.advertiser_id)
    if wanted.identity_type not in {None, "BC_AUTH_TT"}:
        raise Refused(Code.PARAMETER, f"identity_type: there are no {wanted.identity_type} identities here.")
    linked = linked_account(connection, call, wanted.identity_id)
    if mine.advertiser_id not in {item.advertiser_id for item in linked.ad_accounts}:
        raise AdAccountNotLinked(name=mine.name)
    return linked


def usable_identity(connection: sa.Connection, call: Call, wanted: One, permission: Permission) -> wire.LinkedAccount:
    """Return the linked account if every layer now allows the caller to use it with this permission.

    Raises:
        Like `find`; also PermissionNotGranted, which names the permission, and AdAccountRoleRequired, the role.
    """
    linked = find(connection, call, wanted)
    ad_account(connection, call, wanted.advertiser_id, AdRole.OPERATOR)
    require_use(connection, call.actor, call.bc_id, wanted.identity_id, permission, advertiser_id=wanted.advertiser_id)
    return linked


ENDPOINTS = (
    Endpoint("GET", "/identity/get/", Get, get),
    Endpoint("GET", "/identity/info/", One, info),
)
