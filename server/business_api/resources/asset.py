"""/bc/asset/*: the Business Center's assets, who may use them, and which ad accounts they are linked to."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field

from server.ad_accounts import members as ad_account_roles
from server.authorizations import ending
from server.authorizations import members as account_members
from server.authorizations import service as authorizations
from server.business_api.answers import ad_account, linked_accounts, picture
from server.business_api.endpoints import Call, Endpoint
from server.business_api.envelope import Code, Refused
from server.business_api.parameters import FromJson, Id, Paged, Params, Short, page_of
from server.business_api.resources.member import all_members
from server.business_centers import service as business_centers
from server.link_requests import service as link_requests
from server.problems import or_not_found
from shared import wire
from shared.permissions import Permission
from shared.wire import AccountRole, AdRole

# BC_AUTH_TT is the vendor's other name for a TT_ACCOUNT.
AssetType = Literal[
    "TT_ACCOUNT", "BC_AUTH_TT", "ADVERTISER", "MANAGED_BUSINESS_ACCOUNT", "CATALOG", "TIKTOK_SHOP", "PIXEL", "LEAD"
]
AccountType = Literal["TT_ACCOUNT", "BC_AUTH_TT", "MANAGED_BUSINESS_ACCOUNT"]
AdvertiserRole = Literal["ADMIN", "OPERATOR", "ANALYST"]
Status = Literal["BOUND", "UNBOUND", "PENDING", "REJECTED"]
_ACCOUNTS = frozenset({"TT_ACCOUNT", "BC_AUTH_TT", "MANAGED_BUSINESS_ACCOUNT"})


class Filtering(Params):
    """Which assets to list. Admins can choose another member's."""

    user_id: Id | None = None
    user_email: Short | None = None
    keyword: Short = ""


class AdminFiltering(Params):
    """Which assets to list."""

    keyword: Short = ""
    relation_type: Literal["OWNER_BC", "OWNER_PARTNER", "OWNER_INDIVIDUAL"] | None = None
    relation_status: Status | None = None


class Get(Paged):
    """/bc/asset/get/."""

    bc_id: Id
    asset_type: AssetType
    filtering: Annotated[Filtering | None, FromJson] = None


class AdminGet(Paged):
    """/bc/asset/admin/get/."""

    bc_id: Id
    asset_type: AssetType
    filtering: Annotated[AdminFiltering | None, FromJson] = None


class Unassign(Params):
    """/bc/asset/unassign/."""

    bc_id: Id
    user_id: Id
    asset_type: Literal["TT_ACCOUNT", "BC_AUTH_TT", "ADVERTISER"]
    asset_id: Id


class Assign(Unassign):
    """/bc/asset/assign/."""

    tt_account_roles: list[AccountRole] | None = Field(None, max_length=3)
    advertiser_role: AdvertiserRole | None = None


class AdminDelete(Params):
    """/bc/asset/admin/delete/."""

    bc_id: Id
    asset_type: Literal["TT_ACCOUNT", "BC_AUTH_TT"]
    asset_ids: list[Id] = Field(min_length=1)


class Authorization(Params):
    """/bc/asset/account/authorization/."""

    bc_id: Id
    is_ads_only_mode: bool = True


class OfAsset(Paged):
    """/bc/asset/member/get/, /bc/asset/partner/get/, /bc/asset/advertiser/assigned/."""

    bc_id: Id
    asset_type: AssetType
    asset_id: Id


class Link(Params):
    """/bc/asset/advertiser/assign/ and /unassign/."""

    bc_id: Id
    asset_type: AccountType = "TT_ACCOUNT"
    asset_id: Id
    advertiser_id: Id


def get(connection: sa.Connection, call: Call, wanted: Get) -> dict[str, Any]:
    """Return the assets that a member may use, with the roles. Only admins can choose another member."""
    chosen = wanted.filtering or Filtering()
    member = _member(connection, call, chosen)
    if wanted.asset_type == "ADVERTISER":
        rows = _ad_accounts(connection, call, member)
    elif wanted.asset_type in _ACCOUNTS:
        rows = _accounts(connection, call, member, wanted.asset_type)
    else:
        rows = []
    shown, info = page_of([row for row in rows if _fits(row, chosen.keyword)], wanted)
    return {"list": shown, "page_info": info}


def _fits(row: dict[str, Any], keyword: str) -> bool:
    word = keyword.strip().lower()
    return word in row["asset_name"].lower() or word == row["asset_id"] or word in row.get("tt_asset_handle", "")


def _member(connection: sa.Connection, call: Call, chosen: Filtering) -> wire.Member:
    """Return the member whose assets to list."""
    members = all_members(connection, call)
    mine = next(member for member in members if member.user_id == call.actor.subject_id)
    email = (chosen.user_email or "").strip().lower()
    if chosen.user_id in {None, mine.user_id} and email in {"", mine.email}:
        return mine
    business_centers.require_admin(connection, call.actor, call.bc_id, "see other members' assets")
    found = next((member for member in members if chosen.user_id == member.user_id or email == member.email), None)
    return or_not_found(found, thing="member")


def _ad_accounts(connection: sa.Connection, call: Call, member: wire.Member) -> list[dict[str, Any]]:
    center = business_centers.get(connection, call.actor, call.bc_id)
    held = ad_account_roles.list_for_actor(connection, _as(call, member), call.bc_id)
    return [
        {
            "asset_id": item.advertiser_id,
            "asset_name": item.name,
            "asset_type": "ADVERTISER",
            "advertiser_role": role.value.upper(),
            "owner_bc_name": center.name,
        }
        for item, role in held
    ]


def _as(call: Call, member: wire.Member) -> Any:
    # Only for looking up a member's roles. `_member` has checked that the caller may see them.
    return call.actor if member.user_id == call.actor.subject_id else type(call.actor)("member", member.user_id, "")


def _accounts(connection: sa.Connection, call: Call, member: wire.Member, asset_type: str) -> list[dict[str, Any]]:
    rows = []
    for linked in _of_type(linked_accounts(connection, call), asset_type):
        if member.role is wire.Role.ADMIN:
            roles = account_members.possible_roles(linked.permissions.granted)
        else:
            roles = account_members.roles_of(connection, call.bc_id, linked.account.account_id, member.user_id)
        if roles or member.role is wire.Role.ADMIN:
            rows.append(_account(call, linked, asset_type, roles))
    return rows


def _of_type(linked: Iterable[wire.LinkedAccount], asset_type: str) -> list[wire.LinkedAccount]:
    """Return the accounts of an asset type. Only accounts that are managed here are also business accounts."""
    managed = asset_type == "MANAGED_BUSINESS_ACCOUNT"
    return [item for item in linked if not managed or Permission.MANAGE_ACCOUNT in item.permissions.granted]


def _account(call: Call, linked: wire.LinkedAccount, asset_type: str, roles: list[AccountRole]) -> dict[str, Any]:
    return {
        "asset_id": linked.account.account_id,
        "asset_name": linked.account.display_name,
        "asset_type": asset_type,
        "tt_account_roles": [role.value for role in roles],
        "owner_bc_name": None,
        "tt_asset_handle": linked.account.handle,
        "tt_asset_profile_image": picture(call, linked.account),
    }


def admin_get(connection: sa.Connection, call: Call, wanted: AdminGet) -> dict[str, Any]:
    """Return every asset of the Business Center, for admins. All are BOUND: pending and ended ones are left out."""
    business_centers.require_admin(connection, call.actor, call.bc_id, "see all assets")
    mine = _member(connection, call, Filtering())
    relation = "OWNER_BC"
    if wanted.asset_type == "ADVERTISER":
        rows = _ad_accounts(connection, call, mine)
    elif wanted.asset_type in _ACCOUNTS:
        rows, relation = _accounts(connection, call, mine, wanted.asset_type), "OWNER_INDIVIDUAL"
    else:
        rows = []
    chosen = wanted.filtering or AdminFiltering()
    found = [
        {**row, "relation_type": relation, "relation_status": "BOUND"}
        for row in rows
        if _fits(row, chosen.keyword)
        and chosen.relation_type in {None, relation}
        and chosen.relation_status in {None, "BOUND"}
    ]
    shown, info = page_of(found, wanted)
    return {"list": shown, "page_info": info}


def assign(connection: sa.Connection, call: Call, wanted: Assign) -> dict[str, Any]:
    """Let a member use a TikTok account (the second layer), or give them a role on an ad account."""
    if wanted.asset_type == "ADVERTISER":
        if wanted.advertiser_role is None:
            raise Refused(Code.PARAMETER, "advertiser_role: is required for ADVERTISER: ADMIN, OPERATOR or ANALYST.")
        role = AdRole(wanted.advertiser_role.lower())
        ad_account_roles.set_member(connection, call.actor, call.bc_id, wanted.asset_id, wanted.user_id, role)
        return {}
    if not wanted.tt_account_roles:
        raise Refused(Code.PARAMETER, "tt_account_roles: is required for TT_ACCOUNT: POST, LIVE or DIRECT_MESSAGE.")
    roles = list(dict.fromkeys(wanted.tt_account_roles))
    account_members.assign(connection, call.actor, call.bc_id, wanted.asset_id, wanted.user_id, roles)
    return {}


def unassign(connection: sa.Connection, call: Call, wanted: Unassign) -> dict[str, Any]:
    """Remove a member from a TikTok account or an ad account."""
    remove = ad_account_roles.remove_member if wanted.asset_type == "ADVERTISER" else account_members.unassign
    remove(connection, call.actor, call.bc_id, wanted.asset_id, wanted.user_id)
    return {}


def admin_delete(connection: sa.Connection, call: Call, wanted: AdminDelete) -> dict[str, Any]:
    """Unlink one TikTok account from the Business Center."""
    if len(wanted.asset_ids) > 1:
        raise Refused(Code.TOO_MANY_IDS, "asset_ids: one TikTok account can be unlinked at a time.")
    ending.unlink(connection, call.actor, call.bc_id, wanted.asset_ids[0])
    return {}


def authorization(connection: sa.Connection, call: Call, wanted: Authorization) -> dict[str, Any]:
    """Make a link request for existing posts and new videos; the caller draws the returned text as a QR code."""
    new_videos = Permission.NEW_VIDEOS_ADS_ONLY if wanted.is_ads_only_mode else Permission.NEW_VIDEOS_ON_PROFILE
    asked = wire.CreateLinkRequest(permissions=[Permission.EXISTING_POSTS, new_videos])
    made = link_requests.create(connection, call.actor, call.services.codes, call.bc_id, asked)
    return {"bc_auth_qr_code": made.url}


def member_get(connection: sa.Connection, call: Call, wanted: OfAsset) -> dict[str, Any]:
    """Return the members with a role on an asset. The Business Center's admins need no role."""
    if wanted.asset_type == "ADVERTISER":
        operating = ad_account_roles.list_members(connection, call.actor, call.bc_id, wanted.asset_id).items
        rows = [{**_person(item), "advertiser_role": item.role.value.upper()} for item in operating]
    else:
        assigned = account_members.list_members(connection, call.actor, call.bc_id, wanted.asset_id).items
        rows = [{**_person(item), "tt_account_roles": [role.value for role in item.roles]} for item in assigned]
    shown, info = page_of(rows, wanted)
    return {"list": shown, "page_info": info}


def _person(member: wire.AdAccountMember | wire.AccountMember) -> dict[str, Any]:
    return {"user_id": member.user_id, "user_name": member.name, "user_email": member.email}


def partner_get(connection: sa.Connection, call: Call, wanted: OfAsset) -> dict[str, Any]:
    """Return the Business Centers that share an asset: none, because Sparklink cannot share assets."""
    if wanted.asset_type == "ADVERTISER":
        ad_account(connection, call, wanted.asset_id)
    else:
        authorizations.get_linked_account(connection, call.actor, call.bc_id, wanted.asset_id)
    shown, info = page_of([], wanted)
    return {"list": shown, "page_info": info}


def link(connection: sa.Connection, call: Call, wanted: Link) -> dict[str, Any]:
    """Link an ad account to a TikTok account: the third layer."""
    ad_account(connection, call, wanted.advertiser_id)
    authorizations.link_ad_account(connection, call.actor, call.bc_id, wanted.asset_id, wanted.advertiser_id)
    return {}


def unlink(connection: sa.Connection, call: Call, wanted: Link) -> dict[str, Any]:
    """Unlink a TikTok account from an ad account."""
    ad_account(connection, call, wanted.advertiser_id)
    authorizations.unlink_ad_account(connection, call.actor, call.bc_id, wanted.asset_id, wanted.advertiser_id)
    return {}


def linked_to(connection: sa.Connection, call: Call, wanted: OfAsset) -> dict[str, Any]:
    """Return the ad accounts that a TikTok account is linked to."""
    linked = authorizations.get_linked_account(connection, call.actor, call.bc_id, wanted.asset_id)
    rows = [{"advertiser_id": item.advertiser_id, "advertiser_name": item.name} for item in linked.ad_accounts]
    shown, info = page_of(rows, wanted)
    return {"list": shown, "page_info": info}


ENDPOINTS = (
    Endpoint("GET", "/bc/asset/get/", Get, get),
    Endpoint("GET", "/bc/asset/admin/get/", AdminGet, admin_get),
    Endpoint("POST", "/bc/asset/assign/", Assign, assign, writes=True),
    Endpoint("POST", "/bc/asset/unassign/", Unassign, unassign, writes=True),
    Endpoint("POST", "/bc/asset/admin/delete/", AdminDelete, admin_delete, writes=True),
    Endpoint("GET", "/bc/asset/account/authorization/", Authorization, authorization, writes=True),
    Endpoint("POST", "/bc/asset/account/authorization/", Authorization, authorization, writes=True),
    Endpoint("POST", "/bc/asset/advertiser/assign/", Link, link, writes=True),
    Endpoint("POST", "/bc/asset/advertiser/unassign/", Link, unlink, writes=True),
    Endpoint("GET", "/bc/asset/advertiser/assigned/", OfAsset, linked_to),
    Endpoint("GET", "/bc/asset/member/get/", OfAsset, member_get),
    Endpoint("GET", "/bc/asset/partner/get/", OfAsset, partner_get),
)
