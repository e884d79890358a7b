"""Accounts as others see them, and the number of Business Centers an account is linked to."""

from typing import Any

import sqlalchemy as sa

from server.actor import Actor
from server.business_centers.service import WrongKindOfSession
from server.clock import utc_now
from server.database.columns import new_id
from server.database.prepared import prepared
from server.problems import Problem, or_not_found
from server.tiktok_accounts.tables import BUSINESS_CENTER_LIMIT, posts, tiktok_accounts
from shared import wire
from shared.problems import ProblemType


class AccountLimitReached(Problem):
    """The account is linked to 800 Business Centers already."""

    type, status, title = ProblemType.ACCOUNT_LIMIT_REACHED, 409, "The account is linked to too many businesses"
    detail = (
        "This account is already linked to {limit} Business Centers, the most it can have. "
        "Remove one under Linked businesses, then scan again. Nothing was granted."
    )


CARD = (
    tiktok_accounts.c.account_id,
    tiktok_accounts.c.handle,
    tiktok_accounts.c.display_name,
    tiktok_accounts.c.avatar_hue,
    tiktok_accounts.c.verified,
)
# The same columns with a prefix, for rows in which the account is one part of several.
ACCOUNT = tuple(column.label(f"account_{column.key}") for column in CARD)
_ONE_CARD = prepared(
    sa.select(*CARD, tiktok_accounts.c.business_center_count).where(
        tiktok_accounts.c.account_id == sa.bindparam("of_account")
    )
)
_COUNT_UP = prepared(
    sa.update(tiktok_accounts)
    .where(
        tiktok_accounts.c.account_id == sa.bindparam("of_account"),
        tiktok_accounts.c.business_center_count < BUSINESS_CENTER_LIMIT,
    )
    .values(business_center_count=tiktok_accounts.c.business_center_count + 1)
)


def require_owner(actor: Actor) -> str:
    """Return the account id of the calling owner.

    Raises:
        WrongKindOfSession: the caller is a member of a Business Center.
    """
    if actor.kind != "owner":
        raise WrongKindOfSession(is_a="a member of a Business Center", needs="the owner of a TikTok account")
    return actor.subject_id


def card(row: sa.Row[*tuple[Any, ...]]) -> wire.Account:
    """Return the account in a row with the columns of `CARD`."""
    return wire.Account(
        account_id=row.account_id,
        handle=row.handle,
        display_name=row.display_name,
        avatar_hue=row.avatar_hue,
        verified=bool(row.verified),
    )


def account_of(row: sa.Row[*tuple[Any, ...]]) -> wire.Account:
    """Return the account in a row with the columns of `ACCOUNT`."""
    return wire.Account(**{column.key: getattr(row, f"account_{column.key}") for column in CARD})


def get_card(connection: sa.Connection, account_id: str) -> tuple[wire.Account, int]:
    """Return an account and the number of Business Centers it is linked to.

    Raises:
        NotFound: there is no such account.
    """
    row = or_not_found(_ONE_CARD.one_or_none(connection, of_account=account_id), thing="account")
    return card(row), row.business_center_count


def list_cards(connection: sa.Connection, account_ids: set[str]) -> dict[str, wire.Account]:
    """Return the accounts with these ids, by id."""
    if not account_ids:
        return {}
    rows = connection.execute(sa.select(*CARD).where(tiktok_accounts.c.account_id.in_(sorted(account_ids))))
    return {row.account_id: card(row) for row in rows}


def find_by_handle(connection: sa.Connection, handle: str) -> wire.Account | None:
    """Return the account with this handle (case and a leading @ do not matter), or None."""
    wanted = tidy_handle(handle)
    row = connection.execute(sa.select(*CARD).where(tiktok_accounts.c.handle == wanted)).one_or_none()
    return None if row is None else card(row)


def tidy_handle(handle: str) -> str:
    """Return the handle as it is stored: lower case, without surrounding spaces and the @."""
    return handle.strip().removeprefix("@").lower()


def count_business_center_up(connection: sa.Connection, account_id: str) -> None:
    """Take one of an account's 800 places; the limit is exact. Always call it before the Business Center's counter.

    Raises:
        AccountLimitReached: no place is left.
    """
    if _COUNT_UP.run(connection, of_account=account_id) != 1:
        raise AccountLimitReached(limit=BUSINESS_CENTER_LIMIT)


def count_business_center_down(connection: sa.Connection, account_id: str) -> None:
    """Give one place back."""
    down = tiktok_accounts.c.business_center_count - 1
    mine = tiktok_accounts.c.account_id == account_id
    connection.execute(sa.update(tiktok_accounts).where(mine).values(business_center_count=down))


def create(connection: sa.Connection, handle: str, display_name: str, password_hash: str, **fields: Any) -> str:
    """Create an account and return its id; `fields` are the other columns of a profile."""
    row = {
        "account_id": new_id(),
        "handle": tidy_handle(handle),
        "display_name": display_name,
        "password_hash": password_hash,
        "bio": "",
        "avatar_hue": 200,
        "verified": False,
        "following_count": 0,
        "follower_count": 0,
        "like_count": 0,
        "business_center_count": 0,
        "created_at": utc_now(),
        **fields,
    }
    connection.execute(sa.insert(tiktok_accounts), row)
    return str(row["account_id"])


def add_post(connection: sa.Connection, account_id: str, caption: str, **fields: Any) -> str:
    """Add a post to a profile and return its id."""
    row = {
        "post_id": new_id(),
        "account_id": account_id,
        "caption": caption,
        "play_count": 0,
        "cover_hue": 200,
        "private": False,
        "created_at": utc_now(),
        **fields,
    }
    connection.execute(sa.insert(posts), row)
    return str(row["post_id"])


def lock(connection: sa.Connection, account_id: str) -> None:
    """Lock an account until the commit: others who change it wait."""
    this = tiktok_accounts.c.account_id == account_id
    connection.execute(sa.select(tiktok_accounts.c.account_id).where(this).with_for_update())
