"""TikTok accounts and their posts."""

from typing import Final

import sqlalchemy as sa

from server.columns import BIGINT, Flag, Timestamp, identifier, table

BUSINESS_CENTER_LIMIT: Final = 800  # Business Centers per account (help centre of the vendor)

tiktok_accounts = table(
    "tiktok_accounts",
    identifier("account_id", primary_key=True),
    sa.Column("handle", sa.Text, nullable=False, unique=True),  # lower case, without @
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("bio", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("avatar_hue", sa.Integer, nullable=False),
    sa.Column("verified", Flag, nullable=False),
    sa.Column("following_count", BIGINT, nullable=False),
    sa.Column("follower_count", BIGINT, nullable=False),
    sa.Column("like_count", BIGINT, nullable=False),
    sa.Column("business_center_count", sa.Integer, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.CheckConstraint(f"business_center_count BETWEEN 0 AND {BUSINESS_CENTER_LIMIT}", name="business_center_limit"),
)

posts = table(
    "posts",
    identifier("post_id", primary_key=True),
    identifier("account_id", sa.ForeignKey("tiktok_accounts.account_id")),
    sa.Column("caption", sa.Text, nullable=False),
    sa.Column("play_count", BIGINT, nullable=False),
    sa.Column("cover_hue", sa.Integer, nullable=False),
    sa.Column("private", Flag, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
)
sa.Index("ix_posts_account_id", posts.c.account_id, posts.c.post_id)
