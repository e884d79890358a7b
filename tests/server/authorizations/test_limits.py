"""The limits of 800 are exact and a code works once, however many approvals arrive at the same time."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from server.authorizations.tables import authorizations
from server.business_centers.tables import business_centers
from server.clock import utc_now
from server.database.columns import new_id
from server.events import service as events
from server.tiktok_accounts.tables import tiktok_accounts
from tests.server.authorizations.crowd import Crowd
from tests.server.conftest import RefilledPostgres
from tests.server.world import Template, World, problem_of, running

LIMIT, TRIES = 800, 850


def outcome(answers: list[httpx.Response]) -> Counter[object]:
    """Count the answers by status or problem."""
    return Counter(200 if answer.status_code == 200 else problem_of(answer) for answer in answers)


async def consistent(world: World) -> int:
    """Check that counters, rows, states and log agree; return the number of active authorizations."""
    active: int = await world.scalar("SELECT count(*) FROM authorizations WHERE ended_at IS NULL")
    wrong = (
        "SELECT count(*) FROM {table} t WHERE {counter} <> "
        "(SELECT count(*) FROM authorizations a WHERE a.{key} = t.{key} AND a.ended_at IS NULL)"
    )
    for table, counter, key in (
        ("business_centers", "account_count", "bc_id"),
        ("tiktok_accounts", "business_center_count", "account_id"),
    ):
        assert await world.scalar(wrong.format(table=table, counter=counter, key=key)) == 0, table
    assert await world.scalar("SELECT count(*) FROM link_requests WHERE state = 'approved'") == active
    assert await world.scalar("SELECT count(*) FROM events WHERE type = 'link_request.approved'") == active
    _, findings = await world.database.read(events.verify)
    assert findings == []
    gaps = "SELECT count(*) FROM (SELECT chain FROM events GROUP BY chain HAVING count(*) <> max(sequence)) broken"
    assert await world.scalar(gaps) == 0
    return active


async def test_a_business_center_takes_exactly_800_accounts(world: World) -> None:
    """850 accounts approve at once: 800 are linked, and 50 learn that the Business Center is full."""
    crowd = Crowd(world)
    pairs = list(zip(await crowd.owners(TRIES), await crowd.asks([world.bc_id] * TRIES), strict=True))
    answers = await crowd.approve_at_once(pairs)
    assert outcome(answers) == {200: LIMIT, (409, "business-center-limit-reached"): TRIES - LIMIT}
    assert "800" in next(answer.json()["detail"] for answer in answers if answer.status_code == 409)
    assert await consistent(world) == LIMIT
    assert (await world.alice.get(f"/business-centers/{world.bc_id}")).json()["account_count"] == LIMIT
    # The 801st account learns it before consent, too; unlinking one account makes room for one.
    late = await world.make_code()
    opened = await world.mia.post("/link-requests/open", {"code": late["url"]})
    assert problem_of(opened) == (409, "business-center-limit-reached")
    (linked,) = (await world.alice.get(world.accounts, params={"page_size": 1})).json()["items"]
    assert (await world.alice.delete(f"{world.accounts}/{linked['account']['account_id']}")).status_code == 204
    assert (await world.approve(world.mia, late)).status_code == 200
    assert await world.scalar("SELECT max(account_count) FROM business_centers") == LIMIT


async def test_an_account_is_linked_to_exactly_800_business_centers(world: World) -> None:
    """One account approves 850 Business Centers at once: 800 are linked, and 50 exceed the account's limit."""
    crowd = Crowd(world)
    ((owner,),) = await crowd.owners(1)
    asks = await crowd.asks(await crowd.centers(TRIES))
    answers = await crowd.approve_at_once([([owner], ask) for ask in asks])
    assert outcome(answers) == {200: LIMIT, (409, "account-limit-reached"): TRIES - LIMIT}
    assert await consistent(world) == LIMIT
    opened = await owner.post("/link-requests/open", {"code": (await world.make_code())["url"]})
    assert problem_of(opened) == (409, "account-limit-reached")


async def test_one_code_gives_one_grant(world: World) -> None:
    """50 accounts approve one code at once: one is linked, and 49 learn that the code was used."""
    crowd = Crowd(world)
    (ask,) = await crowd.asks([world.bc_id])
    answers = await crowd.approve_at_once([(owner, ask) for owner in await crowd.owners(50)])
    assert outcome(answers) == {200: 1, (409, "link-request-used"): 49}
    assert await consistent(world) == 1


async def test_repeats_at_once_all_get_the_first_result(world: World) -> None:
    """One owner sends the same approval 20 times at once: there is one grant, and every answer shows it."""
    crowd = Crowd(world)
    (ask,) = await crowd.asks([world.bc_id])
    (owner,) = await crowd.owners(1)
    answers = await crowd.approve_at_once([(owner, ask)] * 20)
    assert outcome(answers) == {200: 20}
    assert len({answer.json()["authorization_id"] for answer in answers}) == 1
    assert await consistent(world) == 1


@pytest.mark.parametrize("ended_by", ["owner", "business"])
async def test_a_repeat_after_the_end_is_refused(world: World, ended_by: str) -> None:
    """After the authorization has ended, repeating the approval grants nothing: the code was used."""
    code = await world.make_code()
    first = await world.approve(world.mia, code)
    assert first.status_code == 200
    shown = first.request.content
    path = f"/link-requests/{code['link_request_id']}/approve"
    again = await world.mia.post(path, json.loads(shown))
    assert (again.status_code, again.json()) == (200, first.json())
    if ended_by == "owner":
        ended = await world.mia.delete(f"/me/linked-businesses/{first.json()['authorization_id']}")
    else:
        ended = await world.alice.delete(f"{world.accounts}/{world.mia.id}")
    assert ended.status_code == 204
    assert problem_of(await world.mia.post(path, json.loads(shown))) == (409, "link-request-used")
    assert (await world.alice.get(world.accounts)).json()["items"] == []


@pytest.mark.parametrize("first", ["decline", "cancel"])
async def test_approval_races_with_its_opposite(world: World, first: str) -> None:
    """When an approval races with a decline or a cancellation, one wins and the other learns why."""
    crowd = Crowd(world)
    owners = await crowd.owners(20)
    asks = await crowd.asks([world.bc_id] * 20)
    pairs = list(zip(owners, asks, strict=True))
    hashes = await crowd.previews(pairs)
    calls = []
    for ((owner,), ask), shown in zip(pairs, hashes, strict=True):
        request = f"/link-requests/{ask.link_request_id}"
        approve = owner.post(request + "/approve", {"code": ask.code, "consent_hash": shown})
        if first == "decline":
            opposite = world.leo.post(request + "/decline", {"code": ask.code})
        else:
            opposite = world.alice.post(f"{world.codes}/{ask.link_request_id}/cancel")
        calls += [approve, opposite]
    answers = await asyncio.gather(*calls)
    ended = {"decline": "link-request-declined", "cancel": "link-request-cancelled"}[first]
    for approval, opposite in zip(answers[::2], answers[1::2], strict=True):
        if approval.status_code == 200:
            assert problem_of(opposite) == (409, "link-request-used")
        else:
            assert problem_of(approval) == (409, ended)
            assert opposite.is_success
    await consistent(world)


async def test_gmv_max_has_one_holder(world: World) -> None:
    """When two Business Centers get one account's exclusive GMV Max at once, one holds it and the other is refused."""
    for owner in (world.mia, world.leo, world.nara):
        codes = [await world.make_code("live_gmv_max", by=admin) for admin in (world.alice, world.charlie)]
        bodies = [
            {"code": code["url"], "consent_hash": (await world.open(owner, code))["consent_hash"]} for code in codes
        ]
        answers = await asyncio.gather(
            *(
                owner.post(f"/link-requests/{code['link_request_id']}/approve", body)
                for code, body in zip(codes, bodies, strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        loser = next(answer for answer in answers if answer.status_code == 409)
        # After the winner's commit, the loser's consent no longer matches what was shown.
        assert problem_of(loser)[1] in {"permission-occupied", "consent-changed"}
        holders = "SELECT count(*) FROM authorizations WHERE account_id = :id AND holds_gmv_max = 1"
        assert await world.scalar(holders, id=owner.id) == 1
    assert await consistent(world) == 3


@pytest.fixture
async def two_servers(
    refilled_postgres: RefilledPostgres, prepare_database: Template, tmp_path: Path
) -> AsyncIterator[tuple[World, World]]:
    """Run two servers over one PostgreSQL database."""
    refilled_postgres.refill()
    url, cast = refilled_postgres.url, prepare_database.cast(refilled_postgres.url)
    async with running(url, tmp_path / "1", cast) as first, running(url, tmp_path / "2", cast) as second:
        yield first, second


async def test_limits_hold_across_servers(two_servers: tuple[World, World]) -> None:
    """Through two servers, a Business Center with 790 accounts accepts exactly ten of 100 more."""
    crowd = Crowd(*two_servers)
    world = two_servers[0]
    filled = list(zip(await crowd.owners(LIMIT + 90), await crowd.asks([world.bc_id] * (LIMIT + 90)), strict=True))
    await _fill(world, [pair[0][0].id for pair in filled[: LIMIT - 10]])
    answers = await crowd.approve_at_once(filled[LIMIT - 10 :])
    assert outcome(answers) == {200: 10, (409, "business-center-limit-reached"): 90}
    assert await world.scalar("SELECT account_count FROM business_centers WHERE bc_id = :id", id=world.bc_id) == LIMIT
    assert await world.scalar("SELECT count(*) FROM authorizations WHERE ended_at IS NULL") == LIMIT
    _, findings = await world.database.read(events.verify)
    assert findings == []


async def test_one_code_gives_one_grant_across_servers(two_servers: tuple[World, World]) -> None:
    """50 accounts approve one code at once through two servers: there is one grant."""
    crowd = Crowd(*two_servers)
    (ask,) = await crowd.asks([two_servers[0].bc_id])
    answers = await crowd.approve_at_once([(owner, ask) for owner in await crowd.owners(50)])
    assert outcome(answers) == {200: 1, (409, "link-request-used"): 49}
    assert await consistent(two_servers[0]) == 1


async def _fill(world: World, account_ids: list[str]) -> None:
    """Insert rows that link accounts, and set the counters."""

    def insert(connection: sa.Connection) -> None:
        same = {"bc_id": world.bc_id, "link_request_id": "0", "level": "deliver_ads", "granted": [], "requested": []}
        same |= {"requested_by": "", "holds_gmv_max": False, "granted_at": utc_now(), "updated_at": utc_now()}
        rows = [{"authorization_id": new_id(), "account_id": id, **same} for id in account_ids]
        connection.execute(sa.insert(authorizations), rows)
        full = sa.update(business_centers).where(business_centers.c.bc_id == world.bc_id)
        connection.execute(full.values(account_count=len(rows)))
        linked = sa.update(tiktok_accounts).where(tiktok_accounts.c.account_id.in_(account_ids))
        connection.execute(linked.values(business_center_count=1))

    await world.database.write(insert)
