"""Create a Spark Ad: ad account, then identity and way, then the post, the file or the code.

Each choice travels in the address, so that Back keeps it and nothing needs a script. What is offered is only what the
layers allow; the services check again when it happens.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from server.ad_accounts import members
from server.auth.dependencies import Db
from server.authorizations import service as authorizations
from server.console import choices
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Database
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
    """A linked account as an identity of ads of one ad account: what is possible, and how to get the rest."""

    item: wire.LinkedAccount
    linked: bool
    can_pull: bool
    can_push: bool
    ask_pull: str
    ask_push: str

    @property
    def locked(self) -> bool:
        """Whether what is pushed shows through ads only, whatever one chooses."""
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
    """Where in the wizard somebody is."""

    advertiser: str
    account: str
    how: str


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
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Show a step of one ad account; `errors` are by field, `typed` is what stood in the form.

    Raises:
        NotFound, AdAccountRoleRequired: the visitor may not run ads of this ad account.
    """
    actor, bc_id = visit.actor, visit.center.bc_id
    ad_account = await database.read(members.require_role, actor, bc_id, place.advertiser, AdRole.OPERATOR)
    values: dict[str, Any] = {"ad_account": ad_account, "place": place, "errors": errors or {}}
    values |= {"typed": _NOTHING_TYPED | (typed or {}), "name_limit": NAME_LIMIT, "caption_limit": CAPTION_LIMIT}
    if place.how == "code":
        used = await database.read(
            spark_codes.list_for_advertiser, actor, bc_id, place.advertiser, limit=_LIMIT, links=links
        )
        return render(request, "new_ad.html", status=status, step="code", used=used.items, **values)
    if place.account and place.how in {"pull", "push"}:
        item = await database.read(authorizations.get_linked_account, actor, bc_id, place.account)
        identity = _identity(item, place.advertiser)
        possible = identity.linked and (identity.can_pull if place.how == "pull" else identity.can_push)
        if possible:
            found = await _posts(database, links, visit, place) if place.how == "pull" else []
            return render(
                request, "new_ad.html", status=status, step=place.how, identity=identity, posts=found, **values
            )
    linked = await database.read(authorizations.list_for_business_center, actor, bc_id, limit=_LIMIT)
    identities = [_identity(item, place.advertiser) for item in linked.items]
    identities.sort(key=lambda one: not one.linked)
    return render(request, "new_ad.html", status=status, step="identity", identities=identities, **values)


async def _posts(database: Database, links: media.MediaLinks, visit: Visit, place: Place) -> list[wire.Post]:
    page = await database.read(posts.list_public, place.account, links, limit=_LIMIT)
    return page.items
