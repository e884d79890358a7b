"""The API as an outsider uses it: to prepare a scene and to check what a journey changed."""

import os
import ssl
from functools import cache
from typing import Any

import httpx

from shared import wire
from tests.support.server import ServerProcess

SPARK_ADS = ["existing_posts", "new_videos_ads_only"]


def trusted() -> ssl.SSLContext:
    """Return the trusted certificates, cached because httpx would read them again for each of hundreds of calls."""
    return _trusted(os.environ.get("SSL_CERT_FILE"))


@cache
def _trusted(file: str | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=file)


class Api:
    """Send the calls of one signed-in person; every answer must be a success."""

    def __init__(self, server: ServerProcess, **login: str) -> None:
        """Sign in with `handle` or `email`, and `password`."""
        self._base = f"{server.url}/api/v1"
        self._headers: dict[str, str] = {}
        token = self.call("POST", "/sessions", json=login)["token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Return the JSON of the answer, or None if it has no body."""
        answer = self._send(method, path, **options)
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = httpx.request(
            method, self._base + path, headers=self._headers, timeout=20, verify=trusted(), **options
        )
        assert answer.is_success, answer.text
        return answer


class AdminApi(Api):
    """Alice, the admin, without the console; with `who="outsider"`, Charlie of another Business Center."""

    def __init__(self, server: ServerProcess, who: str = "admin") -> None:
        """Sign in as the demo's admin, or as another member."""
        admin = server.demo_data[who]
        super().__init__(server, email=admin["email"], password=admin["password"])
        self.center = f"/business-centers/{admin['bc_id']}"

    def make_code(self, permissions: list[str] | None = None, **fields: Any) -> wire.LinkRequest:
        """Make a code."""
        body = {"permissions": permissions or SPARK_ADS, **fields}
        return wire.LinkRequest.model_validate(self.call("POST", f"{self.center}/link-requests", json=body))

    def state(self, request: wire.LinkRequest) -> str:
        """Return the current state of a link request."""
        return str(self.call("GET", f"{self.center}/link-requests/{request.link_request_id}")["state"])

    def act(self, request: wire.LinkRequest, action: str) -> wire.LinkRequest:
        """Cancel a code, or make a new one."""
        path = f"{self.center}/link-requests/{request.link_request_id}/{action}"
        return wire.LinkRequest.model_validate(self.call("POST", path))

    def picture(self, request: wire.LinkRequest, scale: int = 10) -> bytes:
        """Return the code as PNG."""
        path = f"{self.center}/link-requests/{request.link_request_id}/qr.png"
        return self._send("GET", path, params={"scale": scale}).content

    def linked(self, handle: str) -> wire.LinkedAccount | None:
        """Return the row of an account in the TikTok accounts tab, or None."""
        page = self.call("GET", f"{self.center}/tiktok-accounts", params={"search": handle})
        rows = [wire.LinkedAccount.model_validate(item) for item in page["items"]]
        return next((row for row in rows if row.account.handle == handle), None)

    def use_code(self, code: str) -> wire.SparkPost:
        """Let the first ad account use a post by its Spark code."""
        path = f"{self.center}/ad-accounts/{self.advertiser_id}/spark-codes"
        return wire.SparkPost.model_validate(self.call("POST", path, json={"auth_code": code}))

    def advertise(self, account_id: str, name: str, **fields: Any) -> wire.SparkAd:
        """Make a Spark Ad in the first ad account."""
        body = {"advertiser_id": self.advertiser_id, "account_id": account_id, "name": name, **fields}
        return wire.SparkAd.model_validate(self.call("POST", f"{self.center}/spark-ads", json=body))

    def connect(self, account_id: str) -> None:
        """Link the first ad account to a TikTok account."""
        self.call("PUT", f"{self.center}/tiktok-accounts/{account_id}/ad-accounts/{self.advertiser_id}")

    def delete_ads(self, handle: str) -> None:
        """Delete every ad that runs, or could run, under an account's identity."""
        for ad in self.call("GET", f"{self.center}/spark-ads")["items"]:
            if ad["account"]["handle"] == handle:
                self.call("DELETE", f"{self.center}/spark-ads/{ad['ad_id']}")

    @property
    def advertiser_id(self) -> str:
        """Return the id of the center's first ad account."""
        return str(self.call("GET", f"{self.center}/ad-accounts")["items"][0]["advertiser_id"])


class OwnerApi(Api):
    """An account owner without the app."""

    def __init__(self, server: ServerProcess, handle: str) -> None:
        """Sign in as one of the demo's owners."""
        self.handle = handle
        super().__init__(server, handle=handle, password=password_of(server, handle))

    def revoke_all(self) -> None:
        """Revoke everything, so that the next journey starts from nothing."""
        for item in self.call("GET", "/me/linked-businesses")["items"]:
            self.call("DELETE", f"/me/linked-businesses/{item['authorization_id']}")

    def approve(self, request: wire.LinkRequest) -> None:
        """Open a code and approve everything it asks for."""
        preview = self.call("POST", "/link-requests/open", json={"code": request.url})
        body = {"code": request.url, "consent_hash": preview["consent_hash"]}
        self.call("POST", f"/link-requests/{request.link_request_id}/approve", json=body)

    def tries(self, request: wire.LinkRequest) -> None:
        """Open a code that is meant for another account, and expect a refusal."""
        path = f"{self._base}/link-requests/open"
        answer = httpx.post(path, headers=self._headers, json={"code": request.url}, timeout=20, verify=trusted())
        assert answer.status_code == 403, answer.text

    def decline(self, request: wire.LinkRequest) -> None:
        """Decline a code."""
        self.call("POST", f"/link-requests/{request.link_request_id}/decline", json={"code": request.url})


def password_of(server: ServerProcess, handle: str) -> str:
    """Return the demo password of an owner."""
    return str(next(owner["password"] for owner in server.demo_data["owners"] if owner["handle"] == handle))
