"""Link requests, and the query that reads each with the Business Center that asks."""

from typing import Final

import sqlalchemy as sa

from server.business_centers.tables import business_centers as centers
from server.database.columns import JsonText, Timestamp, identifier, table
from server.link_requests.states import OPEN
from shared.wire import LinkRequestState as State

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
IS_OPEN: Final = link_requests.c.state.in_([sa.literal_column(repr(state.value)) for state in OPEN])
sa.Index("ix_link_requests_open", link_requests.c.expires_at, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)

WITH_CENTER: Final = (
    sa.select(link_requests)
    .add_columns(centers.c.name.label("bc_name"), centers.c.verified.label("bc_verified"), centers.c.account_count)
    .join_from(link_requests, centers, link_requests.c.bc_id == centers.c.bc_id)
)
