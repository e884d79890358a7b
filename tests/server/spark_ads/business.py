"""The steps of an operator of Spark Ads, in the words of the tests."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from tests.server.world import Person, World

ON_PROFILE = ("existing_posts", "new_videos_on_profile")


@dataclass(slots=True)
class Business:
    """Alice's Business Center with one ad account, and mia's account."""

    world: World

    @property
    def ads(self) -> str:
        """Return the path of the Spark Ads."""
        return f"/business-centers/{self.world.bc_id}/spark-ads"

    @property
    def advertiser_id(self) -> str:
        """Return the ad account in use."""
        return self.world.cast.advertisers[0]

    @property
    def ad_link(self) -> str:
        """Return the path of the link between mia's account and the ad account."""
        return f"{self.world.accounts}/{self.world.mia.id}/ad-accounts/{self.advertiser_id}"

    async def link(self, *permissions: str) -> str:
        """Link mia's account and the ad account; return the path where mia finds the authorization."""
        authorization = await self.world.link(self.world.mia, *permissions)
        assert (await self.world.alice.put(self.ad_link)).status_code == 204
        return f"/me/linked-businesses/{authorization['authorization_id']}"

    async def give_role(self, person: Person, role: str) -> None:
        """Give somebody a role on the ad account."""
        path = f"/business-centers/{self.world.bc_id}/ad-accounts/{self.advertiser_id}/members/{person.id}"
        answer = await self.world.alice.call("PUT", path, {"role": role})
        assert answer.status_code == 204, answer.text

    async def post_id(self, *, private: bool = False) -> str:
        """Return a post of mia's profile."""
        posts = (await self.world.mia.get("/me/posts")).json()["items"]
        found: str = next(post["post_id"] for post in posts if post["private"] is private)
        return found

    async def pull(self, by: Person | None = None, post_id: str = "", **wanted: Any) -> httpx.Response:
        """Make an ad with an existing post."""
        body = self._body("pull", post_id=post_id or await self.post_id(), **wanted)
        return await (by or self.world.alice).post(self.ads, body)

    async def push(self, by: Person | None = None, **wanted: Any) -> httpx.Response:
        """Make an ad with new content."""
        return await (by or self.world.alice).post(self.ads, self._body("push", caption="Spring", **wanted))

    def _body(self, mode: str, **wanted: Any) -> dict[str, Any]:
        ours = {"advertiser_id": self.advertiser_id, "account_id": self.world.mia.id}
        return {"mode": mode, "name": "Spring bread", **ours, **wanted}

    async def ad(self, ad_id: str) -> dict[str, Any]:
        """Return the current state of an ad."""
        answer = await self.world.alice.get(f"{self.ads}/{ad_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def why(self, ad_id: str) -> str | None:
        """Return the reason why an ad does not run, or None if it runs."""
        ad = await self.ad(ad_id)
        assert (ad["status"] == "running") == (ad["paused"] is None)
        if ad["paused"] is None:
            return None
        assert ad["paused"]["text"]
        assert ad["paused"]["next_step"]
        reason: str = ad["paused"]["reason"]
        return reason

    async def change(self, ad_id: str, by: Person | None = None, **wanted: Any) -> httpx.Response:
        """Change an ad."""
        return await (by or self.world.alice).call("PATCH", f"{self.ads}/{ad_id}", wanted)


async def made(answer: httpx.Response) -> str:
    """Return the id of an ad that was just made."""
    assert answer.status_code == 201, answer.text
    ad_id: str = answer.json()["ad_id"]
    return ad_id


async def captions(person: Person, path: str) -> list[str]:
    """Return the captions that a profile shows."""
    return [post["caption"] for post in (await person.get(path)).json()["posts"]]


async def at_once(*calls: Any) -> list[httpx.Response]:
    """Send requests at the same time."""
    return list(await asyncio.gather(*calls))
