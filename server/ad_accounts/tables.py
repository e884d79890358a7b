"""Ad accounts, the TikTok accounts they are linked to, and their members."""

import sqlalchemy as sa

from server.database.columns import Timestamp, identifier, table

ad_accounts = table(
    "ad_accounts",
    identifier("advertiser_id", primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
)
sa.Index("ix_ad_accounts_bc_id", ad_accounts.c.bc_id)

ad_account_links = table(
    "ad_account_links",
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id"), primary_key=True),
    identifier("account_id", sa.ForeignKey("tiktok_accounts.account_id"), primary_key=True),
    identifier("advertiser_id", sa.ForeignKey("ad_accounts.advertiser_id"), primary_key=True),
    sa.Column("linked_at", Timestamp, nullable=False),
)

ad_account_members = table(
    "ad_account_members",
    identifier("advertiser_id", sa.ForeignKey("ad_accounts.advertiser_id"), primary_key=True),
    identifier("user_id", sa.ForeignKey("users.user_id"), primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("added_at", Timestamp, nullable=False),
    sa.CheckConstraint("role IN ('admin', 'operator', 'analyst')", name="role"),
)
sa.Index("ix_ad_account_members_user_id", ad_account_members.c.user_id)
