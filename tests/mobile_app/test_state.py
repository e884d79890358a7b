"""Logging in and out, the profile, linked businesses and settings, with a real server."""

import asyncio

import pytest

from mobile_app import texts
from mobile_app.state import storage
from mobile_app.state.app import AppState, Services
from shared.permissions import Permission
from shared.wire import OwnerActor
from tests.mobile_app.conftest import Line
from tests.server.world import ORIGIN, PASSWORD, Person, World, problem_of


async def test_log_in(services: Services, world: World) -> None:
    """A person may type the @, and is then known to the app."""
    app = AppState(services)
    assert await app.log_in("@mia.bakes ", PASSWORD)
    assert app.account is not None
    assert app.account.handle == "mia.bakes"


async def test_errors_appear_under_their_field(services: Services, world: World, line: Line) -> None:
    """Empty fields, a wrong password and a silent server have different messages."""
    app = AppState(services)
    assert not await app.log_in("", "")
    assert (app.handle_error, app.password_error) == (texts.LogIn.NO_HANDLE, texts.LogIn.NO_PASSWORD)
    assert not await app.log_in("mia.bakes", "wrong")
    assert (app.handle_error, app.password_error) == ("", texts.LogIn.WRONG)
    line.cut = True
    assert not await app.log_in("mia.bakes", PASSWORD)
    assert "server is not responding" in app.password_error


async def test_too_many_wrong_passwords(services: Services, world: World) -> None:
    """Too many attempts have their own message."""
    app = AppState(services)
    for _ in range(60):
        await app.log_in("nobody.here", "wrong")
        if app.password_error != texts.LogIn.WRONG:
            break
    assert texts.Problems.TOO_MANY[0] in app.password_error


async def test_only_ones_own_profile_has_private_posts(app: AppState, world: World) -> None:
    """People see their own private posts; another account's card has none."""
    await app.load_profile()
    assert app.profile is not None
    assert [post.private for post in app.profile.posts].count(True) == 1
    await app.load_card("leo.rides")
    assert app.card is not None
    assert not any(post.private for post in app.card.posts)


async def test_a_card_that_does_not_exist(app: AppState) -> None:
    """The code of a deleted account has its own message."""
    await app.load_card("nobody.here")
    assert app.card is None
    assert app.trouble is not None
    assert app.trouble.title == texts.Problems.NO_PROFILE[0]


async def test_what_was_loaded_stays_while_the_server_is_away(app: AppState, line: Line) -> None:
    """A failed reload removes nothing."""
    await app.load_profile()
    line.cut = True
    await app.load_profile()
    assert app.profile is not None
    assert app.trouble is not None
    line.cut = False
    assert app.trouble.again is not None
    await app.trouble.again()
    assert app.trouble is None


async def test_revoke(app: AppState, world: World) -> None:
    """Revoking works, and revoking again is not an error."""
    authorization = await world.link(world.mia)
    await app.load_linked()
    assert [a.business_center.bc_id for a in app.linked or []] == [world.bc_id]
    assert await app.revoke(authorization["authorization_id"])
    assert app.linked == []
    assert await app.revoke(authorization["authorization_id"])


async def test_one_permission_is_turned_off(app: AppState, world: World) -> None:
    """The others stay, the app shows the server's new state, and the inbox lists the change."""
    authorization = await world.link(world.mia, "existing_posts", "showcase")
    await app.load_linked()
    assert await app.turn_off(authorization["authorization_id"], Permission.SHOWCASE)
    changed = app.linked_business(authorization["authorization_id"])
    assert changed is not None
    assert changed.permissions == [Permission.EXISTING_POSTS]
    await app.load_inbox()
    assert [item.type for item in app.history(world.bc_id)] == ["authorization.narrowed", "link_request.approved"]
    assert app.history(world.other_bc_id) == []


async def test_a_change_made_elsewhere_is_reported(app: AppState, world: World) -> None:
    """A phone with an older state never turns anything on; it says that the link has changed."""
    authorization = await world.link(world.mia, "existing_posts", "showcase", "series")
    await app.load_linked()
    path = f"/me/linked-businesses/{authorization['authorization_id']}"
    await world.mia.call("PATCH", path, {"permissions": ["existing_posts", "series"]})
    assert not await app.turn_off(authorization["authorization_id"], Permission.SERIES)
    assert app.trouble is not None
    assert app.trouble.title == texts.Problems.CHANGED_ELSEWHERE[0]
    assert (await world.mia.get(path)).json()["permissions"] == ["existing_posts", "series"]


async def test_the_inbox_of_one_person_does_not_stay_for_the_next(app: AppState, world: World) -> None:
    """Logging out clears the inbox."""
    await world.link(world.mia)
    await app.load_inbox()
    assert app.inbox
    await app.log_out()
    assert app.inbox is None


async def test_log_out_ends_the_session_on_the_server(services: Services, world: World) -> None:
    """Nobody can use the token afterwards."""
    app = AppState(services)
    await app.log_in("mia.bakes", PASSWORD)
    token = app.client.token
    await app.log_out()
    assert app.account is None
    assert app.client.token is None
    app.client.token = token
    await app.load_profile()
    assert app.log_in_notice == texts.LogIn.SESSION_OVER


async def test_another_log_in_ends_the_earlier_session(services: Services, world: World) -> None:
    """Logging in as somebody else ends the earlier session; a wrong password ends nothing."""
    app = AppState(services)
    await app.log_in("mia.bakes", PASSWORD)
    mia = Person(world.client, app.client.token)
    assert not await app.log_in("leo.rides", "wrong")
    assert (await mia.get("/me")).status_code == 200
    assert await app.log_in("leo.rides", PASSWORD)
    assert problem_of(await mia.get("/me")) == (401, "session-over")
    assert (await app.client.me()).actor == OwnerActor(account=app.account)


async def test_a_quick_log_in_is_not_logged_out_again(services: Services, world: World, line: Line) -> None:
    """Somebody who logs in while the earlier log-out is still under way stays logged in."""
    app = AppState(services)
    await app.log_in("mia.bakes", PASSWORD)
    line.held_up = "DELETE"
    leaving = asyncio.create_task(app.log_out())
    await asyncio.sleep(0)
    await app.log_in("leo.rides", PASSWORD)
    line.gate.set()
    await leaving
    await app.load_profile()
    assert app.profile is not None
    assert app.profile.handle == "leo.rides"


async def test_late_answers_belong_to_the_person_who_asked(services: Services, world: World, line: Line) -> None:
    """Answers to requests from before a log-out are not shown to the next person and do not log them out."""
    app = AppState(services)
    await app.log_in("mia.bakes", PASSWORD)
    line.held_up = "GET"
    asked = []
    for token in (app.client.token, "of a session that is over"):
        app.client.token = token
        asked.append(asyncio.create_task(app.load_profile()))
        await asyncio.sleep(0)
    app.client.token = world.leo.token
    line.gate.set()
    await asyncio.gather(*asked)
    assert app.profile is None
    assert app.client.token == world.leo.token
    assert app.log_in_notice == ""


@pytest.mark.parametrize("silent", [False, True])
async def test_late_failures_belong_to_the_person_who_asked(
    services: Services, world: World, line: Line, silent: bool
) -> None:
    """Failures of the previous person's requests are not shown to the next person."""
    app = AppState(services)
    await app.log_in("mia.bakes", PASSWORD)
    await app.load_linked()
    line.held_up = "DELETE"
    asked = asyncio.create_task(app.revoke("a-link-of-nobody"))
    await asyncio.sleep(0)
    app.client.token = world.leo.token
    line.cut = silent
    line.gate.set()
    assert not await asked
    assert app.trouble is None


async def test_preferences_outlive_a_visit_and_nothing_else_does(services: Services) -> None:
    """The device keeps the theme, but never a token, password or code."""
    kept = storage.MemoryStorage()
    first = AppState(Services(services.base_url, services.make_client, lambda: kept))
    await first.log_in("mia.bakes", PASSWORD)
    await first.use_theme("dark")
    assert kept.values == {storage.THEME: "dark"}
    second = AppState(Services(services.base_url, services.make_client, lambda: kept))
    await second.start()
    assert second.theme == "dark"
    assert second.account is None


async def test_another_server(services: Services) -> None:
    """An address that could leak the password over plain http is refused."""
    app = AppState(services)
    assert not await app.use_server("http://sparklink.example")
    assert app.base_url == ORIGIN
    assert await app.use_server("https://other.example/")
    assert app.base_url == "https://other.example"


async def test_a_chosen_language_overrides_the_devices(services: Services, world: World) -> None:
    """The app uses the device's first supported language until the person chooses one, which the device keeps."""
    app = AppState(services)
    assert isinstance(app.storage, storage.MemoryStorage)
    app.storage.values[storage.DEVICE_LANGUAGES] = "de-AT,id-ID,en"
    await app.start()
    assert app.language.code == "id"
    await app.use_language("ar")
    again = AppState(services)
    again.storage = app.storage
    await again.start()
    assert (again.language.code, again.language.direction) == ("ar", "rtl")


async def _linked_with_two_ads(world: World) -> str:
    """Link mia's account with one pulled and one pushed ad, and return the authorization's id."""
    authorization = await world.link(world.mia, "existing_posts", "new_videos_ads_only", "showcase")
    advertiser_id, account_id = world.cast.advertisers[0], world.mia.id
    await world.alice.put(f"{world.accounts}/{account_id}/ad-accounts/{advertiser_id}")
    posts = (await world.mia.get("/me/posts")).json()["items"]
    post_id = next(post["post_id"] for post in posts if not post["private"])
    for name, wanted in (
        ("Spring bread", {"mode": "pull", "post_id": post_id}),
        ("Rolls", {"mode": "push", "caption": "New"}),
    ):
        body = {"advertiser_id": advertiser_id, "account_id": account_id, "name": name, **wanted}
        made = await world.alice.post(f"/business-centers/{world.bc_id}/spark-ads", body)
        assert made.status_code == 201, made.text
    return str(authorization["authorization_id"])


async def test_which_ads_pause_is_known_before_anything_ends(app: AppState, world: World) -> None:
    """A permission pauses the ads that need it, and revoking pauses all; before they are loaded, none is named."""
    authorization_id = await _linked_with_two_ads(world)
    await app.load_linked()
    assert app.pausing(authorization_id) is None

    def names(off: Permission | None = None) -> list[str]:
        return [ad.name for ad in app.pausing(authorization_id, off) or []]

    await app.load_ads(authorization_id)
    assert names() == ["Rolls", "Spring bread"]
    assert names(Permission.EXISTING_POSTS) == ["Spring bread"]
    assert names(Permission.NEW_VIDEOS_ADS_ONLY) == ["Rolls"]
    assert names(Permission.SHOWCASE) == []
    assert await app.turn_off(authorization_id, Permission.EXISTING_POSTS)
    await app.load_ads(authorization_id)
    assert names() == ["Rolls"]
    assert [ad.status for ad in app.ads or []] == ["running", "paused"]


async def test_ads_of_one_business_are_never_shown_for_another(app: AppState, world: World, line: Line) -> None:
    """Until another business's ads are loaded none is shown, and a failed reload removes nothing."""
    authorization_id = await _linked_with_two_ads(world)
    other = await world.link(world.mia, by=world.charlie)
    await app.load_ads(authorization_id)
    line.cut = True
    await app.load_ads(authorization_id)
    assert len(app.ads or []) == 2
    await app.load_ads(other["authorization_id"])
    assert app.ads is None
    assert app.pausing(other["authorization_id"]) is None
    line.cut = False
    await app.load_ads(other["authorization_id"])
    assert app.ads == []
    await app.log_out()
    assert app.ads is None
