"""From a code to a decision, without a screen, with a real server."""

import asyncio
import io
from datetime import timedelta

import httpx
import pytest
import time_machine
from PIL import Image

from mobile_app import routes, texts
from mobile_app.camera.multiple_codes import MultipleCodes
from mobile_app.state import notices
from mobile_app.state.app import AppState, Services
from mobile_app.state.client import Client
from mobile_app.state.linking import LinkingState
from mobile_app.state.notices import Notice
from mobile_app.state.storage import MemoryStorage
from server.clock import utc_now
from shared.permissions import Permission
from shared.qr import draw_png, format_profile
from tests.mobile_app.conftest import Line
from tests.server.world import ORIGIN, World

FOREIGN = "https://link.example.test.evil.example/l#AAAAAAAAAAAAAAAAAAAAAA"


def secret(code: dict[str, object]) -> str:
    """Return the 22 characters of a code."""
    return str(code["url"]).partition("#")[2]


def notice(linking: LinkingState) -> Notice:
    """Return the message on screen."""
    assert linking.app.notice is not None
    return linking.app.notice


async def test_a_picture_of_a_code_opens_the_request(world: World, linking: LinkingState) -> None:
    """Exactly the requested permissions are switched on."""
    code = await world.make_code()
    assert await linking.read_picture(draw_png(code["url"])) == routes.CONSENT
    assert linking.preview is not None
    assert linking.preview.business_center.bc_id == world.bc_id
    assert linking.chosen == {Permission.EXISTING_POSTS, Permission.NEW_VIDEOS_ADS_ONLY}


async def test_pictures_without_a_usable_code(linking: LinkingState) -> None:
    """A picture without a code, a file that is not a picture, and a foreign code each have their own message."""
    blank = io.BytesIO()
    Image.new("RGB", (300, 300), "#8AC").save(blank, "PNG")
    assert await linking.read_picture(blank.getvalue()) is notices.NO_CODE
    assert await linking.read_picture(b"not a picture") is notices.UNREADABLE
    foreign = await linking.read_picture(draw_png(FOREIGN))
    assert isinstance(foreign, Notice)
    assert "link.example.test.evil.example" in foreign.detail


async def test_a_picture_is_read_for_the_person_who_chose_it(world: World, linking: LinkingState, line: Line) -> None:
    """A code that is still being read when the next person logs in is not opened in their name."""
    code = await world.make_code()
    reading = asyncio.create_task(linking.read_picture(draw_png(code["url"])))
    await asyncio.sleep(0)
    linking.app.client.token = world.leo.token
    assert await reading is notices.NO_CODE
    assert line.requests == []


async def test_a_foreign_code_never_reaches_a_server(linking: LinkingState, line: Line) -> None:
    """Reading a foreign code sends nothing anywhere."""
    for text in (
        FOREIGN,
        "https://link.example.test@evil.example/l#A",
        "WIFI:S:home;P:secret;;",
        "javascript:alert(1)",
    ):
        assert isinstance(await linking.follow(text), Notice)
    assert line.requests == []


async def test_several_codes_ask_which(world: World, linking: LinkingState) -> None:
    """The result is the picture with its codes; the same code twice is one code."""
    code = await world.make_code()
    wall = Image.new("RGB", (1000, 500), "#DDD")
    for x, text in ((20, code["url"]), (520, format_profile(ORIGIN, "leo.rides"))):
        wall.paste(Image.open(io.BytesIO(draw_png(text, 8))).convert("RGB"), (x, 60))
    picture = io.BytesIO()
    wall.save(picture, "PNG")
    several = await linking.read_picture(picture.getvalue())
    assert isinstance(several, MultipleCodes)
    assert (several.width_px, several.height_px) == (1000, 500)
    assert {c.text for c in several.codes} == {code["url"], format_profile(ORIGIN, "leo.rides")}
    assert await linking.follow(code["url"]) == routes.CONSENT
    assert linking.multiple_codes is None


async def test_approve_fewer_than_asked(world: World, linking: LinkingState) -> None:
    """Only the permissions that are switched on are granted, and then the code is forgotten."""
    code = await world.make_code()
    await linking.open(secret(code))
    linking.choose(Permission.NEW_VIDEOS_ADS_ONLY, False)
    assert await linking.approve() == routes.DONE
    assert linking.authorization is not None
    assert linking.authorization.permissions == [Permission.EXISTING_POSTS]
    assert linking.code == ""
    assert linking.preview is None


async def test_nothing_chosen_cannot_be_approved(world: World, linking: LinkingState, line: Line) -> None:
    """With every switch off, approving does nothing."""
    await linking.open(secret(await world.make_code("existing_posts")))
    linking.choose(Permission.EXISTING_POSTS, False)
    line.requests.clear()
    assert await linking.approve() == routes.CONSENT
    assert line.requests == []


async def test_a_lost_answer_to_the_approval_is_requested_again(
    world: World, linking: LinkingState, line: Line
) -> None:
    """After a lost answer the person sees "Linked", not an error, and there is one authorization."""
    code = await world.make_code()
    await linking.open(secret(code))
    line.answers_to_lose = 1
    assert await linking.approve() == routes.DONE
    assert (await world.link_request(code))["state"] == "approved"


async def test_without_a_server_nothing_is_lost(world: World, linking: LinkingState, line: Line) -> None:
    """Without a server the choices stay, and the same button works once the server is back."""
    await linking.open(secret(await world.make_code()))
    linking.choose(Permission.EXISTING_POSTS, False)
    line.cut = True
    assert await linking.approve() == routes.PROBLEM
    assert notice(linking).title == texts.Problems.UNREACHABLE[0]
    line.cut = False
    again = notice(linking).again
    assert again is not None
    assert await again() == routes.DONE
    assert linking.authorization is not None
    assert linking.authorization.permissions == [Permission.NEW_VIDEOS_ADS_ONLY]


async def test_used_cancelled_declined_and_unknown(world: World, linking: LinkingState) -> None:
    """Every end of a code has its own message, and none keeps the code."""
    used, cancelled, declined = [await world.make_code() for _ in range(3)]
    await world.approve(world.leo, used)
    await world.alice.post(f"{world.codes}/{cancelled['link_request_id']}/cancel")
    await world.open(world.leo, declined)
    await world.leo.post(f"/link-requests/{declined['link_request_id']}/decline", {"code": declined["url"]})
    cases = [
        (secret(used), texts.Problems.USED),
        (secret(cancelled), texts.Problems.CANCELLED),
        (secret(declined), texts.Problems.DECLINED),
        ("A" * 22, texts.Problems.NOT_FOUND),
    ]
    for code, (title, _) in cases:
        assert await linking.open(code) == routes.PROBLEM
        assert notice(linking).title == title
        assert linking.code == ""


async def test_expired(world: World, linking: LinkingState) -> None:
    """A code expires after ten minutes, even while it is on the consent screen."""
    code = await world.make_code()
    await linking.open(secret(code))
    with time_machine.travel(utc_now() + timedelta(minutes=11)):
        assert await linking.approve() == routes.PROBLEM
        assert notice(linking).title == texts.Problems.EXPIRED[0]


async def test_what_ends_elsewhere_ends_here(world: World, linking: LinkingState, line: Line) -> None:
    """While the request is read the app checks it again: an open one stays, a cancelled or expired one says so."""
    code, other = await world.make_code(), await world.make_code()
    await linking.open(secret(code))
    assert await linking.look_again() == routes.CONSENT
    line.cut = True
    assert await linking.look_again() == routes.CONSENT
    line.cut = False
    assert linking.preview is not None
    await world.alice.post(f"{world.codes}/{code['link_request_id']}/cancel")
    assert await linking.look_again() == routes.PROBLEM
    assert notice(linking).title == texts.Problems.CANCELLED[0]
    assert (linking.preview, linking.code) == (None, "")
    await linking.open(secret(other))
    with time_machine.travel(utc_now() + timedelta(minutes=11)):
        assert await linking.look_again() == routes.PROBLEM
        assert notice(linking).title == texts.Problems.EXPIRED[0]


async def test_used_elsewhere_ends_and_used_here_is_done(world: World, linking: LinkingState, line: Line) -> None:
    """Another account's approval ends the request; the person's own, with a lost answer, shows what it granted."""
    code, other = await world.make_code(), await world.make_code()
    await linking.open(secret(code))
    await world.approve(world.leo, code)
    assert await linking.look_again() == routes.PROBLEM
    assert notice(linking).title == texts.Problems.USED[0]
    await linking.open(secret(other))
    line.answers_to_lose = 2
    assert await linking.approve() == routes.PROBLEM
    assert notice(linking).title == texts.Problems.UNREACHABLE[0]
    assert await linking.look_again() == routes.DONE
    assert linking.authorization is not None


class OutOfOrder(Line):
    """A line on which the answer to a later check overtakes the answer to an approval."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._approved, self._looked = asyncio.Event(), asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the check after the approval, and its answer first."""
        look = request.url.path.endswith("/check")
        if look:
            await self._approved.wait()
        response = await super().handle_async_request(request)
        if look:
            self._looked.set()
        elif request.url.path.endswith("/approve"):
            self._approved.set()
            await self._looked.wait()
        return response


async def test_a_check_never_gets_between_a_decision_and_its_answer(world: World) -> None:
    """A request that this app has just approved is not reported as used by somebody else."""
    app = AppState(Services(ORIGIN, lambda url: Client(url, OutOfOrder(world)), MemoryStorage))
    app.client.token = world.mia.token
    linking = LinkingState(app)
    await linking.open(secret(await world.make_code()))
    looked, approved = await asyncio.gather(linking.look_again(), linking.approve())
    assert (looked, approved) == (routes.CONSENT, routes.DONE)
    assert app.notice is None


async def test_meant_for_another_account(world: World, linking: LinkingState) -> None:
    """A code that is made for another account is refused with that reason."""
    code = await world.make_code(for_handle="leo.rides")
    assert await linking.open(secret(code)) == routes.PROBLEM
    assert notice(linking).title == texts.Problems.ANOTHER[0]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE business_centers SET account_count = 800 WHERE bc_id = :bc", texts.Problems.BC_LIMIT),
        (
            "UPDATE tiktok_accounts SET business_center_count = 800 WHERE account_id = :mia",
            texts.Problems.ACCOUNT_LIMIT,
        ),
    ],
)
async def test_limits(world: World, linking: LinkingState, statement: str, expected: tuple[str, str]) -> None:
    """The 801st link is refused with a message that says whose limit it is."""
    code = await world.make_code()
    values = {name: value for name, value in (("bc", world.bc_id), ("mia", world.mia.id)) if f":{name}" in statement}
    await world.sql(statement, **values)
    assert await linking.open(secret(code)) == routes.PROBLEM
    assert notice(linking).title == expected[0]


async def test_an_occupied_permission_is_switched_off(world: World, linking: LinkingState) -> None:
    """A permission that another business holds exclusively cannot be granted; the others can."""
    first = await world.make_code("existing_posts", "live_gmv_max")
    await linking.open(secret(first))
    await world.link(world.mia, "live_gmv_max", by=world.charlie)
    assert await linking.approve() in (routes.PROBLEM, routes.CONSENT)
    assert Permission.LIVE_GMV_MAX not in linking.chosen
    assert linking.banner
    await linking.open(secret(first))
    assert linking.chosen == {Permission.EXISTING_POSTS}
    assert await linking.approve() == routes.DONE


async def test_a_changed_request_is_shown_again(world: World, linking: LinkingState) -> None:
    """If the request has changed since it was shown, the new one appears and says so."""
    code = await world.make_code()
    await linking.open(secret(code))
    await world.sql("UPDATE business_centers SET name = 'Northwind Tea' WHERE bc_id = :bc", bc=world.bc_id)
    assert await linking.approve() == routes.CONSENT
    assert linking.preview is not None
    assert linking.preview.business_center.name == "Northwind Tea"
    assert linking.banner == texts.Consent.CHANGED
    assert await linking.approve() == routes.DONE


async def test_when_the_session_is_over_the_code_waits(world: World, linking: LinkingState, app: AppState) -> None:
    """The log-in screen says why, and the request opens after logging in."""
    code = await world.make_code()
    app.client.token = "no longer known"
    assert await linking.open(secret(code)) == routes.CONSENT
    assert app.account is None
    assert app.log_in_notice == texts.LogIn.SESSION_OVER
    assert linking.code == secret(code)
    app.client.token = world.mia.token
    assert await linking.open(linking.code) == routes.CONSENT
    assert linking.preview is not None


async def test_what_one_person_saw_is_gone_for_the_next(world: World, linking: LinkingState, app: AppState) -> None:
    """Logging out, or losing the session during a decision, leaves no preview behind."""
    code = await world.make_code()
    await linking.open(secret(code))
    app.client.token = "no longer known"
    assert await linking.approve() == routes.CONSENT
    assert (linking.preview, linking.code) == (None, secret(code))
    app.client.token = world.mia.token
    await linking.open(secret(code))
    await app.log_out()
    assert (linking.preview, linking.code) == (None, "")


async def test_too_many_attempts_say_how_long_to_wait(linking: LinkingState) -> None:
    """After too many guesses the message says how long to wait."""
    for _ in range(200):
        await linking.open("B" * 21 + "A")
        if notice(linking).title == texts.Problems.TOO_MANY[0]:
            break
    assert notice(linking).title == texts.Problems.TOO_MANY[0]
    assert any(character.isdigit() for character in notice(linking).detail)


async def test_answers_that_are_not_ours_count_as_unreachable(linking: LinkingState) -> None:
    """A proxy's error page does not count as an answer from the server."""
    page = httpx.MockTransport(lambda request: httpx.Response(502, text="<html>Bad gateway</html>"))
    linking.app.client._http = httpx.AsyncClient(base_url=f"{ORIGIN}/api/v1", transport=page)
    assert await linking.open("A" * 22) == routes.PROBLEM
    assert notice(linking).title == texts.Problems.UNREACHABLE[0]
