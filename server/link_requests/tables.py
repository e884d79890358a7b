"""Link requests, and which state may follow which."""

from typing import Final

import sqlalchemy as sa

from server.database.columns import JsonText, Timestamp, identifier, table
from shared.wire import LinkRequestState as State

OPEN: Final = (State.PENDING, State.SCANNED)
TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    State.PENDING: frozenset({State.SCANNED, State.APPROVED, State.DECLINED, State.EXPIRED, State.CANCELLED}),
    State.SCANNED: frozenset({State.PENDING, State.APPROVED, State.DECLINED, State.EXPIRED, State.CANCELLED}),
    State.APPROVED: frozenset(),
    State.DECLINED: frozenset(),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
}

link_requests = table(
    "link_requests",
    identifier("link_request_id", primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id")),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("permissions", JsonText, nullable=False),
    sa.Column("granted", JsonText, nullable=True),
    sa.Column("message", sa.Text, nullable=True),
    identifier("for_account_id", sa.ForeignKey("tiktok_accounts.account_id"), nullable=True),
    identifier("requested_by_user_id", sa.ForeignKey("users.user_id")),
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("lifetime_seconds", sa.Integer, nullable=False),
    sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("typed_hash", sa.LargeBinary, nullable=True, unique=True),
    identifier("scanned_by", sa.ForeignKey("tiktok_accounts.account_id"), nullable=True),
    identifier("decided_by", sa.ForeignKey("tiktok_accounts.account_id"), nullable=True),
    identifier("authorization_id", sa.ForeignKey("authorizations.authorization_id"), nullable=True),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
    sa.Column("decided_at", Timestamp, nullable=True),
    sa.CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in State)})", name="state"),
)
sa.Index("ix_link_requests_bc_id", link_requests.c.bc_id, link_requests.c.link_request_id)
_open = link_requests.c.state.in_([sa.literal_column(repr(state.value)) for state in OPEN])
sa.Index("ix_link_requests_open", link_requests.c.expires_at, sqlite_where=_open, postgresql_where=_open)
