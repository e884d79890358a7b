"""A running server, its people, and the vendor's client that drives it."""

import json
from typing import Any

import httpx
import pytest
from business_api_client import ApiClient, Configuration
from business_api_client.api.authentication_api import AuthenticationApi
from business_api_client.api.bc_api import BCApi
from business_api_client.api.identity_api import IdentityApi
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError

from server.business_api.endpoints import PREFIX
from shared.permissions import Permission
from tests.support.server import ServerProcess

# Endpoints that need a single permission, with its title.
GATES = {
    "/identity/live/get/": "LIVE videos",
    "/identity/native_series/get/": "Series",
    "/showcase/region/get/": "Showcase",
    "/showcase/product/get/": "Showcase",
}


class Story:
    """A running server, its people in `/api/v1`, and the vendor's client."""

    def __init__(self, server: ServerProcess) -> None:
        self.url = server.url
        demo = server.demo_data
        self.api = demo["api"]
        self.bc_id, self.advertiser = self.api["bc_id"], self.api["advertiser_id"]
        configuration = Configuration()
        configuration.host = server.url
        self.client = ApiClient(configuration)
        self.bc, self.identities = BCApi(self.client), IdentityApi(self.client)
        self.oauth = AuthenticationApi(self.client)
        self.http = httpx.Client(base_url=server.url + "/api/v1", trust_env=False, timeout=30)
        self.alice = self._sign_in({key: demo["admin"][key] for key in ("email", "password")})
        self.bob = self._sign_in({key: demo["standard"][key] for key in ("email", "password")})
        self.bob_id = self.ask(self.bob, "GET", "/me")["actor"]["user_id"]
        self.mia = self._sign_in({key: demo["owners"][0][key] for key in ("handle", "password")})
        self.account = self.ask(self.mia, "GET", "/me")["actor"]["account"]["account_id"]
        self.done: set[tuple[str, str, bool]] = set()

    def _sign_in(self, login: dict[str, str]) -> str:
        return str(self.http.post("/sessions", json=login).json()["token"])

    def ask(self, token: str, method: str, path: str, body: Any = None) -> Any:
        """Call `/api/v1`."""
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.http.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def approve(self, url: str) -> str:
        """Scan and approve as mia; return the authorization's id."""
        preview = self.ask(self.mia, "POST", "/link-requests/open", {"code": url})
        body = {"code": url, "consent_hash": preview["consent_hash"]}
        path = f"/link-requests/{preview['link_request_id']}/approve"
        return str(self.ask(self.mia, "POST", path, body)["authorization_id"])

    def grant(self, permissions: tuple[Permission, ...]) -> str:
        """Ask for permissions as alice and approve them."""
        body = {"permissions": [permission.value for permission in permissions]}
        made = self.ask(self.alice, "POST", f"/business-centers/{self.bc_id}/link-requests", body)
        return self.approve(made["url"])

    def call(self, method: str, path: str, sent: dict[str, Any] | None = None, token: str | None = None) -> Any:
        """Call an endpoint through the SDK's `call_api`, and record whether it worked or was refused."""
        values = sent or {}
        headers = {"Access-Token": self.api["access_token"] if token is None else token}
        query = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in values.items()}
        try:
            answer = self.client.call_api(
                PREFIX + path,
                method,
                query_params=list(query.items()) if method == "GET" else [],
                body=values if method == "POST" else None,
                header_params=headers | {"Content-Type": "application/json"},
                response_type="InlineResponse200",
                _return_http_data_only=True,
            )
        except TiktokSDKError:
            self.done.add((method, path, False))
            raise
        self.done.add((method, path, True))
        return answer["data"]

    def refused(self, code: int, method: str, path: str, sent: dict[str, Any] | None = None, **more: Any) -> str:
        """Check that an endpoint refuses with this code; return its message."""
        with pytest.raises(TiktokSDKError) as error:
            self.call(method, path, sent, **more)
        assert str(code) in str(error.value), str(error.value)
        return str(error.value)

    def identity(self) -> dict[str, Any]:
        """Return the parameters that name mia's identity."""
        return {
            "advertiser_id": self.advertiser,
            "identity_type": "BC_AUTH_TT",
            "identity_authorized_bc_id": self.bc_id,
            "identity_id": self.account,
        }

    def asset(self) -> dict[str, str]:
        """Return the parameters that name mia's account."""
        return {"bc_id": self.bc_id, "asset_type": "TT_ACCOUNT", "asset_id": self.account}

    def link(self, *permissions: Permission) -> str:
        """Grant permissions and link the ad account; return the authorization's id."""
        authorization = self.grant(permissions)
        self.call("POST", "/bc/asset/advertiser/assign/", {**self.asset(), "advertiser_id": self.advertiser})
        return authorization

    def creative(self, **more: Any) -> dict[str, Any]:
        """Return a body for /ad/create/ with one creative, including the fields the SDK adds to each."""
        added = {"aigc_disclosure_type": "NOT_DECLARED", "creative_authorized": False, "operation_status": "ENABLE"}
        named = {key: value for key, value in self.identity().items() if key != "advertiser_id"}
        creative = {**named, **added, "ad_name": "Launch", "ad_format": "SINGLE_VIDEO", **more}
        return {"advertiser_id": self.advertiser, "adgroup_id": "17", "creatives": [creative]}
