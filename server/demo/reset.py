"""Start the demo over: restore links and codes to what the seed made. Logins and the log stay."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from server.ad_accounts import service as ad_accounts
from server.authorizations import ending
from server.authorizations import service as authorizations
from server.demo.people import LINKED_OWNER, LINKED_PERMISSIONS, OWNERS, PEOPLE, Person, admin_of, owner_of
from server.demo.seed import seed_link
from server.link_requests import service as link_requests
from server.security import LinkCodes
from shared import wire

_RESET: Final = "Demo reset"  # the actor's name in the log
_ALL: Final = 10_000


@dataclass(frozen=True, slots=True)
class Reset:
    """The changes that a reset made."""

    cancelled: int
    ended: int
    linked: bool


def reset(connection: sa.Connection, codes: LinkCodes) -> Reset:
    """Restore links and codes to what `seed` made; logins, passwords, sessions and the log stay.

    All changes go through the services, so the log records them, made by “Demo reset”.

    Raises:
        NotFound: `seed` has not filled this database.
    """
    cancelled = sum(
        _cancel_open(connection, codes, person) for person in PEOPLE.values() if person.role == wire.Role.ADMIN
    )
    ended, as_seeded = 0, False
    for owner in OWNERS:
        actor = owner_of(connection, owner.handle, _RESET)
        for link in authorizations.list_for_owner(connection, actor, limit=_ALL).items:
            if _is_as_seeded(connection, link):
                as_seeded = True
            else:
                ending.revoke(connection, actor, link.authorization_id)
                ended += 1
    if not as_seeded:
        seed_link(connection, codes)
    return Reset(cancelled, ended, linked=not as_seeded)


def _cancel_open(connection: sa.Connection, codes: LinkCodes, person: Person) -> int:
    admin, bc_id = admin_of(connection, person, _RESET)
    waiting = link_requests.list_for_business_center(connection, admin, codes, bc_id, only_open=True, limit=_ALL)
    for request in waiting.items:
        link_requests.cancel(connection, admin, codes, bc_id, request.link_request_id)
    return len(waiting.items)


def _is_as_seeded(connection: sa.Connection, link: wire.Authorization) -> bool:
    bc_id, account_id = link.business_center.bc_id, link.account.account_id
    return (
        link.account.handle == LINKED_OWNER
        and bc_id == admin_of(connection, PEOPLE["outsider"])[1]
        and set(link.permissions) == set(LINKED_PERMISSIONS)
        and not ad_accounts.list_linked(connection, bc_id, [account_id])
    )
