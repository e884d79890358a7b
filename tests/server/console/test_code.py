"""The page of one code: its picture, renewing, cancelling, and the result."""

import io

import pytest
import zxingcpp
from PIL import Image

from tests.server.console.desk import Desk, form_to, read_page
from tests.server.world import World


@pytest.mark.parametrize("query", ["", "?scale=20", "?scale=20&download=true"])
async def test_png_contains_the_code(alice: Desk, world: World, query: str) -> None:
    """The picture decodes to the link of the request, is not cached, and downloads under its own name."""
    code = await world.make_code()
    answer = await alice.get(alice.path(f"link-requests/{code['link_request_id']}/qr.png{query}"))
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "no-store"
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)).convert("L"))
    assert found.text == code["url"]
    named = answer.headers.get("content-disposition", "")
    assert named == (f'attachment; filename="sparklink-{code["link_request_id"]}.png"' if "download" in query else "")


async def test_svg_and_link_belong_to_the_generation_on_screen(alice: Desk, world: World) -> None:
    """A new code changes picture, link and typed code, and the old link stops working."""
    code = await world.make_code()
    address = alice.path(f"link-requests/{code['link_request_id']}")
    page = await alice.see(address)
    before = await alice.get(str(page.hook("qr-image").attributes["src"]))
    assert before.headers["content-type"] == "image/svg+xml"
    answer = await alice.send(form_to(page, "/new-code"))
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    renewed = await alice.see(address)
    after = await alice.get(str(renewed.hook("qr-image").attributes["src"]))
    assert renewed.hook("qr-image").attributes["src"] != page.hook("qr-image").attributes["src"]
    assert before.content != after.content
    assert renewed.hook("typed-code").text != page.hook("typed-code").text
    assert (await world.mia.post("/link-requests/open", {"code": code["url"]})).status_code == 404


async def test_the_page_renews_only_what_it_shows(alice: Desk, world: World) -> None:
    """The page does not renew a code that was renewed elsewhere or that an owner is reading."""
    code = await world.make_code()
    address = alice.path(f"link-requests/{code['link_request_id']}")
    page = await alice.see(address)
    (automatic,) = [form for form in page.find_all("form") if "data-auto-renew" in form.attributes]
    await alice.send(automatic)
    await alice.send(automatic)
    request = await world.link_request(code)
    assert request["generation"] == 2
    await world.open(world.mia, request)
    await alice.send(automatic, generation="2")
    assert (await world.link_request(code))["state"] == "scanned"
    scanned = await alice.see(address)
    assert not [form for form in scanned.find_all("form") if "data-auto-renew" in form.attributes]


async def test_scanned_says_by_whom(alice: Desk, world: World) -> None:
    """After a scan the line names the account, and a new code asks first, because the owner would lose theirs."""
    code = await world.make_code()
    await world.open(world.mia, code)
    page = await alice.see(alice.path(f"link-requests/{code['link_request_id']}"))
    assert page.hook("state-line").text == "Scanned by @mia.bakes, waiting for approval"
    question = await alice.see(str(page.hook("new-code").attributes["href"]))
    assert "@mia.bakes is looking at it right now" in question.text


async def test_cancel_asks_first(alice: Desk, world: World) -> None:
    """Cancelling first says what it does and can be abandoned; afterwards the code is dead."""
    code = await world.make_code()
    address = alice.path(f"link-requests/{code['link_request_id']}")
    page = await alice.see(address)
    question = await alice.see(str(page.hook("cancel-code").attributes["href"]))
    assert "stops working at once" in question.text
    assert [link for link in question.find_all("a", href=address) if link.text == "Keep it"]
    await alice.send(form_to(question, "/cancel"))
    over = await alice.see(address)
    assert over.hook("state-line").text == "Cancelled"
    assert code["url"] not in (await alice.get(address)).text
    assert (await alice.get(f"{address}/qr.png")).status_code == 409


async def test_approved_shows_granted_beside_requested(alice: Desk, world: World) -> None:
    """The page shows what was granted and what was not; the next step is the ad account."""
    code = await world.make_code("existing_posts", "showcase")
    await world.approve(world.mia, code, permissions=["existing_posts"])
    page = await alice.see(alice.path(f"link-requests/{code['link_request_id']}"))
    assert "@mia.bakes granted 1 of 2" in page.text
    granted, withheld = page.find_all("li", class_="granted"), page.find_all("li", class_="withheld")
    assert [item.text.split(" Granted")[0] for item in granted] == ["Existing posts"]
    assert [item.text.split(" Asked")[0] for item in withheld] == ["Showcase"]
    detail = await alice.see(str(page.hook("connect-ad-account").attributes["href"]).partition("#")[0])
    assert "@mia.bakes" in detail.text


@pytest.mark.parametrize("end", ["declined", "cancelled"])
async def test_another_with_the_same_choices(alice: Desk, world: World, end: str) -> None:
    """Once a code has ended, one click leads to the wizard with the same choices."""
    code = await world.make_code("new_videos_on_profile", "series", message="Again?", for_handle="mia.bakes")
    if end == "declined":
        await world.open(world.mia, code)
        await world.mia.post(f"/link-requests/{code['link_request_id']}/decline", {"code": code["url"]})
    else:
        await world.alice.post(f"{world.codes}/{code['link_request_id']}/cancel")
    page = await alice.see(alice.path(f"link-requests/{code['link_request_id']}"))
    again = await alice.see(str(page.hook("make-another").attributes["href"]))
    for value in ("new_videos", "new_videos_on_profile", "series"):
        assert "checked" in again.hook(f"permission-{value}").attributes
    assert again.hook("message").text == "Again?"
    assert again.hook("for-handle").attributes["value"] == "mia.bakes"


async def test_refused_attempts_are_shown(alice: Desk, world: World) -> None:
    """The admin sees which account tried a code that is meant for another."""
    code = await world.make_code(for_handle="mia.bakes")
    assert (await world.leo.post("/link-requests/open", {"code": code["url"]})).status_code == 403
    page = await alice.see(alice.path(f"link-requests/{code['link_request_id']}"))
    assert "@leo.rides tried to use this code and was refused" in page.text
    other = await world.make_code()
    assert "@leo.rides" not in (await alice.see(alice.path(f"link-requests/{other['link_request_id']}"))).text


async def test_too_late_to_cancel(alice: Desk, world: World) -> None:
    """Cancelling an approved request is refused on a page that says so, and the link stays."""
    code = await world.make_code()
    address = alice.path(f"link-requests/{code['link_request_id']}")
    question = await alice.see(f"{address}?confirm=cancel")
    await world.approve(world.mia, code)
    answer = await alice.send(form_to(question, "/cancel"))
    assert answer.status_code == 409
    assert "already used" in read_page(answer).text
    assert "Approved" in (await alice.see(address)).text
