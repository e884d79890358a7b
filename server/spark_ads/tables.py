"""Spark Ads: ads that run under an account's identity.

The table does not store whether an ad runs: that follows from the current state of its authorization (or Spark code),
links and post.
"""

import sqlalchemy as sa

from server.database.columns import Flag, Timestamp, identifier, table

spark_ads = table(
    "spark_ads",
    identifier("ad_id", primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id")),
    identifier("advertiser_id", sa.ForeignKey("ad_accounts.advertiser_id")),
    identifier("adgroup_id", nullable=True),  # as given by the caller of the Business API
    identifier("account_id", sa.ForeignKey("tiktok_accounts.account_id")),
    identifier("post_id", sa.ForeignKey("posts.post_id")),
    identifier("spark_code_id", sa.ForeignKey("spark_codes.spark_code_id"), nullable=True),  # null: by authorization
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("ads_only", Flag, nullable=False),  # "Show through ads only", for a pushed post
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("updated_at", Timestamp, nullable=False),
    sa.CheckConstraint("mode IN ('pull', 'push')", name="mode"),
    sa.CheckConstraint("state IN ('enabled', 'paused', 'deleted')", name="state"),
)
sa.Index("ix_spark_ads_bc_id", spark_ads.c.bc_id, spark_ads.c.ad_id)
sa.Index("ix_spark_ads_advertiser_id", spark_ads.c.advertiser_id, spark_ads.c.ad_id)
sa.Index("ix_spark_ads_post_id", spark_ads.c.post_id)
sa.Index("ix_spark_ads_account_id", spark_ads.c.account_id, spark_ads.c.ad_id)
