"""The wizard for a Spark Ad: the ad account, then the identity and the method, then the post, file or code.

All choices are part of the address, so that Back keeps them and no step needs a script. The wizard offers only what
the layers allow; the services check again when the ad is created.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from server.ad_accounts import members
from server.auth.dependencies import Db
from server.authorizations import service as authorizations
from server.console import choices
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Connection, Database
from server.spark_codes import service as spark_codes
from server.tiktok_accounts import media, posts
from server.tiktok_accounts.routes import Links
from shared import wire
from shared.permissions import NEW_VIDEOS, Permission
from shared.wire import AdRole

router = APIRouter(prefix="/bc/{bc_id}/ads/new", include_in_schema=False)
NAME_LIMIT: Final = 100
CAPTION_LIMIT: Final = 2200
_LIMIT = 100
_NOTHING_TYPED: Final = {"name": "", "post": "", "caption": "", "code": "", "ads_only": "on"}
_PULL_NEEDS: Final = [Permission.EXISTING_POSTS]
_PUSH_NEEDS: Final = [Permission.NEW_VIDEOS_ADS_ONLY]


@dataclass(frozen=True, slots=True)
class Identity:
    """A linked account as an identity for one ad account's ads: what it allows, and how to ask for the rest."""

    item: wire.LinkedAccount
    linked: bool
    can_pull: bool
    can_push: bool
    ask_pull: str
    ask_push: str

    @property
    def locked(self) -> bool:
        """Whether pushed posts can only show through ads, so that there is no choice."""
        return Permission.NEW_VIDEOS_ON_PROFILE not in self.item.permissions.granted


def _identity(item: wire.LinkedAccount, advertiser_id: str) -> Identity:
    granted = set(item.permissions.granted)
    return Identity(
        item=item,
        linked=any(one.advertiser_id == advertiser_id for one in item.ad_accounts),
        can_pull=Permission.EXISTING_POSTS in granted,
        can_push=bool(granted & NEW_VIDEOS),
        ask_pull=choices.ask_again(item, _PULL_NEEDS).query("permissions"),
        ask_push=choices.ask_again(item, _PUSH_NEEDS).query("permissions"),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """The choices made so far: ad account, TikTok account and method."""

    advertiser: str
    account: str
    how: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The errors in a step's form, by field, and the entered values."""

    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    status: int = 422


async def _place(
    advertiser: Annotated[str, Query(max_length=20)] = "",
    account: Annotated[str, Query(max_length=20)] = "",
    how: Annotated[str, Query(max_length=10)] = "",
) -> Place:
    return Place(advertiser, account, how)


CurrentPlace = Annotated[Place, Depends(_place)]


@router.get("")
async def get_new_ad(
    request: Request, database: Db, links: Links, visit: CurrentVisit, place: CurrentPlace
) -> Response:
    """Show the step that the choices so far lead to."""
    if place.advertiser:
        return await show(request, database, links, visit, place)
    found = await database.read(members.list_for_actor, visit.actor, visit.center.bc_id)
    usable = [(ad_account, role) for ad_account, role in found if role is not AdRole.ANALYST]
    return render(request, "new_ad.html", step="ad-account", usable=usable, found=found, place=place)


async def show(
    request: Request,
    database: Database,
    links: media.MediaLinks,
    visit: Visit,
    place: Place,
    refused: Refused | None = None,
) -> Response:
    """Show the step for one ad account, with the errors in its form.

    Raises:
        NotFound, AdAccountRoleRequired: the visitor may not run ads of this ad account.
    """
    refused = refused or Refused(status=200)
    return render(
        request,
        "new_ad.html",
        status=refused.status,
        place=place,
        errors=refused.errors,
        typed=_NOTHING_TYPED | refused.typed,
        name_limit=NAME_LIMIT,
        caption_limit=CAPTION_LIMIT,
        **await database.read(_step, links, visit, place),
    )


def _step(connection: Connection, links: media.MediaLinks, visit: Visit, place: Place) -> dict[str, Any]:
    of = (connection, visit.actor, visit.center.bc_id)
    shown: dict[str, Any] = {"ad_account": members.require_role(*of, place.advertiser, AdRole.OPERATOR)}
    if place.how == "code":
        used = spark_codes.list_for_advertiser(*of, place.advertiser, limit=_LIMIT, links=links)
        return shown | {"step": "code", "used": used.items}
    if place.account and place.how in {"pull", "push"}:
        identity = _identity(authorizations.get_linked_account(*of, place.account), place.advertiser)
        if identity.linked and (identity.can_pull if place.how == "pull" else identity.can_push):
            page = posts.list_public(connection, place.account, links, limit=_LIMIT) if place.how == "pull" else None
            return shown | {"step": place.how, "identity": identity, "posts": page.items if page else []}
    linked = authorizations.list_for_business_center(*of, limit=_LIMIT).items
    identities = [_identity(item, place.advertiser) for item in linked]
    return shown | {"step": "identity", "identities": sorted(identities, key=lambda one: not one.linked)}
