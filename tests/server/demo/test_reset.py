"""The reset restores the first state through the services and keeps logins, sessions and the log."""

from pathlib import Path
from typing import Any

from server.commands.local import run_job
from server.events import service as events
from tests.server.demo.conftest import Show, settings_for, showing
from tests.server.world import Person

LINKS = (
    "SELECT c.name, t.handle, a.granted FROM authorizations a JOIN business_centers c ON c.bc_id = a.bc_id "
    "JOIN tiktok_accounts t ON t.account_id = a.account_id WHERE a.ended_at IS NULL ORDER BY t.handle, c.name"
)
COUNTS = (
    "SELECT name, account_count FROM business_centers UNION ALL "
    "SELECT handle, business_center_count FROM tiktok_accounts ORDER BY 1"
)
LOGINS = "SELECT email, password_hash FROM users UNION ALL SELECT handle, password_hash FROM tiktok_accounts ORDER BY 1"
LOG = "SELECT event_id, chain, sequence, hash FROM events ORDER BY event_id"
OPEN = "SELECT link_request_id FROM link_requests WHERE state IN ('pending', 'scanned')"
AD_LINKS = "SELECT account_id FROM ad_account_links"


async def center_of(member: Person) -> str:
    """Return the path of a member's Business Center."""
    return f"/business-centers/{(await member.get('/business-centers')).json()['items'][0]['bc_id']}"


async def link(admin: Person, owner: Person, *permissions: str) -> None:
    """Go the whole way to a linked account."""
    center = await center_of(admin)
    code = (await admin.post(f"{center}/link-requests", {"permissions": permissions})).json()
    preview = (await owner.post("/link-requests/open", {"code": code["url"]})).json()
    body = {"code": code["url"], "consent_hash": preview["consent_hash"]}
    answer = await owner.post(f"/link-requests/{code['link_request_id']}/approve", body)
    assert answer.status_code == 200, answer.text


async def change_everything(show: Show) -> list[Person]:
    """Do what people do in a demo; return the people, signed in."""
    alice = await show.person(email="alice@northwind.example")
    charlie = await show.person(email="charlie@fabrikam.example")
    mia, nara = await show.person(handle="mia.bakes"), await show.person(handle="studio.nara")
    await link(alice, mia, "existing_posts", "new_videos_ads_only")
    await link(charlie, mia, "showcase")
    await link(charlie, nara, "existing_posts")  # other permissions than at first
    center = await center_of(alice)
    (first, *_) = (await alice.get(f"{center}/ad-accounts")).json()["items"]
    path = f"{center}/tiktok-accounts/{mia.id}/ad-accounts/{first['advertiser_id']}"
    assert (await alice.put(path)).status_code == 204
    for lifetime in ({}, {"for_handle": "leo.rides", "lifetime_seconds": 86_400}):
        body = {"permissions": ["existing_posts"], **lifetime}
        assert (await alice.post(f"{center}/link-requests", body)).status_code == 201
    scanned = (await charlie.post(f"{await center_of(charlie)}/link-requests", {"permissions": ["showcase"]})).json()
    assert (await mia.post("/link-requests/open", {"code": scanned["url"]})).status_code == 200
    return [alice, charlie, mia, nara]


async def state(show: Show) -> list[list[tuple[Any, ...]]]:
    """Return everything that a reset restores."""
    return [await show.sql(query) for query in (LINKS, COUNTS, OPEN, AD_LINKS)]


async def test_reset_restores_the_first_state(any_demo_url: str, tmp_path: Path) -> None:
    """Links, counters, codes and ad accounts are restored; logins, sessions and every old log row stay."""
    settings = settings_for(any_demo_url, tmp_path)
    async with showing(settings) as show:
        first, logins = await state(show), await show.sql(LOGINS)
        people = await change_everything(show)
        assert await state(show) != first
        log = await show.sql(LOG)
        answer = await show.reset()
        assert answer.status_code == 200, answer.text
        assert answer.json()["said"] == (
            "The demo is back in its initial state: 3 open codes cancelled, 3 links ended, the first link made again."
        )
        assert await state(show) == first
        assert await show.sql(LOGINS) == logins
        for person in people:
            assert (await person.get("/me")).status_code == 200
        after = await show.sql(LOG)
        assert after[: len(log)] == log
        named = await show.sql("SELECT type FROM events WHERE actor_name = 'Demo reset' ORDER BY type")
        assert named == [("authorization.revoked",)] * 3 + [("link_request.cancelled",)] * 3
        checked, findings = await show.app.state.database.read(events.verify)
        assert (checked, findings) == (len(after), [])


async def test_reset_of_an_untouched_demo_writes_nothing(show: Show) -> None:
    """An untouched demo has nothing to reset, however often somebody asks."""
    log = await show.sql(LOG)
    for _ in range(2):
        assert (await show.reset()).json()["said"] == "The demo was already in its initial state."
    assert await show.sql(LOG) == log


async def test_a_revoked_first_link_is_made_again(show: Show) -> None:
    """The link that the demo starts with comes back, and a second reset finds nothing to do."""
    first = await state(show)
    nara = await show.person(handle="studio.nara")
    (business,) = (await nara.get("/me/linked-businesses")).json()["items"]
    assert (await nara.delete(f"/me/linked-businesses/{business['authorization_id']}")).status_code == 204
    assert (await show.reset()).json()["said"] == "The demo is back in its initial state: the first link made again."
    assert await state(show) == first


async def test_reset_of_another_database_is_refused(demo_url: str, tmp_path: Path) -> None:
    """Demo mode with a database that `seed` did not fill changes nothing there."""
    settings = settings_for(demo_url, tmp_path)

    def rename(connection: Any) -> None:
        connection.exec_driver_sql("UPDATE users SET email = 'a' || email")

    run_job(settings, rename)
    async with showing(settings) as show:
        log = await show.sql(LOG)
        assert (await show.reset()).status_code == 404
        assert await show.sql(LOG) == log
