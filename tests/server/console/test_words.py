"""The console shows what people typed as text, never as markup, and describes events in sentences."""

import pytest

from server.console import words
from shared.events import EventType
from shared.wire import LinkRequestState
from tests.server.console.desk import Desk, form_to, read_page
from tests.server.world import PASSWORD, World

NASTY = "\"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;'{{7*7}}\u202e"

PLACES = ["overview", "tiktok-accounts", "tiktok-accounts/{account}", "tiktok-accounts/{account}?confirm=unlink"]
PLACES += ["tiktok-accounts/{account}/members", "tiktok-accounts/{account}/link-accounts", "access-tokens"]
PLACES += [
    "tiktok-accounts/{account}/activity",
    "ad-accounts",
    "members",
    "activity",
    "settings",
    "tiktok-accounts/add",
    "link-requests/{code}",
]


@pytest.fixture
async def nasty(world: World) -> World:
    """Give everybody and everything a nasty name."""
    await world.link(world.mia)
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")
    await world.make_code(message=NASTY)
    for table, column in (
        ("business_centers", "name"),
        ("users", "name"),
        ("sessions", "name"),
        ("ad_accounts", "name"),
        ("tiktok_accounts", "display_name"),
        ("authorizations", "requested_by"),
        ("link_requests", "requested_by"),
    ):
        await world.sql(f"UPDATE {table} SET {column} = :text", text=NASTY)
    await world.make_code()  # records an event of somebody with a nasty name
    return world


async def test_names_stay_text(alice: Desk, nasty: World) -> None:
    """Names of Business Centers, people, accounts and ad accounts, and messages, are escaped everywhere."""
    code = (await nasty.alice.get(nasty.codes)).json()["items"][1]["link_request_id"]
    for place in PLACES:
        answer = await alice.get(alice.path(place.format(account=nasty.mia.id, code=code)))
        page = read_page(answer)  # rejects any inline script and handler
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "{{7*7}}" in page.text
        isolated = [element.text for element in page.find_all("bdi")]
        assert any("<script>alert(1)</script>" in text for text in isolated)


async def test_what_is_typed_comes_back_as_text(alice: Desk, world: World) -> None:
    """Search, the wizard's fields and the email come back escaped."""
    query = {"q": NASTY, "step": "permissions", "message": NASTY, "for_handle": NASTY}
    for place in ("tiktok-accounts", "tiktok-accounts/add"):
        answer = await alice.client.get(alice.path(place), params={**query, "q": NASTY[:90]})
        read_page(answer)
        assert "<script>alert" not in answer.text
    visitor = Desk(world)
    form = form_to(await visitor.see("/login"), "/login")
    answer = await visitor.send(form, email=NASTY, password=PASSWORD)
    read_page(answer)
    assert "<script>alert" not in answer.text


async def test_activity_is_described_in_sentences(alice: Desk, world: World) -> None:
    """The log shows every event of a whole story as a sentence, with who did what, when and to what."""
    code = await world.make_code("existing_posts", "showcase")
    await world.approve(world.mia, code, permissions=["showcase"])
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")
    await world.alice.delete(f"{world.accounts}/{world.mia.id}")
    page = await alice.see(alice.path("activity"))
    rows = {str(row.attributes["data-type"]): row.text for row in page.find_all(data_testid="activity-row")}
    for type, text in rows.items():
        assert EventType(type).sentence in text
    assert "1 of 2 permissions granted" in rows[EventType.LINK_REQUEST_APPROVED]
    assert "@mia.bakes" in rows[EventType.LINK_REQUEST_APPROVED]
    assert "Existing posts, Showcase" in rows[EventType.LINK_REQUEST_CREATED]
    assert "Northwind EU" in rows[EventType.AD_ACCOUNT_LINKED]
    assert "Alice Moreno" in rows[EventType.AUTHORIZATION_UNLINKED]


def test_every_state_says_what_to_do_next() -> None:
    """Every state of a code gives the admin a next step."""
    for state in LinkRequestState:
        assert words.STATES[state].next_step.endswith(".")
