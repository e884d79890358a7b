"""Every page opens, is sound HTML, is not cached, and contains no inline script or style."""

from typing import Any

import pytest

from shared.wire import LinkRequestState as State
from tests.server.console.desk import Desk, read_page
from tests.server.world import World

PLACES = [
    "overview",
    "tiktok-accounts",
    "ads",
    "ad-accounts",
    "members",
    "activity",
    "settings",
    "access-tokens",
    "api-apps",
    "api-calls",
]
STEPS = ["", "?step=level", "?step=permissions", "?step=permissions&permission=existing_posts&new_videos=on"]
PUBLIC = ["/login", "/docs", "/problems", "/l", "/@mia.bakes"]


@pytest.mark.parametrize("place", PLACES)
async def test_places(alice: Desk, world: World, place: str) -> None:
    """Every page of the menu opens, empty and filled, and the menu marks the current page."""
    await alice.see(alice.path(place))
    await world.link(world.mia)
    await world.make_code()
    page = await alice.see(alice.path(place))
    current = page.find_all("a", aria_current="page")
    assert {link.attributes["href"] for link in current} == {alice.path(place)}
    assert "Northwind Coffee" in page.text
    assert world.bc_id in page.text


async def test_a_page_reads_each_part_once(alice: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page reads session, Business Center and content once each, so that what it shows belongs together."""
    code = await world.make_code()
    account = (await world.approve(world.mia, code)).json()["account"]["account_id"]
    ad_account = await world.scalar("SELECT min(advertiser_id) FROM ad_accounts WHERE bc_id = :bc", bc=world.bc_id)
    read, jobs = world.database.read, []

    async def counted(job: Any, *args: Any, **options: Any) -> Any:
        jobs.append(job)
        return await read(job, *args, **options)

    monkeypatch.setattr(world.database, "read", counted)
    account_pages = [f"tiktok-accounts/{account}{tab}" for tab in ("", "/members", "/link-accounts", "/activity")]
    more = [f"link-requests/{code['link_request_id']}", f"ad-accounts/{ad_account}"]
    more += [f"ads/new?advertiser={ad_account}{rest}" for rest in ("", f"&account={account}&how=pull", "&how=code")]
    for place in [*PLACES, *account_pages, *more]:
        jobs.clear()
        await alice.see(alice.path(place))
        assert len(jobs) == (2 if place == "settings" else 3), place


@pytest.mark.parametrize("step", STEPS)
async def test_wizard_steps(alice: Desk, step: str) -> None:
    """Every step of the wizard opens and names itself as the current one."""
    page = await alice.see(alice.path(f"tiktok-accounts/add{step}"))
    assert len(page.find_all("li", aria_current="step")) == 1


@pytest.mark.parametrize("state", list(State))
async def test_code_in_every_state(alice: Desk, world: World, state: State) -> None:
    """The page of a code opens in every state, names it, and says what to do next."""
    code = await world.make_code()
    body = {"code": code["url"]}
    if state in {State.SCANNED, State.DECLINED}:
        await world.open(world.mia, code)
    if state is State.APPROVED:
        await world.approve(world.mia, code)
    if state is State.DECLINED:
        await world.mia.post(f"/link-requests/{code['link_request_id']}/decline", body)
    if state is State.CANCELLED:
        await world.alice.post(f"{world.codes}/{code['link_request_id']}/cancel")
    if state is State.EXPIRED:
        await world.sql("UPDATE link_requests SET expires_at = 0")
    page = await alice.see(alice.path(f"link-requests/{code['link_request_id']}"))
    assert page.hook("state-line").attributes["data-state"] == state
    assert page.has("qr-image") == page.has("typed-code") == (state in {State.PENDING, State.SCANNED})
    assert page.has("make-another") == (state in {State.DECLINED, State.EXPIRED, State.CANCELLED})
    assert page.has("connect-ad-account") == (state is State.APPROVED)


@pytest.mark.parametrize("address", PUBLIC)
async def test_public_pages(world: World, address: str) -> None:
    """The sign-in page, the documents and the landing pages need no session."""
    await Desk(world).see(address)


async def test_pages_are_not_stored(alice: Desk) -> None:
    """No page behind the sign-in may be cached, and each carries the strict policy without inline script or style."""
    for place in PLACES:
        headers = (await alice.get(alice.path(place))).headers
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "no-referrer"


async def test_static_files_can_be_kept_for_good(alice: Desk) -> None:
    """Every script, style and picture that a page names exists, has a type, and is cached until it changes."""
    page = await alice.see(alice.path("tiktok-accounts"))
    named = {element.attributes.get("src") or element.attributes.get("href") for element in page.find_all()}
    files = sorted(address for address in named if address and address.startswith("/static/"))
    assert len(files) > 5
    for address in files:
        answer = await alice.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].split(";")[0] in {"text/css", "text/javascript", "image/svg+xml"}
    older = await alice.get("/static/000000000000/" + files[0].split("/", 3)[3])
    assert (older.status_code, older.headers["cache-control"]) == (200, "no-cache")
    for missing in ("/static/x/none.css", "/static/x/%2e%2e%2fapp.py", "/static/x/../../app.py"):
        assert (await alice.get(missing)).status_code == 404


async def test_unknown_addresses(alice: Desk, world: World) -> None:
    """An unknown address says so and shows a way back, signed in or not."""
    for desk in (alice, Desk(world)):
        page = await desk.see("/nowhere", 404)
        assert page.find_all("a", href="/")
    page = read_page(await alice.post("/docs", {}))
    assert "Method not allowed" in page.text


async def test_lists_are_paged_by_cursor(alice: Desk, world: World) -> None:
    """The activity log continues on a second page, which links back to the first."""
    for _ in range(31):
        await world.make_code()
    first = await alice.see(alice.path("activity"))
    second = await alice.see(str(first.hook("next-page").attributes["href"]))
    seen = [
        {row.attributes["data-key"] for row in page.find_all(data_testid="activity-row")} for page in (first, second)
    ]
    assert len(seen[0]) == 30
    assert seen[1]
    assert not seen[0] & seen[1]
    assert second.find_all("a", href=alice.path("activity"))


async def test_several_business_centers_can_be_switched(alice: Desk, world: World) -> None:
    """A member of several Business Centers can go to each; a member of one sees only its name."""
    assert not (await alice.see(alice.path("overview"))).find_all("a", href=f"/bc/{world.other_bc_id}/overview")
    await world.sql(
        "INSERT INTO members (bc_id, user_id, role, added_at) VALUES (:bc_id, :user_id, 'standard', 0)",
        bc_id=world.other_bc_id,
        user_id=world.alice.id,
    )
    page = await alice.see(alice.path("overview"))
    (other,) = page.find_all("a", href=f"/bc/{world.other_bc_id}/overview")
    assert other.text == f"Fabrikam StudioStandard member · ID {world.other_bc_id}"
    assert "Fabrikam Studio" in (await alice.see(str(other.attributes["href"]))).text


async def test_a_user_without_a_business_center_sees_what_to_do(alice: Desk, world: World) -> None:
    """Somebody without a Business Center gets a page that says what to do, and a way out."""
    await world.sql("DELETE FROM members WHERE user_id = :user_id", user_id=world.alice.id)
    page = await alice.see("/")
    assert "Ask an admin" in page.text
    assert page.find_all("form", action="/logout")
