"""The page behind an invitation link: it shows who invites, asks for a name and a password, and adds the member.

The link has its secret in the fragment, which browsers do not send. A script copies it into the form; without the
script, the person pastes the link there.
"""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.auth.dependencies import Db, Passwords
from server.business_centers import people
from server.console import forms
from server.console.pages.sign_in import render_form, to
from server.problems import NotFound
from shared.languages import Message, gettext

router = APIRouter(prefix="/invite", include_in_schema=False)
PASSWORD_MINIMUM = 12
_PASSWORD_MAXIMUM = 1024
_OVER = Message(
    "This invitation is no longer open: it was used, withdrawn or replaced by a newer one, or it is older than seven "
    "days. Ask for another link."
)
_TOO_OLD = Message("This page was open for too long. Nothing is lost: send it once more.")


@dataclass(slots=True)
class Joining:
    """The entered values, the invitation found, and the errors by field."""

    link: str = ""
    name: str = ""
    center: str = ""
    email: str = ""
    known: bool = False
    errors: dict[str, str] = field(default_factory=dict)


@router.get("")
async def get_invitation(request: Request) -> Response:
    """Show the form that asks for the link; a script fills it in from the address."""
    return _show(request, Joining())


def _show(request: Request, joining: Joining, status: int = 200) -> Response:
    return render_form(request, "invite.html", status=status, joining=joining, minimum=PASSWORD_MINIMUM)


@router.post("")
async def post_invitation(request: Request, database: Db, passwords: Passwords) -> Response:
    """Show who invites, or join. After an error, show the form again with the entered values, except the password."""
    try:
        form = await forms.read_form(request)
    except forms.FormRefused as refused:
        return _show(request, Joining(link=forms.text(refused.form, "link"), errors={"link": _TOO_OLD}), 403)
    joining = Joining(link=forms.text(form, "link"), name=forms.text(form, "name")[:100])
    token = joining.link.rpartition("#")[2]
    try:
        joining.center, joining.email, joining.known = await database.read(people.find_invitation, token)
    except NotFound:
        joining.errors["link"] = _OVER
        return _show(request, joining, 404)
    if forms.text(form, "go") != "join":
        return _show(request, joining)
    password = form.get("password")
    given = password if isinstance(password, str) else ""
    if not joining.known:
        _check(joining, given)
    if joining.errors:
        return _show(request, joining, 422)
    hashed = "" if joining.known else await passwords.hash(given)
    try:
        await database.write(people.accept, token, joining.name, hashed)
    except NotFound:  # somebody else has just used the same link
        return _show(request, Joining(link=joining.link, errors={"link": _OVER}), 404)
    return to("/login?note=joined")


def _check(joining: Joining, password: str) -> None:
    if not joining.name:
        joining.errors["name"] = Message("Enter the name that others should see.")
    if len(password) < PASSWORD_MINIMUM:
        joining.errors["password"] = gettext("Choose a password of at least {count} characters.").format(
            count=PASSWORD_MINIMUM
        )
    elif len(password) > _PASSWORD_MAXIMUM:
        joining.errors["password"] = gettext("Choose a password of up to {count} characters.").format(
            count=_PASSWORD_MAXIMUM
        )
