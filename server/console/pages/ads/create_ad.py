"""Create a Spark Ad from the last step's form: by pull, by push, or with a Spark code."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from server.ad_accounts import members
from server.auth.dependencies import Address, AttemptCounter, Db
from server.console import forms
from server.console.pages.ads.new_ad import CAPTION_LIMIT, NAME_LIMIT, Place, Refused, show
from server.console.pages.sign_in import to
from server.console.visit import CurrentVisit
from server.spark_ads import service
from server.spark_codes import service as spark_codes
from server.spark_codes.guesses import counted
from server.tiktok_accounts import media
from server.tiktok_accounts.routes import Links, decode
from shared import wire
from shared.languages import gettext
from shared.wire import AdRole

router = APIRouter(prefix="/bc/{bc_id}/ads/new", include_in_schema=False)


@router.post("/pull")
async def post_pull(
    request: Request, database: Db, links: Links, visit: CurrentVisit, form: forms.CheckedForm
) -> Response:
    """Make an ad from an existing post, by authorization or by Spark code."""
    by_code = forms.text(form, "how") == "code"
    post_id, _, account = forms.text(form, "post").partition(":")
    place = Place(forms.text(form, "advertiser"), account or forms.text(form, "account"), "code" if by_code else "pull")
    typed = {"name": forms.text(form, "name"), "post": forms.text(form, "post")}
    errors = _name_errors(typed["name"])
    if not post_id:
        errors["post"] = gettext("Choose the post that the ad should show.")
    if errors:
        return await show(request, database, links, visit, place, Refused(errors, typed))
    new = service.NewAd(place.advertiser, place.account, typed["name"], post_id=post_id, by_spark_code=by_code)
    try:
        ad = await database.write(service.create_pull, visit.actor, visit.center.bc_id, new)
    except (spark_codes.PostNotUsable, spark_codes.SparkCodeNotFound, spark_codes.SparkCodeOver) as problem:
        refused = Refused({"post": problem.text}, typed, problem.status)
        return await show(request, database, links, visit, place, refused)
    return to(visit.path(f"ads/{ad.ad_id}?done=ad-created"))


def _name_errors(name: str) -> dict[str, str]:
    if 0 < len(name) <= NAME_LIMIT:
        return {}
    why = gettext("Give the ad a name of up to {limit} characters; only you and your colleagues see it.")
    return {"name": why.format(limit=NAME_LIMIT)}


@router.post("/push", max_body_size=media.UPLOAD_LIMIT_BYTES)
async def post_push(request: Request, database: Db, links: Links, visit: CurrentVisit) -> Response:
    """Publish a picture or video under the account's identity and make an ad from it."""
    form = await forms.read_form(request, files=1)
    place = Place(forms.text(form, "advertiser"), forms.text(form, "account"), "push")
    typed = {"name": forms.text(form, "name"), "caption": forms.text(form, "caption").replace("\r\n", "\n")}
    typed["ads_only"] = forms.text(form, "ads_only")
    errors = _name_errors(typed["name"])
    if len(typed["caption"]) > CAPTION_LIMIT:
        too_long = gettext("The caption is longer than {limit} characters. Shorten it and try again.")
        errors["caption"] = too_long.format(limit=CAPTION_LIMIT)
    data = await forms.file(form, "file")
    if not data:
        errors["file"] = gettext("Choose a picture or a video.")
    if errors:
        return await show(request, database, links, visit, place, Refused(errors, typed))
    # Refuse visitors without a role before decoding anything.
    await database.read(members.require_role, visit.actor, visit.center.bc_id, place.advertiser, AdRole.OPERATOR)
    try:
        new = service.NewAd(
            place.advertiser,
            place.account,
            typed["name"],
            caption=typed["caption"],
            media=await decode(data),
            ads_only=typed["ads_only"] == "on",
        )
        ad = await database.write(service.create_push, visit.actor, visit.center.bc_id, new)
    except (media.UnreadableMedia, service.AdsOnlyLocked) as problem:
        field = "ads_only" if isinstance(problem, service.AdsOnlyLocked) else "file"
        refused = Refused({field: problem.text}, typed, problem.status)
        return await show(request, database, links, visit, place, refused)
    return to(visit.path(f"ads/{ad.ad_id}?done=ad-created"))


@router.post("/code")
async def post_code(
    request: Request,
    database: Db,
    links: Links,
    visit: CurrentVisit,
    attempts: AttemptCounter,
    address: Address,
    form: forms.CheckedForm,
) -> Response:
    """Let the ad account use the post behind a Spark code, and go back to the list of posts."""
    place = Place(forms.text(form, "advertiser"), "", "code")
    code = forms.text(form, "code")
    try:
        wanted = wire.UseSparkCode(auth_code=code)
        with counted(attempts, visit.actor.subject_id, address):
            await database.write(
                spark_codes.authorize, visit.actor, visit.center.bc_id, place.advertiser, wanted.auth_code
            )
    except ValidationError:
        text, status = gettext("This is not a complete Spark code. Copy all of it, from # to =."), 422
    except (spark_codes.SparkCodeNotFound, spark_codes.SparkCodeOver, spark_codes.PostNotUsable) as problem:
        text, status = problem.text, problem.status
    else:
        return to(visit.path(f"ads/new?advertiser={place.advertiser}&how=code&done=code-used"))
    return await show(request, database, links, visit, place, Refused({"code": text}, {"code": code}, status))
