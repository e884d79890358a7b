"""The people in the demo: members of two Business Centers, and the owners of four TikTok accounts."""

import secrets
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from server.actor import Actor
from server.auth import service as auth
from server.business_centers import service as business_centers
from server.problems import or_not_found
from shared import wire
from shared.permissions import Permission

_WORD_LIST: Final = """
amber anchor apple basil beacon birch bramble candle cedar cherry cinnamon clover cobalt copper coral cotton
cricket delta ember falcon fern ginger harbor hazel heron honey indigo island ivory jasper juniper kettle
lantern lemon linen lotus maple meadow mint nectar nutmeg oasis olive orchid otter paper pebble pepper plum
poppy quartz raven river rocket saffron sage silver spruce sunrise teal thistle velvet violet walnut willow
"""
_WORDS: Final = _WORD_LIST.split()


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a demo Business Center."""

    email: str
    name: str
    center: str
    role: wire.Role


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of a demo account."""

    handle: str
    name: str
    bio: str
    hue: int
    followers: int
    captions: tuple[str, ...]
    verified: bool = False


NORTHWIND, FABRIKAM = "Northwind Coffee", "Fabrikam Studio"
PEOPLE: Final = {
    "admin": Person("alice@northwind.example", "Alice Moreno", NORTHWIND, wire.Role.ADMIN),
    "standard": Person("bob@northwind.example", "Bob Tanaka", NORTHWIND, wire.Role.STANDARD),
    "outsider": Person("charlie@fabrikam.example", "Charlie Okafor", FABRIKAM, wire.Role.ADMIN),
}
OWNERS: Final = (
    Owner(
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
    Owner(
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
    Owner(
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
    Owner(
        "jo.grows",
        "Jo Grows",
        "Balcony garden, one metre by four.",
        128,
        5_400,
        ("Tomatoes in May", "Seed swap finds", "Compost without smell", "Basil that lasts"),
    ),
)
LINKED_OWNER: Final = "studio.nara"
LINKED_PERMISSIONS: Final = (Permission.EXISTING_POSTS, Permission.LIVE_GMV_MAX)


def new_passphrase() -> str:
    """Return four words and a number."""
    return "-".join(secrets.choice(_WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}"


def admin_of(connection: sa.Connection, person: Person, name: str | None = None) -> tuple[Actor, str]:
    """Return a demo person as an actor, called `name` if given, and the id of their Business Center."""
    login = or_not_found(auth.find_login(connection, person.email, None), thing="demo login")
    (membership,) = business_centers.list_memberships(connection, login.subject_id)
    return Actor("member", login.subject_id, name or login.name), membership.bc_id


def owner_of(connection: sa.Connection, handle: str, name: str | None = None) -> Actor:
    """Return a demo owner as an actor, called `name` if given."""
    login = or_not_found(auth.find_login(connection, None, handle), thing="demo login")
    return Actor("owner", login.subject_id, name or login.name)
