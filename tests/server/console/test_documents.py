"""The API reference, the list of problems, and the landing pages."""

import pytest

from shared.problems import ProblemType
from tests.server.console.desk import Desk
from tests.server.world import World


@pytest.fixture
def visitor(world: World) -> Desk:
    """Return somebody who is not signed in."""
    return Desk(world)


async def test_reference_shows_every_operation(visitor: Desk, world: World) -> None:
    """The page shows every operation of the description with its path, its answers and its failures."""
    page = await visitor.see("/docs")
    shown = {}
    for article in page.find_all("article"):
        for endpoint in article.find_all("p", class_="endpoint"):
            shown[endpoint.text] = article.text
    described = 0
    for path, methods in world.app.openapi()["paths"].items():
        for method, operation in methods.items():
            described += 1
            text = shown[f"{method.upper()}{path}"]
            assert operation["summary"] in text
            for status in operation["responses"]:
                assert status in text
    assert described == len(shown)


async def test_links_in_the_reference_lead_somewhere(visitor: Desk) -> None:
    """Every anchor that the reference and the problems link to exists."""
    pages = {address: await visitor.see(address) for address in ("/docs", "/problems")}
    anchors = {address: {one.attributes.get("id") for one in page.find_all()} for address, page in pages.items()}
    for address, page in pages.items():
        for link in page.find_all("a"):
            target, _, anchor = str(link.attributes["href"]).partition("#")
            if anchor:
                assert anchor in anchors[target or address], link.attributes["href"]


async def test_examples_fit(visitor: Desk) -> None:
    """The example of a body comes from the description."""
    text = (await visitor.see("/docs")).text
    assert '"permissions": [ "existing_posts", "new_videos_ads_only" ]' in text
    assert "urn:sparklink" in text or "link-request-expired" in text


async def test_every_problem_type_is_explained(visitor: Desk) -> None:
    """The list explains each problem type, at the anchor that refusals link to."""
    page = await visitor.see("/problems")
    for problem in ProblemType:
        (article,) = page.find_all(id=problem.rsplit(":", 1)[1])
        assert problem.value in article.text


async def test_refusals_link_to_their_explanation(alice: Desk) -> None:
    """A refusal page links to its explanation."""
    page = await alice.see(alice.path("tiktok-accounts/1"), 404)
    assert page.find_all("a", href="/problems#not-found")


async def test_landing_reveals_nothing(visitor: Desk, world: World) -> None:
    """The page behind a scanned code is the same for every code, is not cached, and sends no referrer."""
    await world.make_code()
    answer = await visitor.get("/l")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    page = await visitor.see("/l")
    assert "Northwind" not in page.text
    assert page.find_all("a", href="/app/")
    assert "set-cookie" not in answer.headers
    # A code in the query by mistake changes nothing.
    assert (await visitor.get("/l?code=abc")).text == answer.text


async def test_profile_code_leads_to_the_card(visitor: Desk) -> None:
    """The page behind a profile code leads to the card in the app, whether or not the account exists."""
    for handle in ("mia.bakes", "nobody.at.all"):
        page = await visitor.see(f"/@{handle}")
        assert page.find_all("a", href=f"/app/#/u/{handle}")
    for wrong in ("/@", "/@a", "/@UPPER", "/@mia%20bakes", "/@%22onload", "/@" + "x" * 25):
        assert (await visitor.get(wrong)).status_code == 404
