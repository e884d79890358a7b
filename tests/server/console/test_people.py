"""Members and invitations in the console, and the page behind an invitation link."""

from tests.server.console.desk import Desk, Element, form_to, read_page
from tests.server.world import World

LONG = "three or four words"


async def _invite(alice: Desk, email: str = "dana@example.test", role: str = "standard") -> Element:
    form = form_to(await alice.see(alice.path("members")), "/members")
    answer = await alice.send(form, email=email, role=role)
    assert answer.status_code == 200
    return read_page(answer)


def _link(page: Element) -> str:
    return str(page.hook("invitation-link").attributes["value"])


async def test_invitation_link_is_shown_once(alice: Desk) -> None:
    """The link appears only on the page that answers the form; the invitation is listed."""
    page = await _invite(alice)
    assert "/invite#" in _link(page)
    again = await alice.see(alice.path("members"))
    assert not again.has("invitation-link")
    assert "dana@example.test" in again.hook("invitation-row").text


async def test_inviting_nobody_or_a_member_is_explained_at_the_field(alice: Desk, world: World) -> None:
    """An invalid address, or a member's, comes back with the reason, and nobody is invited."""
    form = form_to(await alice.see(alice.path("members")), "/members")
    for email, why in (("dana", "not a complete e-mail address"), ("bob@example.test", "a member")):
        answer = await alice.send(form, email=email)
        assert answer.status_code in {409, 422}
        page = read_page(answer)
        assert why in page.find_all(id="email-error")[0].text
        assert page.hook("invite-email").attributes["value"] == email
        assert not page.has("invitation-row")


async def test_withdraw(alice: Desk, world: World) -> None:
    """A withdrawn invitation is gone from the list, and its link opens nothing."""
    link = _link(await _invite(alice))
    answer = await alice.send(form_to(await alice.see(alice.path("members")), "/withdraw"))
    page = await alice.see(answer.headers["location"])
    assert "no longer works" in page.text
    assert not page.has("invitation-row")
    visitor = Desk(world)
    answer = await visitor.send(form_to(await visitor.see("/invite"), "/invite"), link=link)
    assert answer.status_code == 404
    assert "no longer open" in read_page(answer).text


async def test_join(alice: Desk, world: World) -> None:
    """Whoever has the link sees who invites, chooses a name and a password, and can then sign in as a member."""
    link = _link(await _invite(alice))
    visitor = Desk(world)
    answer = await visitor.send(form_to(await visitor.see("/invite"), "/invite"), link=link)
    page = read_page(answer)
    assert "Join Northwind Coffee" in page.text
    assert "dana@example.test" in page.text
    answer = await visitor.send(form_to(page, "/invite"), name="Dana Novak", password=LONG, go="join")
    assert answer.headers["location"] == "/login?note=joined"
    page = await visitor.see(answer.headers["location"])
    assert "You are a member now" in page.text
    answer = await visitor.send(form_to(page, "/login"), email="dana@example.test", password=LONG)
    assert answer.headers["location"] == "/"
    members = await alice.see(alice.path("members"))
    assert "Dana Novak" in members.text
    assert not members.has("invitation-row")
    answer = await visitor.send(form_to(await Desk(world).see("/invite"), "/invite"), link=link)
    assert answer.status_code in {403, 404}


async def test_joining_needs_a_name_and_a_long_password(alice: Desk, world: World) -> None:
    """Each field says what is missing; the name stays, the password does not, and the link still works."""
    link = _link(await _invite(alice))
    visitor = Desk(world)
    page = read_page(await visitor.send(form_to(await visitor.see("/invite"), "/invite"), link=link))
    answer = await visitor.send(form_to(page, "/invite"), name="Dana", password="short", go="join")
    assert answer.status_code == 422
    page = read_page(answer)
    assert "at least 12 characters" in page.find_all(id="password-error")[0].text
    assert page.hook("join-name").attributes["value"] == "Dana"
    assert page.hook("join-password").attributes.get("value") is None
    answer = await visitor.send(form_to(page, "/invite"), name="", password=LONG, go="join")
    page = read_page(answer)
    assert page.find_all(id="name-error")
    answer = await visitor.send(form_to(page, "/invite"), name="Dana", password=LONG, go="join")
    assert answer.status_code == 303


async def test_an_existing_user_only_joins(alice: Desk, world: World) -> None:
    """Somebody who can already sign in enters nothing and is then a member of both Business Centers."""
    link = _link(await _invite(alice, "charlie@example.test"))
    visitor = Desk(world)
    page = read_page(await visitor.send(form_to(await visitor.see("/invite"), "/invite"), link=link))
    assert not page.has("join-password")
    assert (await visitor.send(form_to(page, "/invite"), go="join")).status_code == 303
    charlie = Desk(world, "charlie")
    await charlie.see(f"/bc/{world.bc_id}/members")


async def test_invitation_form_from_elsewhere_is_refused(alice: Desk, world: World) -> None:
    """A form without the visitor's token changes nothing and keeps the link."""
    link = _link(await _invite(alice))
    visitor = Desk(world)
    answer = await visitor.post("/invite", {"link": link, "go": "join", "name": "Eve", "password": LONG})
    assert answer.status_code == 403
    assert read_page(answer).hook("join-link").attributes["value"] == link
    assert (await alice.see(alice.path("members"))).has("invitation-row")


async def test_change_a_role(alice: Desk, bob: Desk, world: World) -> None:
    """An admin changes a role in its row, and it applies from the person's next click."""
    page = await alice.see(alice.path("members"))
    answer = await alice.send(form_to(page, f"/{world.bob.id}/role"), role="admin")
    assert "The role is changed" in (await alice.see(answer.headers["location"])).text
    await bob.see(bob.path("activity"))


async def test_the_last_admin_stays(alice: Desk, world: World) -> None:
    """The only admin can neither step down nor be removed, and the page says what to do first."""
    page = await alice.see(alice.path("members"))
    answer = await alice.send(form_to(page, f"/{world.alice.id}/role"), role="standard")
    assert answer.status_code == 409
    assert "Make another member an admin first" in read_page(answer).text
    question = await alice.see(alice.path(f"members?remove={world.alice.id}"))
    assert (await alice.send(form_to(question, f"/{world.alice.id}/remove"))).status_code == 409


async def test_removing_asks_first(alice: Desk, bob: Desk, world: World) -> None:
    """Removing first says what ends and can be cancelled; afterwards the person finds nothing here."""
    page = await alice.see(alice.path("members"))
    links = [str(link.attributes["href"]) for link in page.find_all(data_testid="remove-member")]
    question = await alice.see(next(link for link in links if world.bob.id in link).partition("#")[0])
    assert "Remove Bob Tanaka from Northwind Coffee?" in question.text
    assert [link for link in question.find_all("a") if link.text == "Keep the member"]
    answer = await alice.send(form_to(question, f"/{world.bob.id}/remove"))
    page = await alice.see(answer.headers["location"])
    assert "The member is removed" in page.text
    assert "Bob Tanaka" not in page.text
    await bob.see(bob.path("overview"), 404)


async def test_standard_member_sees_no_buttons(bob: Desk, alice: Desk) -> None:
    """A standard member sees members and roles, but no invitations or buttons, and the page says why."""
    await _invite(alice)
    page = await bob.see(bob.path("members?remove=1"))
    assert not page.has("invitation-row")
    assert not page.has("invite")
    assert not page.has("remove-member")
    assert "Only admins can invite members" in page.text
