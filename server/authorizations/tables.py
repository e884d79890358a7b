"""Authorizations (one active per account and Business Center), assigned members and message settings."""

from typing import Final

import sqlalchemy as sa

from server.database.columns import Flag, JsonText, Timestamp, identifier, table

authorizations = table(
    "authorizations",
    identifier("authorization_id", primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id")),
    identifier("account_id", sa.ForeignKey("tiktok_accounts.account_id")),
    identifier("link_request_id"),  # the latest approved request; the owner may have turned off some permissions since
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("granted", JsonText, nullable=False),
    sa.Column("requested", JsonText, nullable=False),
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("holds_gmv_max", Flag, nullable=False),
    sa.Column("granted_at", Timestamp, nullable=False),
    sa.Column("updated_at", Timestamp, nullable=False),
    sa.Column("ended_at", Timestamp, nullable=True),
    sa.Column("ended_by", sa.Text, nullable=True),
    sa.CheckConstraint("ended_by IN ('owner', 'business_center')", name="ended_by"),
    sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
)
ACTIVE: Final = authorizations.c.ended_at.is_(None)
sa.Index(
    "uq_authorizations_active_pair",
    authorizations.c.bc_id,
    authorizations.c.account_id,
    unique=True,
    sqlite_where=ACTIVE,
    postgresql_where=ACTIVE,
)
_active_gmv_max = sa.and_(ACTIVE, authorizations.c.holds_gmv_max == sa.literal_column("1"))
sa.Index(
    "uq_authorizations_gmv_max_holder",
    authorizations.c.account_id,
    unique=True,
    sqlite_where=_active_gmv_max,
    postgresql_where=_active_gmv_max,
)
sa.Index("ix_authorizations_account_id", authorizations.c.account_id, authorizations.c.authorization_id)
sa.Index("ix_authorizations_bc_id", authorizations.c.bc_id, authorizations.c.authorization_id)

account_members = table(
    "account_members",
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id"), primary_key=True),
    identifier("account_id", sa.ForeignKey("tiktok_accounts.account_id"), primary_key=True),
    identifier("user_id", sa.ForeignKey("users.user_id"), primary_key=True),
    sa.Column("roles", JsonText, nullable=False),  # some of POST, LIVE, DIRECT_MESSAGE, in this order
    sa.Column("assigned_at", Timestamp, nullable=False),
)

message_settings = table(
    "message_settings",
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id"), primary_key=True),
    identifier("account_id", sa.ForeignKey("tiktok_accounts.account_id"), primary_key=True),
    sa.Column("enabled", Flag, nullable=False),
    sa.Column("welcome_text", sa.Text, nullable=False),
    sa.Column("updated_at", Timestamp, nullable=False),
)
