"""Fill an empty database with the demo: two Business Centers, four accounts, random passwords."""

from typing import Any

import sqlalchemy as sa

from server.ad_accounts import service as ad_accounts
from server.auth.passwords import hash_password
from server.business_api import apps, tokens
from server.business_centers import service as business_centers
from server.business_centers.tables import users
from server.demo.people import (
    FABRIKAM,
    LINKED_OWNER,
    LINKED_PERMISSIONS,
    NORTHWIND,
    OWNERS,
    PEOPLE,
    Owner,
    admin_of,
    new_passphrase,
    owner_of,
)
from server.link_requests import approval
from server.link_requests import service as link_requests
from server.security import LinkCodes
from server.tiktok_accounts import offerings
from server.tiktok_accounts import service as tiktok_accounts
from shared import wire


def seed(connection: sa.Connection, base_url: str, codes: LinkCodes) -> dict[str, Any]:
    """Fill an empty database and return the content of `demo.json`."""
    logins: dict[str, Any] = {"base_url": base_url}
    centers = {
        NORTHWIND: business_centers.create(connection, NORTHWIND, verified=True),
        FABRIKAM: business_centers.create(connection, FABRIKAM),
    }
    for key, person in PEOPLE.items():
        password = new_passphrase()
        user_id = business_centers.create_user(connection, person.email, person.name, hash_password(password))
        business_centers.add_member(connection, centers[person.center], user_id, person.role)
        logins[key] = {"email": person.email, "password": password, "bc_id": centers[person.center]}
    for name in ("Northwind EU", "Northwind US", "Cold Brew Launch"):
        ad_accounts.create(connection, centers[NORTHWIND], name)
    ad_accounts.create(connection, centers[FABRIKAM], "Fabrikam Main")
    logins["owners"] = [_seed_owner(connection, owner) for owner in OWNERS]
    logins["api"] = seed_api(connection)
    seed_link(connection, codes)
    return logins


def seed_api(connection: sa.Connection) -> dict[str, str]:
    """Create an app and a token for calling the Business API as the admin."""
    admin, bc_id = admin_of(connection, PEOPLE["admin"])
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


def _seed_owner(connection: sa.Connection, owner: Owner) -> dict[str, str]:
    password = new_passphrase()
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


def _seed_offerings(connection: sa.Connection, account_id: str, owner: Owner) -> None:
    """Give an account LIVE videos, a Series and products, which permissions can share in addition to posts."""
    for title in ("Friday evening live", "Questions and answers"):
        offerings.add(connection, account_id, "live", f"{owner.name}: {title}", {})
    details = {"total_episode": 6, "total_duration": 1_980}
    offerings.add(connection, account_id, "series", f"{owner.name} from the start", details)
    for title, price in (("Starter set", "24.00"), ("Poster", "12.50")):
        product = {"price": price, "currency": "USD"}
        offerings.add(connection, account_id, "product", f"{owner.name} {title.lower()}", product)


def seed_link(connection: sa.Connection, codes: LinkCodes) -> None:
    """Link one account to the other Business Center, through the same steps that people take."""
    admin, bc_id = admin_of(connection, PEOPLE["outsider"])
    approver = owner_of(connection, LINKED_OWNER)
    asked = wire.CreateLinkRequest(permissions=list(LINKED_PERMISSIONS))
    request = link_requests.create(connection, admin, codes, bc_id, asked)
    read = approval.read_code(request.url or "", codes)
    preview = approval.open_request(connection, approver, read)
    wanted = wire.Approve(code=request.url or "", consent_hash=preview.consent_hash)
    approval.approve(connection, approver, read, request.link_request_id, wanted)


def is_empty(connection: sa.Connection) -> bool:
    """Return whether the database has no users yet."""
    return connection.execute(sa.select(users.c.user_id).limit(1)).first() is None
