"""Access to the Business API: members' tokens, and developer apps, which have their own tokens."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from server.auth.dependencies import Cursor, Db
from server.business_api import apps, tokens
from server.business_centers import service as business_centers
from server.console import forms
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Database
from shared import wire
from shared.languages import Message

router = APIRouter(prefix="/bc/{bc_id}", include_in_schema=False)
LIFETIMES: Final = {
    "30": Message("30 days"),
    "90": Message("90 days"),
    "365": Message("One year"),
    "": Message("Until it is revoked"),
}
_NO_NAME: Final = Message("Give it a name of up to 100 characters, so that you recognize it later.")


@router.get("/access-tokens")
async def get_tokens(
    request: Request, database: Db, visit: CurrentVisit, cursor: Cursor = None, revoke: str = ""
) -> Response:
    """List tokens: all for admins, only their own for others. `revoke` asks for confirmation about one token."""
    return await _show_tokens(request, database, visit, cursor, revoking=revoke)


async def _show_tokens(
    request: Request, database: Database, visit: Visit, cursor: str | None = None, **shown: Any
) -> Response:
    page = await database.read(tokens.list_tokens, visit.actor, visit.center.bc_id, cursor=cursor)
    return _show(request, "access_tokens.html", page=page, cursor=cursor, **shown)


def _show(request: Request, template: str, *, status: int = 200, **shown: Any) -> Response:
    origin = request.app.state.settings.origin
    nothing = {"revoking": "", "made": None, "code": None, "name": "", "error": ""}
    return render(request, template, status=status, lifetimes=LIFETIMES, origin=origin, **(nothing | shown))


@router.post("/access-tokens")
async def post_token(request: Request, database: Db, visit: CurrentVisit, form: forms.CheckedForm) -> Response:
    """Make a token in the visitor's own name and show it, which happens only once."""
    name, days = forms.text(form, "name"), forms.text(form, "lifetime")
    lifetime = (int(days) if days else None) if days in LIFETIMES else 30
    try:
        wanted = wire.CreateAccessToken(name=name, lifetime_days=lifetime)
    except ValidationError:
        return await _show_tokens(request, database, visit, status=422, name=name[:200], error=_NO_NAME)
    made = await database.write(tokens.create, visit.actor, visit.center.bc_id, wanted)
    return await _show_tokens(request, database, visit, made=made)


@router.post("/access-tokens/{token_id}/revoke")
async def post_revoke_token(database: Db, visit: CurrentVisit, token_id: str, _form: forms.CheckedForm) -> Response:
    """Revoke a token and show the list again."""
    await database.write(tokens.revoke, visit.actor, visit.center.bc_id, token_id)
    return to(visit.path("access-tokens?done=token-revoked"))


@router.get("/api-apps")
async def get_apps(
    request: Request, database: Db, visit: CurrentVisit, cursor: Cursor = None, revoke: str = ""
) -> Response:
    """List developer apps. `revoke` asks for confirmation about one app. For admins."""
    return await _show_apps(request, database, visit, cursor, revoking=revoke)


async def _show_apps(
    request: Request, database: Database, visit: Visit, cursor: str | None = None, **shown: Any
) -> Response:
    page = await database.read(apps.list_apps, visit.actor, visit.center.bc_id, cursor=cursor)
    return _show(request, "api_apps.html", page=page, cursor=cursor, **shown)


@router.post("/api-apps")
async def post_app(request: Request, database: Db, visit: CurrentVisit, form: forms.CheckedForm) -> Response:
    """Make a developer app and show its secret, or authorize one and show its auth code. Each is shown only once."""
    actor, bc_id = visit.actor, visit.center.bc_id
    await database.read(business_centers.require_admin, actor, bc_id, "make developer apps")
    if app_id := forms.text(form, "authorize"):
        code = await database.write(apps.authorize, actor, bc_id, app_id)
        return await _show_apps(request, database, visit, code=code)
    name = forms.text(form, "name")
    try:
        wanted = wire.CreateApiApp(name=name)
    except ValidationError:
        return await _show_apps(request, database, visit, status=422, name=name[:200], error=_NO_NAME)
    made = await database.write(apps.create, actor, bc_id, wanted)
    return await _show_apps(request, database, visit, made=made)


@router.post("/api-apps/{app_id}/revoke")
async def post_revoke_app(database: Db, visit: CurrentVisit, app_id: str, _form: forms.CheckedForm) -> Response:
    """Revoke a developer app with all its tokens and show the list again."""
    await database.write(apps.revoke, visit.actor, visit.center.bc_id, app_id)
    return to(visit.path("api-apps?done=app-revoked"))
