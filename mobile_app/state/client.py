"""The API as Python calls: wire models in, wire models out, failures as two exceptions."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Protocol, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from shared.languages import current
from shared.permissions import Permission
from shared.problems import ProblemType
from shared.wire import (
    AdOfAccount,
    Authorization,
    InboxItem,
    Me,
    OwnPost,
    Page,
    Post,
    Preview,
    Problem,
    Profile,
    Session,
    SparkCode,
    StillOpen,
)

TIMEOUT_SECONDS: Final = 10.0
UPLOAD_SECONDS: Final = 180.0
INBOX_SIZE: Final = 100
M = TypeVar("M", bound=BaseModel)


class DemoAccount(BaseModel):
    """A made-up account of a demo server, with its public password."""

    handle: str
    password: str


class DemoAccounts(BaseModel):
    """What a demo server offers for trying the app."""

    accounts: list[DemoAccount]


class Shown(Protocol):
    """What a person saw before deciding."""

    @property
    def link_request_id(self) -> str:
        """The id of the request."""

    @property
    def consent_hash(self) -> str:
        """The server's hash of what it showed."""


class ApiProblem(Exception):
    """The server refused; `type` is None for a problem type that this app does not know yet."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.type}")
        self.problem = problem
        try:
            self.type: ProblemType | None = ProblemType(problem.type)
        except ValueError:
            self.type = None


class ServerUnreachable(Exception):
    """No answer, or one that is not from our server; the request may or may not have been carried out."""


def _problem(response: httpx.Response) -> Problem:
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError as error:
        raise ServerUnreachable(f"status {response.status_code} without problem details") from error
    seconds = response.headers.get("retry-after", "")
    if problem.retry_after_seconds is None and seconds.isdigit():
        problem = problem.model_copy(update={"retry_after_seconds": int(seconds)})
    return problem


class Client:
    """One person's connection to the server at `base_url`; keeps their token in memory only."""

    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self.token: str | None = None
        self._http = httpx.AsyncClient(
            base_url=f"{self.base_url}/api/v1", transport=transport, timeout=TIMEOUT_SECONDS, follow_redirects=False
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        token: str | None = None,
        **upload: Any,
    ) -> httpx.Response:
        headers = {"Accept-Language": current().code}
        if token := token or self.token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            response = await self._http.request(method, path, json=body, headers=headers, **upload)
        except httpx.HTTPError as error:
            raise ServerUnreachable(type(error).__name__) from error
        if response.is_success:
            return response
        raise ApiProblem(_problem(response))

    async def _ask(self, model: type[M], method: str, path: str, body: Mapping[str, Any] | None = None) -> M:
        response = await self._send(method, path, body)
        try:
            return model.model_validate_json(response.content)
        except ValidationError as error:
            raise ServerUnreachable(f"the answer is not a valid {model.__name__}") from error

    async def _all(self, model: type[Page[M]], path: str, **params: str) -> list[M]:
        """Return the items of every page of a list."""
        found: list[M] = []
        while True:
            page = await self._ask(model, "GET", str(httpx.URL(path, params=params)))
            found += page.items
            if page.next_cursor is None:
                return found
            params["cursor"] = page.next_cursor

    async def sign_in(self, handle: str, password: str) -> Session:
        """Log in as the owner of an account and keep the token; end the previous session on the server."""
        session = await self._ask(Session, "POST", "/sessions", {"handle": handle, "password": password})
        before, self.token = self.token, session.token
        if before:
            with suppress(ApiProblem, ServerUnreachable):  # it is over already, or will expire
                await self._send("DELETE", "/sessions/current", token=before)
        return session

    async def sign_out(self) -> None:
        """Forget the token, whether or not the server answers, and end the session on the server."""
        token, self.token = self.token, None  # first, because somebody else may log in while we wait
        if token:
            await self._send("DELETE", "/sessions/current", token=token)

    async def me(self) -> Me:
        """Return who is logged in."""
        return await self._ask(Me, "GET", "/me")

    async def my_profile(self) -> Profile:
        """Return the profile of the logged-in account, private posts included."""
        return await self._ask(Profile, "GET", "/me/profile")

    async def profile(self, handle: str) -> Profile:
        """Return another account's profile card."""
        return await self._ask(Profile, "GET", f"/profiles/{handle}")

    async def demo_accounts(self) -> list[DemoAccount]:
        """Return the made-up accounts of a demo server, or none from any other."""
        try:
            return (await self._ask(DemoAccounts, "GET", "/demo")).accounts
        except (ApiProblem, ServerUnreachable):
            return []

    async def open_link_request(self, code: str) -> Preview:
        """Return what a scanned or typed code asks for."""
        return await self._ask(Preview, "POST", "/link-requests/open", {"code": code})

    async def check(self, preview: Preview, code: str) -> StillOpen:
        """Check that the request can still be decided on; raise `ApiProblem` if it is over."""
        return await self._ask(StillOpen, "POST", f"/link-requests/{preview.link_request_id}/check", {"code": code})

    async def approve(self, shown: Shown, code: str, permissions: list[Permission]) -> Authorization:
        """Approve what was shown.

        If the answer is lost, ask once more: the server answers a repeat by the same owner with the first result.
        """
        path = f"/link-requests/{shown.link_request_id}/approve"
        body = {"code": code, "consent_hash": shown.consent_hash, "permissions": [p.value for p in permissions]}
        try:
            return await self._ask(Authorization, "POST", path, body)
        except ServerUnreachable:
            return await self._ask(Authorization, "POST", path, body)

    async def decline(self, preview: Preview, code: str) -> None:
        """Decline what was shown."""
        await self._send("POST", f"/link-requests/{preview.link_request_id}/decline", {"code": code})

    async def linked_businesses(self) -> list[Authorization]:
        """Return every Business Center this account is linked to, all pages."""
        return await self._all(Page[Authorization], "/me/linked-businesses")

    async def ads_of_linked_business(self, authorization_id: str) -> list[AdOfAccount]:
        """Return the ads that use this account through one business, running and paused, all pages."""
        return await self._all(Page[AdOfAccount], f"/me/linked-businesses/{authorization_id}/ads", page_size="100")

    async def narrow(self, authorization_id: str, permissions: list[Permission]) -> Authorization:
        """Keep only these permissions; repeating it is harmless."""
        body = {"permissions": [permission.value for permission in permissions]}
        return await self._ask(Authorization, "PATCH", f"/me/linked-businesses/{authorization_id}", body)

    async def inbox(self) -> list[InboxItem]:
        """Return the latest hundred events of this account, newest first."""
        return (await self._ask(Page[InboxItem], "GET", f"/me/inbox?page_size={INBOX_SIZE}")).items

    async def revoke(self, authorization_id: str) -> None:
        """End an authorization; ending it twice is fine."""
        await self._send("DELETE", f"/me/linked-businesses/{authorization_id}")

    async def create_post(self, name: str, content: bytes, caption: str, *, private: bool) -> Post:
        """Publish a picture or video on the account's profile.

        Never repeat it automatically: if the answer was lost, the post may exist already.
        """
        answer = await self._send(
            "POST",
            "/me/posts",
            files={"file": (name, content)},
            data={"caption": caption, "private": str(private).lower()},
            timeout=UPLOAD_SECONDS,
        )
        try:
            return Post.model_validate_json(answer.content)
        except ValidationError as error:
            raise ServerUnreachable("the answer is not a valid Post") from error

    async def ads_only_posts(self) -> list[Post]:
        """Return the posts that businesses pushed in this account's name for ads only, all pages."""
        return await self._all(Page[Post], "/me/posts", filter="ads_only")

    async def own_post(self, post_id: str) -> OwnPost:
        """Return one of the account's posts with the ads that use it and its Spark code."""
        return await self._ask(OwnPost, "GET", f"/me/posts/{post_id}")

    async def change_post(self, post_id: str, caption: str, *, private: bool) -> Post:
        """Change caption and privacy; repeating it is harmless."""
        return await self._ask(Post, "PATCH", f"/me/posts/{post_id}", {"caption": caption, "private": private})

    async def delete_post(self, post_id: str) -> None:
        """Delete a post for good."""
        await self._send("DELETE", f"/me/posts/{post_id}")

    async def make_spark_code(self, post_id: str, days: int) -> SparkCode:
        """Make a Spark code for 7, 30, 60 or 365 days; the previous one ends immediately."""
        return await self._ask(SparkCode, "POST", f"/me/posts/{post_id}/spark-code", {"days": days})

    async def revoke_spark_code(self, post_id: str) -> None:
        """End the Spark code of a post; ending it twice is fine."""
        await self._send("DELETE", f"/me/posts/{post_id}/spark-code")
