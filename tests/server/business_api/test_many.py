"""Long lists: the database does the paging, and one more identity costs no more queries."""

from typing import Any

import sqlalchemy as sa

from server.actor import Actor
from server.business_api.endpoints import Call, Services
from server.business_api.resources import content
from server.spark_codes.guesses import Guess
from tests.server.business_api.test_databases import call_api
from tests.server.tiktok_accounts.test_posts import picture
from tests.server.world import World


async def _by_code(world: World) -> tuple[str, str]:
    """Give an ad account Spark codes of leo and mia, and link it to nara; return the ad account and a token."""
    advertiser = world.cast.advertisers[0]
    for owner, count in ((world.leo, 1), (world.mia, 2)):
        for number in range(count):
            file = {"file": ("file", picture())}
            made = await owner.call("POST", "/me/posts", files=file, data={"caption": f"{owner.name} {number}"})
            code = (await owner.post(f"/me/posts/{made.json()['post_id']}/spark-code", {"days": 7})).json()["code"]
            path = f"/business-centers/{world.bc_id}/ad-accounts/{advertiser}/spark-codes"
            assert (await world.alice.post(path, {"auth_code": code})).status_code == 200
    await world.link(world.nara)
    await world.alice.put(f"{world.accounts}/{world.nara.id}/ad-accounts/{advertiser}")
    made = await world.alice.post(f"/business-centers/{world.bc_id}/access-tokens", {"name": "Test"})
    return advertiser, made.json()["token"]


async def test_pages_of_identities_and_posts(world: World) -> None:
    """The pages list each identity and each post once, in one order: linked accounts, then the newest codes."""
    advertiser, token = await _by_code(world)
    seen, posts = [], []
    for page in (1, 2, 3, 4):
        wanted = {"advertiser_id": advertiser, "page": str(page), "page_size": "1"}
        answer = await call_api(world, token, "GET", "/identity/get/", wanted)
        assert answer["page_info"] == {"page": page, "page_size": 1, "total_number": 3, "total_page": 3}
        seen += [(row["identity_type"], row["username"]) for row in answer["identity_list"]]
        answer = await call_api(world, token, "GET", "/tt_video/list/", wanted)
        assert (answer["page_info"]["total_number"], answer["page_info"]["total_page"]) == (3, 3)
        posts += [row["item_info"]["text"] for row in answer["list"]]
    assert seen == [("BC_AUTH_TT", "studio.nara"), ("AUTH_CODE", "mia.bakes"), ("AUTH_CODE", "leo.rides")]
    assert posts == ["mia 1", "mia 0", "leo 0"]
    await world.sql("UPDATE spark_codes SET revoked_at = 1 WHERE account_id = :id", id=world.leo.id)
    await world.sql("UPDATE spark_codes SET expires_at = 1 WHERE account_id = :id", id=world.mia.id)
    wanted = {"advertiser_id": advertiser, "identity_type": "AUTH_CODE"}
    over = await call_api(world, token, "GET", "/identity/get/", wanted)
    assert (over["identity_list"], over["page_info"]["total_number"]) == ([], 0), "an ended code gives no identity"


async def test_one_more_identity_costs_no_more_queries(world: World) -> None:
    """One query checks GMV Max for all identities, and each gets its own answer."""
    advertiser = world.cast.advertisers[0]
    await world.link(world.leo, "live_gmv_max", by=world.charlie)
    counts, answers = [], []
    for owner, permissions in ((world.mia, ["live_gmv_max"]), (world.leo, ["series"]), (world.nara, ["series"])):
        await world.link(owner, *permissions)
        await world.alice.put(f"{world.accounts}/{owner.id}/ad-accounts/{advertiser}")
        count, answer = await _count_statements(world, advertiser)
        counts.append(count)
        answers.append(answer)
    assert counts[1] == counts[2]
    states = {row["username"]: row["unavailable_reason"] for row in answers[-1]["identity_list"]}
    assert states == {"mia.bakes": None, "leo.rides": "OCCUPIED", "studio.nara": "UNAUTHORIZED"}


async def _count_statements(world: World, advertiser: str) -> tuple[int, Any]:
    """Return how many statements /gmv_max/identity/get/ ran, and its answer."""
    state = world.app.state
    guess = Guess(state.attempts, "127.0.0.1")
    services = Services(state.link_codes, state.media_links, guess, state.settings.origin)
    call = Call(Actor("member", world.alice.id, "Alice Moreno"), world.bc_id, "", services)
    wanted = content.GmvMax(advertiser_id=advertiser, store_id="1", store_authorized_bc_id=world.bc_id)
    ran: list[str] = []

    def job(connection: sa.Connection) -> Any:
        @sa.event.listens_for(connection, "before_cursor_execute")
        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            ran.append(statement)

        try:
            return content.gmv_max(connection, call, wanted)
        finally:
            sa.event.remove(connection, "before_cursor_execute", note)

    answer = await world.database.read(job)
    return len(ran), answer
