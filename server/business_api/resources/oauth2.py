"""/oauth2/*: how a developer app gets and revokes a token, and which ad accounts the token reaches."""

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from server.ad_accounts import members as ad_account_roles
from server.business_api import apps
from server.business_api.endpoints import Call, Endpoint
from server.business_api.envelope import Code, Refused
from server.business_api.parameters import Id, Params

_SCOPE = [1, 2, 3, 4]  # the vendor numbers what an app may do; here an app may do what its member may
Secret = Annotated[str, Field(min_length=1, max_length=200)]


class App(Params):
    """An app and its secret."""

    app_id: Id
    secret: Secret


class Exchange(App):
    """/oauth2/access_token/."""

    auth_code: Secret


class Revoke(App):
    """/oauth2/revoke_token/: the token in the body, or in the header."""

    access_token: Secret | None = None


def access_token(connection: sa.Connection, call: Call, wanted: Exchange) -> dict[str, Any]:
    """Exchange an auth code for a token."""
    actor, bc_id, token = apps.exchange(connection, wanted.app_id, wanted.secret, wanted.auth_code)
    reachable = ad_account_roles.list_for_actor(connection, actor, bc_id)
    return {
        "access_token": token,
        "advertiser_ids": [ad_account.advertiser_id for ad_account, _ in reachable],
        "scope": _SCOPE,
    }


def advertisers(connection: sa.Connection, call: Call, wanted: App) -> dict[str, Any]:
    """Return the ad accounts that the token's member has a role on."""
    if apps.require_app(connection, wanted.app_id, wanted.secret).bc_id != call.bc_id:
        raise Refused(Code.PARAMETER, "app_id: the app and the access token are of different Business Centers.")
    reachable = ad_account_roles.list_for_actor(connection, call.actor, call.bc_id)
    return {"list": [{"advertiser_id": item.advertiser_id, "advertiser_name": item.name} for item, _ in reachable]}


def revoke_token(connection: sa.Connection, call: Call, wanted: Revoke) -> dict[str, Any]:
    """Revoke a token that was issued to the app."""
    token = wanted.access_token or call.token
    if not token:
        raise Refused(Code.PARAMETER, "access_token: is required.")
    apps.revoke_token(connection, wanted.app_id, wanted.secret, token)
    return {}


ENDPOINTS = (
    Endpoint("POST", "/oauth2/access_token/", Exchange, access_token, writes=True, needs_token=False),
    Endpoint("GET", "/oauth2/advertiser/get/", App, advertisers),
    Endpoint("POST", "/oauth2/revoke_token/", Revoke, revoke_token, writes=True, needs_token=False),
)
