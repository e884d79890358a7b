"""The owner's inbox shows everything that happened to their account and nothing about anybody else's."""

from typing import Any

from tests.server.world import SPARK, Person, World, problem_of


async def inbox(owner: Person, **params: Any) -> list[dict[str, Any]]:
    """Return the newest items."""
    answer = await owner.get("/me/inbox", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_whole_story(world: World) -> None:
    """The inbox lists every change newest first, with the business and what changed."""
    three = [*SPARK, "showcase"]
    linked = await world.link(world.mia, *three)
    path = f"/me/linked-businesses/{linked['authorization_id']}"
    await world.mia.call("PATCH", path, {"permissions": SPARK})
    await world.alice.delete(f"{world.accounts}/{world.mia.id}")
    again = await world.link(world.mia, by=world.charlie)
    await world.mia.delete(f"/me/linked-businesses/{again['authorization_id']}")
    code = await world.make_code()
    await world.mia.post(f"/link-requests/{code['link_request_id']}/decline", {"code": code["url"]})
    items = await inbox(world.mia)
    northwind = {"bc_id": world.bc_id, "name": "Northwind Coffee", "verified": True}
    fabrikam = {"bc_id": world.other_bc_id, "name": "Fabrikam Studio", "verified": False}
    mine = {"handle": "mia.bakes"}
    assert [(item["type"], item["business_center"], item["data"]) for item in items] == [
        ("link_request.declined", northwind, mine),
        ("authorization.revoked", fabrikam, {**mine, "permissions": SPARK}),
        ("link_request.approved", fabrikam, {**mine, "permissions": SPARK}),
        ("authorization.unlinked", northwind, {**mine, "permissions": SPARK}),
        ("authorization.narrowed", northwind, {**mine, "permissions": SPARK, "removed": ["showcase"]}),
        ("link_request.approved", northwind, {**mine, "permissions": three}),
    ]
    assert await inbox(world.leo) == []


async def test_attempts_on_a_code_meant_for_this_account(world: World) -> None:
    """The addressee learns that somebody else tried, but not who; only the business sees who."""
    code = await world.make_code(for_handle="mia.bakes")
    for _ in range(2):
        answer = await world.leo.post("/link-requests/open", {"code": code["url"]})
        assert problem_of(answer) == (403, "meant-for-another-account")
    answer = await world.mia.get("/me/inbox")
    assert [(item["type"], item["data"]) for item in answer.json()["items"]] == [("link_request.refused", {})] * 2
    assert answer.json()["items"][0]["business_center"]["bc_id"] == world.bc_id
    assert "leo" not in answer.text
    assert world.leo.id not in answer.text
    assert await inbox(world.leo) == []
    refused = [event for event in await world.log() if event["type"] == "link_request.refused"]
    assert [event["data"]["handle"] for event in refused] == ["leo.rides"] * 2


async def test_what_members_do_among_themselves_is_not_in_the_inbox(world: World) -> None:
    """Who asked, ad accounts, sign-ins and views of a code do not appear in the inbox."""
    await world.link(world.mia)
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")
    await world.open(world.mia, await world.make_code("showcase"))
    answer = await world.mia.get("/me/inbox")
    assert [item["type"] for item in answer.json()["items"]] == ["link_request.approved"]
    assert "Northwind EU" not in answer.text
    assert "Alice" not in answer.text


async def test_pages(world: World) -> None:
    """Following the cursor gives every item once, in order."""
    for _ in range(3):
        linked = await world.link(world.mia)
        await world.mia.delete(f"/me/linked-businesses/{linked['authorization_id']}")
    whole = await inbox(world.mia)
    assert len(whole) == 6
    paged: list[dict[str, Any]] = []
    cursor = None
    while True:
        params = {"page_size": 4, **({"cursor": cursor} if cursor else {})}
        page = (await world.mia.get("/me/inbox", params=params)).json()
        paged += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert paged == whole
    assert [item["event_id"] for item in whole] == sorted((item["event_id"] for item in whole), reverse=True)
