"""The members of a Business Center, their roles, and the open invitations."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from server.auth.dependencies import Db, MemberCursor
from server.authorizations import members as account_members
from server.business_centers import people, service
from server.business_centers.people import AlreadyAMember
from server.console import forms
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Connection, Database
from shared import wire
from shared.languages import Message

router = APIRouter(prefix="/bc/{bc_id}/members", include_in_schema=False)
_NO_EMAIL = Message("This is not a complete e-mail address. Check it and try again.")


@router.get("")
async def get_members(
    request: Request, database: Db, visit: CurrentVisit, cursor: MemberCursor = None, remove: str = ""
) -> Response:
    """List the members and, for admins, the open invitations. `remove` asks for confirmation about one member."""
    return await _show(request, database, visit, cursor=cursor, removing=remove if visit.is_admin else "")


def _members(connection: Connection, visit: Visit, cursor: str | None) -> dict[str, Any]:
    of = (connection, visit.actor, visit.center.bc_id)
    invited = people.list_invitations(*of).items if visit.is_admin else []
    return {"page": service.list_members(*of, cursor=cursor), "cursor": cursor, "invited": invited}


async def _show(
    request: Request, database: Database, visit: Visit, *, cursor: str | None = None, status: int = 200, **more: Any
) -> Response:
    shown = {"removing": "", "made": None, "email": "", "error": ""} | more
    shown |= await database.read(_members, visit, cursor)
    return render(request, "members.html", status=status, **shown)


@router.post("")
async def post_invite(request: Request, database: Db, visit: CurrentVisit, form: forms.CheckedForm) -> Response:
    """Invite somebody and show the link, which is never shown again. After an error, show the form as it was."""
    email = forms.text(form, "email")[:254]
    try:
        wanted = wire.Invite(email=email, role=_role(forms.text(form, "role")))
        origin: str = request.app.state.settings.origin
        made = await database.write(people.invite, visit.actor, visit.center.bc_id, wanted, origin)
    except ValidationError:
        await database.read(service.require_admin, visit.actor, visit.center.bc_id, "invite members")
        return await _show(request, database, visit, email=email, error=_NO_EMAIL, status=422)
    except AlreadyAMember as problem:
        return await _show(request, database, visit, email=email, error=problem.text, status=problem.status)
    return await _show(request, database, visit, made=made)


def _role(text: str) -> wire.Role:
    return wire.Role.ADMIN if text == wire.Role.ADMIN else wire.Role.STANDARD


@router.post("/invitations/{invitation_id}/withdraw")
async def post_withdraw(database: Db, visit: CurrentVisit, invitation_id: str, _form: forms.CheckedForm) -> Response:
    """Withdraw an invitation and show the list again."""
    await database.write(people.withdraw, visit.actor, visit.center.bc_id, invitation_id)
    return to(visit.path("members?done=withdrawn"))


@router.post("/{user_id}/role")
async def post_role(database: Db, visit: CurrentVisit, user_id: str, form: forms.CheckedForm) -> Response:
    """Change a member's role and show the list again."""
    role = _role(forms.text(form, "role"))
    await database.write(people.set_role, visit.actor, visit.center.bc_id, user_id, role)
    return to(visit.path("members?done=role-changed"))


@router.post("/{user_id}/remove")
async def post_remove(database: Db, visit: CurrentVisit, user_id: str, _form: forms.CheckedForm) -> Response:
    """Remove a member and all their roles. Members who remove themselves go to the start page."""
    await database.write(account_members.remove_from_center, visit.actor, visit.center.bc_id, user_id)
    left = user_id == visit.visitor.member.user_id
    return to("/" if left else visit.path("members?done=member-removed"))
