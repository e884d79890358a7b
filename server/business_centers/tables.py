"""Business Centers, the people who sign in to them, their memberships and roles, and invitations."""

from typing import Final

import sqlalchemy as sa

from server.database.columns import Flag, Timestamp, identifier, table

ACCOUNT_LIMIT: Final = 800  # TikTok accounts per Business Center (the vendor's help center)

business_centers = table(
    "business_centers",
    identifier("bc_id", primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("verified", Flag, nullable=False),
    sa.Column("account_count", sa.Integer, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.CheckConstraint(f"account_count BETWEEN 0 AND {ACCOUNT_LIMIT}", name="account_limit"),
)

users = table(
    "users",
    identifier("user_id", primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),  # lower case
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
)

members = table(
    "members",
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id"), primary_key=True),
    identifier("user_id", sa.ForeignKey("users.user_id"), primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("added_at", Timestamp, nullable=False),
    sa.CheckConstraint("role IN ('admin', 'standard')", name="role"),
)
sa.Index("ix_members_user_id", members.c.user_id)

invitations = table(
    "invitations",
    identifier("invitation_id", primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id")),
    sa.Column("email", sa.Text, nullable=False),  # lower case
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("invited_by", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
    sa.UniqueConstraint("bc_id", "email"),
    sa.CheckConstraint("role IN ('admin', 'standard')", name="role"),
)
