"""The demo: two Business Centers, four accounts, random passwords written to `demo.json` (mode 0600)."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request

from server.actor import SYSTEM, Actor
from server.ad_accounts import service as ad_accounts
from server.auth import service as auth
from server.auth.passwords import hash_password
from server.authorizations import ending
from server.authorizations import service as authorizations
from server.business_api import apps, tokens
from server.business_centers import service as business_centers
from server.business_centers.tables import users
from server.events import service as events
from server.link_requests import consent
from server.link_requests import service as link_requests
from server.problems import NotFound, responses
from server.security import LinkCodes
from server.settings import Settings, write_private
from server.tiktok_accounts import offerings
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.tables import tiktok_accounts as accounts
from shared import wire
from shared.events import EventType
from shared.permissions import Permission

router = APIRouter(tags=["Demo"])

_WORD_LIST: Final = """
amber anchor apple basil beacon birch bramble candle cedar cherry cinnamon clover cobalt copper coral cotton
cricket delta ember falcon fern ginger harbor hazel heron honey indigo island ivory jasper juniper kettle
lantern lemon linen lotus maple meadow mint nectar nutmeg oasis olive orchid otter paper pebble pepper plum
poppy quartz raven river rocket saffron sage silver spruce sunrise teal thistle velvet violet walnut willow
"""
_WORDS: Final = _WORD_LIST.split()


@dataclass(frozen=True, slots=True)
class _Person:
    email: str
    name: str
    center: str
    role: wire.Role


@dataclass(frozen=True, slots=True)
class _Owner:
    handle: str
    name: str
    bio: str
    hue: int
    followers: int
    captions: tuple[str, ...]
    verified: bool = False


NORTHWIND, FABRIKAM = "Northwind Coffee", "Fabrikam Studio"
_PEOPLE: Final = {
    "admin": _Person("alice@northwind.example", "Alice Moreno", NORTHWIND, wire.Role.ADMIN),
    "standard": _Person("bob@northwind.example", "Bob Tanaka", NORTHWIND, wire.Role.STANDARD),
    "outsider": _Person("charlie@fabrikam.example", "Charlie Okafor", FABRIKAM, wire.Role.ADMIN),
}
_OWNERS: Final = (
    _Owner(
        "mia.bakes",
        "Mia Bakes",
        "Small oven, big crumbs. New bread every Friday.",
        18,
        48_200,
        (
            "Sourdough in 60 seconds",
            "The crackle test",
            "Croissant layers up close",
            "Why rest the dough?",
            "Cinnamon knots",
            "Market day at 5 am",
            "Rye for beginners",
            "One bowl focaccia",
            "What went wrong here?",
        ),
    ),
    _Owner(
        "leo.rides",
        "Leo Rides",
        "City bikes, long ways home.",
        205,
        12_900,
        (
            "Crossing town at dawn",
            "Fixing a flat, no tools",
            "Rain gear that works",
            "The quietest street",
            "Night lights compared",
            "Hill repeats",
        ),
    ),
    _Owner(
        "studio.nara",
        "Studio Nara",
        "Ceramics, glaze tests and kiln openings.",
        268,
        231_000,
        (
            "Kiln opening no. 41",
            "Throwing a moon jar",
            "Glaze chemistry, simply",
            "Mending with gold",
            "Sixty cups a day",
            "Studio tour",
            "Crazing: why it happens",
        ),
        verified=True,
    ),
    _Owner(
        "jo.grows",
        "Jo Grows",
        "Balcony garden, one metre by four.",
        128,
        5_400,
        ("Tomatoes in May", "Seed swap finds", "Compost without smell", "Basil that lasts"),
    ),
)
_LINKED_OWNER: Final = "studio.nara"
_LINKED_PERMISSIONS: Final = (Permission.EXISTING_POSTS, Permission.LIVE_GMV_MAX)
_ADMIN: Final = wire.Role.ADMIN
_RESET: Final = "Demo reset"  # who did it, in the log
_ALL: Final = 10_000


def _passphrase() -> str:
    return "-".join(secrets.choice(_WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}"


def seed(connection: sa.Connection, base_url: str, codes: LinkCodes) -> dict[str, Any]:
    """Fill an empty database and return what goes into `demo.json`."""
    logins: dict[str, Any] = {"base_url": base_url}
    centers = {
        NORTHWIND: business_centers.create(connection, NORTHWIND, verified=True),
        FABRIKAM: business_centers.create(connection, FABRIKAM),
    }
    for key, person in _PEOPLE.items():
        password = _passphrase()
        user_id = business_centers.create_user(connection, person.email, person.name, hash_password(password))
        business_centers.add_member(connection, centers[person.center], user_id, person.role)
        logins[key] = {"email": person.email, "password": password, "bc_id": centers[person.center]}
    for name in ("Northwind EU", "Northwind US", "Cold Brew Launch"):
        ad_accounts.create(connection, centers[NORTHWIND], name)
    ad_accounts.create(connection, centers[FABRIKAM], "Fabrikam Main")
    logins["owners"] = [_seed_owner(connection, owner) for owner in _OWNERS]
    logins["api"] = _seed_api(connection)
    _seed_link(connection, codes)
    return logins


def _seed_api(connection: sa.Connection) -> dict[str, str]:
    """Make what a developer needs to call the Business API as the admin: a token and an app."""
    admin, bc_id = _admin(connection, _PEOPLE["admin"])
    app = apps.create(connection, admin, bc_id, wire.CreateApiApp(name="Demo app"))
    token = tokens.issue(connection, admin, bc_id, app.name, app_id=app.app_id)
    first = ad_accounts.list_for_business_center(connection, admin, bc_id, limit=1).items[0]
    return {
        "access_token": token.token,
        "bc_id": bc_id,
        "advertiser_id": first.advertiser_id,
        "app_id": app.app_id,
        "secret": app.secret,
    }


def _seed_owner(connection: sa.Connection, owner: _Owner) -> dict[str, str]:
    password = _passphrase()
    account_id = tiktok_accounts.create(
        connection,
        owner.handle,
        owner.name,
        hash_password(password),
        bio=owner.bio,
        avatar_hue=owner.hue,
        verified=owner.verified,
        following_count=owner.followers // 311 + 40,
        follower_count=owner.followers,
        like_count=owner.followers * 14,
    )
    for number, caption in enumerate(owner.captions):
        tiktok_accounts.add_post(
            connection,
            account_id,
            caption,
            play_count=owner.followers * (number * 7 % 11 + 1) // 6,
            cover_hue=(owner.hue + number * 47) % 360,
            private=number == len(owner.captions) - 1,
        )
    _seed_offerings(connection, account_id, owner)
    return {"handle": owner.handle, "password": password}


def _seed_offerings(connection: sa.Connection, account_id: str, owner: _Owner) -> None:
    """Give an account LIVE videos, a Series and products: what a permission lets others see beside posts."""
    for title in ("Friday evening live", "Questions and answers"):
        offerings.add(connection, account_id, "live", f"{owner.name}: {title}", {})
    details = {"total_episode": 6, "total_duration": 1_980}
    offerings.add(connection, account_id, "series", f"{owner.name} from the start", details)
    for title, price in (("Starter set", "24.00"), ("Poster", "12.50")):
        product = {"price": price, "currency": "USD"}
        offerings.add(connection, account_id, "product", f"{owner.name} {title.lower()}", product)


def _seed_link(connection: sa.Connection, codes: LinkCodes) -> None:
    """Link one account to the other Business Center, by the same path that people take."""
    admin, bc_id = _admin(connection, _PEOPLE["outsider"])
    approver = _owner(connection, _LINKED_OWNER)
    asked = wire.CreateLinkRequest(permissions=list(_LINKED_PERMISSIONS))
    request = link_requests.create(connection, admin, codes, bc_id, asked)
    read = consent.read_code(request.url or "", codes)
    preview = consent.open_request(connection, approver, read)
    approval = wire.Approve(code=request.url or "", consent_hash=preview.consent_hash)
    consent.approve(connection, approver, read, request.link_request_id, approval)


def _admin(connection: sa.Connection, person: _Person, name: str | None = None) -> tuple[Actor, str]:
    """Return a demo person as an actor, by `name` if given, and the id of their Business Center."""
    login = auth.find_login(connection, person.email, None)
    if login is None:
        raise NotFound(thing="demo login")
    (membership,) = business_centers.list_memberships(connection, login.subject_id)
    return Actor("member", login.subject_id, name or login.name), membership.bc_id


def _owner(connection: sa.Connection, handle: str, name: str | None = None) -> Actor:
    login = auth.find_login(connection, None, handle)
    if login is None:
        raise NotFound(thing="demo login")
    return Actor("owner", login.subject_id, name or login.name)


@dataclass(frozen=True, slots=True)
class Reset:
    """What a reset has changed."""

    cancelled: int
    ended: int
    linked: bool


def reset(connection: sa.Connection, codes: LinkCodes) -> Reset:
    """Bring links and codes back to what `seed` made; logins, passwords, sessions and the log stay.

    Everything goes through the services, so the log says what was ended, by “Demo reset”.

    Raises:
        NotFound: this database was not filled by `seed`.
    """
    cancelled = sum(_cancel_open(connection, codes, person) for person in _PEOPLE.values() if person.role == _ADMIN)
    ended, as_seeded = 0, False
    for owner in _OWNERS:
        actor = _owner(connection, owner.handle, _RESET)
        for link in authorizations.list_for_owner(connection, actor, limit=_ALL).items:
            if _is_as_seeded(connection, link):
                as_seeded = True
            else:
                ending.revoke(connection, actor, link.authorization_id)
                ended += 1
    if not as_seeded:
        _seed_link(connection, codes)
    return Reset(cancelled, ended, linked=not as_seeded)


def _cancel_open(connection: sa.Connection, codes: LinkCodes, person: _Person) -> int:
    admin, bc_id = _admin(connection, person, _RESET)
    waiting = link_requests.list_for_business_center(connection, admin, codes, bc_id, only_open=True, limit=_ALL)
    for request in waiting.items:
        link_requests.cancel(connection, admin, codes, bc_id, request.link_request_id)
    return len(waiting.items)


def _is_as_seeded(connection: sa.Connection, link: wire.Authorization) -> bool:
    bc_id, account_id = link.business_center.bc_id, link.account.account_id
    return (
        link.account.handle == _LINKED_OWNER
        and bc_id == _admin(connection, _PEOPLE["outsider"])[1]
        and set(link.permissions) == set(_LINKED_PERMISSIONS)
        and not ad_accounts.list_linked(connection, bc_id, [account_id])
    )


def is_empty(connection: sa.Connection) -> bool:
    """Say whether nobody can sign in yet."""
    return connection.execute(sa.select(users.c.user_id).limit(1)).first() is None


def reset_passwords(connection: sa.Connection, base_url: str) -> dict[str, Any]:
    """Give the demo people new passwords and a new token, for a database whose `demo.json` is gone; return its content.

    Raises:
        NotFound: this database was not filled by `seed`.
    """
    logins: dict[str, Any] = {"base_url": base_url, "owners": []}
    for key, person in _PEOPLE.items():
        row = connection.execute(sa.select(users).where(users.c.email == person.email)).one_or_none()
        if row is None:
            raise NotFound(thing="demo login")
        password = _passphrase()
        mine = users.c.user_id == row.user_id
        connection.execute(sa.update(users).where(mine).values(password_hash=hash_password(password)))
        (membership,) = business_centers.list_memberships(connection, row.user_id)
        logins[key] = {"email": person.email, "password": password, "bc_id": membership.bc_id}
    for owner in _OWNERS:
        password = _passphrase()
        mine = accounts.c.handle == owner.handle
        connection.execute(sa.update(accounts).where(mine).values(password_hash=hash_password(password)))
        logins["owners"].append({"handle": owner.handle, "password": password})
    logins["api"] = _seed_api(connection)
    return logins


def demo_file(settings: Settings) -> Path:
    """Return where the demo logins are written."""
    return settings.data_dir / "demo.json"


def read_logins(settings: Settings) -> dict[str, Any] | None:
    """Return the demo logins, or None outside demo mode."""
    path = demo_file(settings)
    if not settings.demo or not path.exists():
        return None
    logins: dict[str, Any] = json.loads(path.read_text())
    return logins


def prepare(connection: sa.Connection, settings: Settings) -> dict[str, Any]:
    """Seed on the first start, keep the logins on the next ones, and write `demo.json` (mode 0600)."""
    if is_empty(connection):
        logins = seed(connection, settings.origin, LinkCodes(settings.link_code_secret, settings.origin))
        events.record(connection, SYSTEM, EventType.DEMO_SEEDED, data={})
    elif (known := read_logins(settings)) is not None:
        # A file of an earlier version knows no access to the Business API.
        logins = {"api": known.get("api") or _seed_api(connection), **known, "base_url": settings.origin}
    else:
        logins = reset_passwords(connection, settings.origin)
    write_private(demo_file(settings), json.dumps(logins, indent=2) + "\n")
    return logins


@router.get("/demo", summary="Demo logins", responses=responses(NotFound))
async def get_demo(request: Request) -> wire.DemoLogins:
    """Return the logins of the demo accounts. Only in demo mode; 404 otherwise."""
    logins = read_logins(request.app.state.settings)
    if logins is None:
        raise NotFound(thing="demo")
    return wire.DemoLogins(accounts=logins["owners"])
