"""/bc/member/*: list, invite and remove the members of a Business Center, and change their roles."""

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field, model_validator

from server.authorizations import members as account_members
from server.business_api.answers import NO_FINANCE, USER_ROLES
from server.business_api.endpoints import Call, Endpoint
from server.business_api.envelope import Code, Refused
from server.business_api.parameters import FromJson, Id, PageNumber, Params, Short, SizeTo20, page_of
from server.business_centers import people
from server.business_centers import service as business_centers
from server.problems import or_not_found
from shared import wire

Role = Literal["ADMIN", "STANDARD"]
EMAILS_LIMIT = 50
_ROLES = {"ADMIN": wire.Role.ADMIN, "STANDARD": wire.Role.STANDARD}
_EVERYBODY = 10_000


class Filtering(Params):
    """Which members to list."""

    keyword: Short = ""
    user_role: Role | None = None
    relation_status: Literal["BOUND", "PENDING", "UNBOUND", "REJECTED"] | None = None


class Get(Params):
    """/bc/member/get/."""

    bc_id: Id
    filtering: Annotated[Filtering | None, FromJson] = None
    page: PageNumber = 1
    page_size: SizeTo20 = 10


class Invite(Params):
    """/bc/member/invite/."""

    bc_id: Id
    emails: list[Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]] = Field(min_length=1)
    user_role: Role
    asset_ids: list[Id] | None = None


class Update(Params):
    """/bc/member/update/."""

    bc_id: Id
    user_id: Id
    user_role: Role | None = None


class Delete(Params):
    """/bc/member/delete/: by id or by e-mail."""

    bc_id: Id
    user_id: Id | None = None
    user_email: Short | None = None

    @model_validator(mode="after")
    def _require_member(self) -> "Delete":
        if self.user_id is None and self.user_email is None:
            raise ValueError("user_id or user_email is required")
        return self


def all_members(connection: sa.Connection, call: Call) -> list[wire.Member]:
    """Return every member of the token's Business Center, sorted by name."""
    return business_centers.list_members(connection, call.actor, call.bc_id, limit=_EVERYBODY).items


def _row(user_id: str, name: str, email: str, role: wire.Role, status: str) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "user_name": name,
        "user_email": email,
        "user_role": USER_ROLES[role],
        "relation_status": status,
        "ext_user_role": NO_FINANCE,
    }


def get(connection: sa.Connection, call: Call, wanted: Get) -> dict[str, Any]:
    """Return the members (BOUND) and, for admins, people who have not answered their invitation (PENDING)."""
    rows = [_row(item.user_id, item.name, item.email, item.role, "BOUND") for item in all_members(connection, call)]
    membership = business_centers.require_member(connection, call.actor, call.bc_id)
    if membership.role is wire.Role.ADMIN:
        open_ones = people.list_invitations(connection, call.actor, call.bc_id).items
        rows += [_row("", "", item.email, item.role, "PENDING") for item in open_ones]
    chosen = wanted.filtering or Filtering()
    keyword = chosen.keyword.strip().lower()
    found = [
        row
        for row in rows
        if (keyword in row["user_name"].lower() or keyword in row["user_email"] or keyword == row["user_id"])
        and chosen.user_role in {None, row["user_role"]}
        and chosen.relation_status in {None, row["relation_status"]}
    ]
    shown, info = page_of(found, wanted)
    return {"list": shown, "page_info": info}


def invite(connection: sa.Connection, call: Call, wanted: Invite) -> dict[str, Any]:
    """Invite all of the people or, if one invitation is refused, nobody."""
    if len(wanted.emails) > EMAILS_LIMIT:
        raise Refused(Code.TOO_MANY_IDS, f"emails: {len(wanted.emails)} are too many, {EMAILS_LIMIT} is the most.")
    if wanted.asset_ids:
        raise Refused(Code.PARAMETER, "asset_ids: assets can be assigned once the member is in: /bc/asset/assign/.")
    for email in dict.fromkeys(wanted.emails):
        asked = wire.Invite(email=email, role=_ROLES[wanted.user_role])
        people.invite(connection, call.actor, call.bc_id, asked, call.services.origin)
    return {}


def update(connection: sa.Connection, call: Call, wanted: Update) -> dict[str, Any]:
    """Change a member's role."""
    if wanted.user_role is None:
        raise Refused(Code.PARAMETER, "user_role: is required; nothing else of a member can be changed here.")
    people.set_role(connection, call.actor, call.bc_id, wanted.user_id, _ROLES[wanted.user_role])
    return {}


def delete(connection: sa.Connection, call: Call, wanted: Delete) -> dict[str, Any]:
    """Remove a member with all their roles, or withdraw an invitation."""
    email = (wanted.user_email or "").strip().lower()
    user_id = wanted.user_id or next(
        (item.user_id for item in all_members(connection, call) if item.email == email), None
    )
    if user_id is not None:
        account_members.remove_from_center(connection, call.actor, call.bc_id, user_id)
        return {}
    open_ones = people.list_invitations(connection, call.actor, call.bc_id).items
    invitation = or_not_found(next((item for item in open_ones if item.email == email), None), thing="member")
    people.withdraw(connection, call.actor, call.bc_id, invitation.invitation_id)
    return {}


ENDPOINTS = (
    Endpoint("GET", "/bc/member/get/", Get, get),
    Endpoint("POST", "/bc/member/invite/", Invite, invite, writes=True),
    Endpoint("POST", "/bc/member/update/", Update, update, writes=True),
    Endpoint("POST", "/bc/member/delete/", Delete, delete, writes=True),
)
