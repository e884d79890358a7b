"""The languages at the foot of a page: they lead to a page, also where the page is the answer to a form."""

import re

import pytest
from fastapi.routing import APIRoute

from tests.server.console.desk import Desk, form_to, read_page
from tests.server.world import ABSENT, World


def _forms(world: World, desk: Desk) -> list[str]:
    found = [route for route in world.app.routes if isinstance(route, APIRoute) and route.path.startswith("/bc/")]
    posts = [route.path for route in found if "POST" in (route.methods or ())]
    assert len(posts) > 20
    ids = {"bc_id": desk.bc_id, "account_id": world.mia.id, "advertiser_id": world.cast.advertisers[0]}
    return [re.sub(r"{(\w+)}", lambda name: ids.get(name[1], ABSENT), path) for path in posts]


@pytest.mark.parametrize("trusted", [True, False])
async def test_after_every_form(alice: Desk, world: World, trusted: bool) -> None:
    """Whatever a form is answered with, choosing a language there shows a page, in that language."""
    await world.link(world.mia)
    token = await alice.token() if trusted else "x"
    seen = 0
    for address in _forms(world, alice):
        answer = await alice.post(address, {"form_token": token, "advertiser": world.cast.advertisers[0]})
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        seen += 1
        link = read_page(answer).hook("language-es").attributes["href"]
        page = await alice.client.get(answer.url.join(str(link)), follow_redirects=True)
        assert page.status_code in {200, 404}, address
        assert 'lang="es"' in page.text, address
        await alice.client.get(answer.url.join("/login?language=en"))
    assert seen > 8


async def test_the_choices_stay(alice: Desk, world: World) -> None:
    """On an error of the last step of a new ad, the language leads to that step again."""
    await world.link(world.mia)
    await world.alice.put(f"{world.accounts}/{world.mia.id}/ad-accounts/{world.cast.advertisers[0]}")
    step = alice.path(f"ads/new?advertiser={world.cast.advertisers[0]}&account={world.mia.id}&how=push")
    form = form_to(await alice.see(step), "/ads/new/push")
    page = read_page(await alice.send(form, name=""))
    assert page.hook("language-es").attributes["href"] == f"{step}&language=es"
