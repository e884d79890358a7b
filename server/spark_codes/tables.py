"""Spark codes: an owner lets one post be used in ads without linking the account."""

from typing import Final

import sqlalchemy as sa

from server.database.columns import Timestamp, identifier, table

DAYS: Final = (7, 30, 60, 365)

spark_codes = table(
    "spark_codes",
    identifier("spark_code_id", primary_key=True),
    identifier("post_id", sa.ForeignKey("posts.post_id")),
    identifier("account_id", sa.ForeignKey("tiktok_accounts.account_id")),
    sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
    sa.Column("revoked_at", Timestamp, nullable=True),
    sa.CheckConstraint(f"days IN ({', '.join(map(str, DAYS))})", name="days"),
)
_live = spark_codes.c.revoked_at.is_(None)
sa.Index("ix_spark_codes_post_id", spark_codes.c.post_id, sqlite_where=_live, postgresql_where=_live)

spark_code_uses = table(
    "spark_code_uses",
    identifier("advertiser_id", sa.ForeignKey("ad_accounts.advertiser_id"), primary_key=True),
    identifier("spark_code_id", sa.ForeignKey("spark_codes.spark_code_id"), primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id")),
    sa.Column("authorized_by", sa.Text, nullable=False),
    sa.Column("authorized_at", Timestamp, nullable=False),
)
sa.Index("ix_spark_code_uses_spark_code_id", spark_code_uses.c.spark_code_id)
