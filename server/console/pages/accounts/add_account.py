"""The wizard Add a TikTok Account: method, permission level, permissions, and then the code."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from server.auth.dependencies import Codes, Db
from server.business_centers import service as business_centers
from server.console import choices, forms
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit
from server.link_requests import service
from server.link_requests.states import InvalidSelection
from shared.languages import Message, gettext
from shared.permissions import LEVELS, NEW_VIDEOS_TITLE, SPARK_ADS_NOTE, Level

router = APIRouter(include_in_schema=False)
STEPS = {
    "method": Message("Choose a method"),
    "level": Message("Permission level"),
    "permissions": Message("Permissions"),
    "code": Message("QR code"),
}
_FORMS = {"method", "level", "permissions"}
_NONE_CHOSEN = Message("Choose at least one permission: without one there is nothing to ask for.")


def _show(
    request: Request, step: str, chosen: choices.Choices, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    return render(
        request,
        "add_account.html",
        status=status,
        step=step,
        steps=STEPS,
        chosen=chosen,
        errors=errors or {},
        groups=choices.groups(),
        lifetimes=choices.LIFETIMES,
        message_limit=choices.MESSAGE_LIMIT,
        level=LEVELS[Level.DELIVER_ADS],
        new_videos_title=NEW_VIDEOS_TITLE,
        spark_ads_note=SPARK_ADS_NOTE,
    )


@router.get("/bc/{bc_id}/tiktok-accounts/add")
async def get_wizard(request: Request, database: Db, visit: CurrentVisit, step: str = "method") -> Response:
    """Show one step. All choices are in the query string."""
    await database.read(business_centers.require_admin, visit.actor, visit.center.bc_id, "add TikTok accounts")
    return _show(request, step if step in _FORMS else "method", choices.read(request.query_params))


@router.post("/bc/{bc_id}/tiktok-accounts/add")
async def post_wizard(request: Request, database: Db, codes: Codes, visit: CurrentVisit) -> Response:
    """Make the code and go to its page. After an error, show the last step as it was."""
    try:
        form = await forms.read_form(request)
    except forms.FormRefused as refused:
        again = Message(
            "The form could not be checked and no code was made. Your choices are still here: send them again."
        )
        return _show(request, "permissions", choices.read(refused.form), {"form": again}, 403)
    chosen = choices.read(form)
    if forms.text(form, "go") == "back":
        return to(visit.path(f"tiktok-accounts/add?{chosen.query('level')}"))
    if not chosen.asked:
        return _show(request, "permissions", chosen, {"permissions": _NONE_CHOSEN}, 422)
    try:
        made = await database.write(service.create, visit.actor, codes, visit.center.bc_id, chosen.request())
    except ValidationError as error:
        return _show(request, "permissions", chosen, _field_errors(error), 422)
    except InvalidSelection as problem:
        return _show(request, "permissions", chosen, {"permissions": problem.text}, problem.status)
    except (service.UnknownHandle, service.InvalidLifetime) as problem:
        return _show(request, "permissions", chosen, {"for_handle": problem.text}, problem.status)
    return to(visit.path(f"link-requests/{made.link_request_id}"))


def _field_errors(error: ValidationError) -> dict[str, str]:
    said = {
        "message": gettext("The message is longer than {limit} characters. Shorten it and try again.").format(
            limit=choices.MESSAGE_LIMIT
        ),
        "for_handle": Message("No handle is that long. Check the spelling and try again."),
    }
    places = {str(item["loc"][0]) for item in error.errors() if item["loc"]}
    return {
        place: said.get(place, Message("This could not be understood. Check it and try again.")) for place in places
    }
