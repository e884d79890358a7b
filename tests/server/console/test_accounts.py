"""The TikTok accounts tab and one account in detail."""

from tests.server.console.desk import Desk, form_to
from tests.server.world import World


async def test_empty_tab_says_what_to_do(alice: Desk) -> None:
    """Without linked accounts the tab shows a sentence, the button and a drawing."""
    page = await alice.see(alice.path("tiktok-accounts"))
    assert "No TikTok account is linked yet" in page.text
    assert [image for image in page.find_all("img") if str(image.attributes["src"]).endswith("steps.svg")]


async def test_row_shows_everything(alice: Desk, world: World) -> None:
    """A row shows the account, granted and requested permissions, ad accounts, who linked it, when, and readiness."""
    code = await world.make_code("existing_posts", "showcase")
    await world.approve(world.mia, code, permissions=["showcase"])
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")
    page = await alice.see(alice.path("tiktok-accounts"))
    row = page.hook("account-row")
    assert row.attributes["data-handle"] == "mia.bakes"
    for text in (
        "Mia Bakes",
        "@mia.bakes",
        "Northwind EU",
        "Alice Moreno",
        "Linked",
        "Permissions missing for Spark Ads",
        "No member may use it yet",
    ):
        assert text in row.text
    cell = row.hook("permissions-cell")
    assert cell.text.startswith("Deliver ads1 of 2")
    assert [item.attributes["class"] for item in cell.find_all("li")] == ["withheld", "granted"]
    (added_on,) = row.find_all("time")
    assert str(added_on.attributes["datetime"]).endswith("Z")
    assert added_on.text.endswith(" UTC")


async def test_search(alice: Desk, world: World) -> None:
    """Search covers handle and name and keeps the query; an empty result offers the way back."""
    for owner in (world.mia, world.leo):
        await world.link(owner)
    page = await alice.see(alice.path("tiktok-accounts?q=%40MIA"))
    assert [row.attributes["data-handle"] for row in page.find_all(data_testid="account-row")] == ["mia.bakes"]
    assert page.hook("search").attributes["value"] == "@MIA"
    none = await alice.see(alice.path("tiktok-accounts?q=zzz"))
    assert "No linked account matches" in none.text
    assert none.find_all("a", href=alice.path("tiktok-accounts"))


async def test_waiting_codes_can_be_found_again(alice: Desk, world: World) -> None:
    """Open codes appear above the table with their state; finished ones do not."""
    code = await world.make_code()
    sent = await world.make_code(for_handle="leo.rides")
    await world.open(world.mia, code)
    done = await world.make_code()
    await world.alice.post(f"{world.codes}/{done['link_request_id']}/cancel")
    page = await alice.see(alice.path("tiktok-accounts"))
    listed = {link.attributes["href"] for link in page.find_all("a") if "link-requests" in str(link.attributes["href"])}
    assert listed == {alice.path(f"link-requests/{one['link_request_id']}") for one in (code, sent)}
    assert "Scanned by @mia.bakes" in page.text
    assert "for @leo.rides" in page.text


async def test_waiting_codes_are_for_admins(bob: Desk, world: World) -> None:
    """A standard member does not see the codes."""
    await world.make_code()
    assert "Waiting codes" not in (await bob.see(bob.path("tiktok-accounts"))).text


async def test_link_and_unlink_an_ad_account(alice: Desk, world: World) -> None:
    """An admin links and unlinks an ad account in the account's tab, which confirms each step."""
    await world.link(world.mia)
    address = alice.path(f"tiktok-accounts/{world.mia.id}/link-accounts")
    answer = await alice.send(form_to(await alice.see(address), "/ad-accounts"))
    assert answer.headers["location"] == f"{address}?done=linked-ad-account"
    page = await alice.see(answer.headers["location"])
    assert "The ad account is linked" in page.text
    assert "Northwind EU" in [option.text for option in page.find_all("bdi")]
    assert [option.text for option in page.find_all("option")] == ["Northwind US"]
    answer = await alice.send(form_to(page, f"/{world.cast.advertisers[0]}/unlink"))
    assert "You can link it again" in (await alice.see(answer.headers["location"])).text


async def test_a_foreign_ad_account_is_not_found(alice: Desk, world: World) -> None:
    """An ad account of another Business Center cannot be linked."""
    await world.link(world.mia)
    form = {"form_token": await alice.token(), "advertiser_id": world.cast.other_advertiser}
    answer = await alice.post(alice.path(f"tiktok-accounts/{world.mia.id}/ad-accounts"), form)
    assert answer.status_code == 404


async def test_unlink_asks_first(alice: Desk, world: World) -> None:
    """Unlinking first says what stops and can be cancelled; afterwards the row is gone and the tab says so."""
    await world.link(world.mia)
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[1]}")
    address = alice.path(f"tiktok-accounts/{world.mia.id}")
    page = await alice.see(address)
    question = await alice.see(str(page.hook("unlink").attributes["href"]).partition("#")[0])
    for stops in ("All 2 granted permissions end at once", "Northwind US", "need a new QR code"):
        assert stops in question.text
    assert [link for link in question.find_all("a", href=address) if link.text == "Keep it linked"]
    answer = await alice.send(form_to(question, f"{world.mia.id}/unlink"))
    tab = await alice.see(answer.headers["location"])
    assert "The account is unlinked" in tab.text
    assert not tab.has("account-row")
    await alice.see(address, 404)


async def test_rows_are_paged_by_cursor(alice: Desk, world: World) -> None:
    """More than 25 accounts need a next page, and every account appears on exactly one page."""
    await _fill(world, 30)
    first = await alice.see(alice.path("tiktok-accounts?q=many"))
    second = await alice.see(str(first.hook("next-page").attributes["href"]))
    rows = [
        [row.attributes["data-handle"] for row in page.find_all(data_testid="account-row")] for page in (first, second)
    ]
    assert [len(handles) for handles in rows] == [25, 5]
    assert len({*rows[0], *rows[1]}) == 30
    assert not second.has("next-page")


async def _fill(world: World, count: int) -> None:
    """Insert made-up accounts that are already linked."""
    template = await world.link(world.mia)
    for number in range(count):
        await world.sql(
            "INSERT INTO tiktok_accounts SELECT '9' || :n, 'many.' || :n, 'Many ' || :n, bio, password_hash, "
            "avatar_hue, verified, following_count, follower_count, like_count, 1, created_at FROM tiktok_accounts "
            "WHERE handle = 'mia.bakes'",
            n=f"{number:05d}",
        )
        await world.sql(
            "INSERT INTO authorizations SELECT '8' || :n, bc_id, '9' || :n, link_request_id, level, granted, "
            "requested, requested_by, holds_gmv_max, granted_at, updated_at, ended_at, ended_by FROM authorizations "
            "WHERE authorization_id = :template",
            n=f"{number:05d}",
            template=template["authorization_id"],
        )
