"""TikTok accounts, their posts, and their LIVE videos, Series and products."""

from typing import Final

import sqlalchemy as sa

from server.database.columns import BIGINT, Flag, JsonText, Timestamp, identifier, table

BUSINESS_CENTER_LIMIT: Final = 800  # Business Centers per account (the vendor's help center)

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
    # "owner" posted it in the app; "business_center" pushed it as the content of a Spark Ad.
    sa.Column("origin", sa.Text, nullable=False, server_default="owner"),
    sa.Column("ads_only", Flag, nullable=False, server_default=sa.text("0")),  # never on the profile
    sa.Column("duration_seconds", sa.Integer, nullable=True),  # of a video
    sa.Column("source_video_id", sa.Text, nullable=True),  # the id of the video that the Business Center pushed
    sa.Column("deleted_at", Timestamp, nullable=True),  # the row stays for the ads that used it
    sa.Column("created_at", Timestamp, nullable=False),
    sa.CheckConstraint("origin IN ('owner', 'business_center')", name="origin"),
)
sa.Index("ix_posts_account_id", posts.c.account_id, posts.c.post_id)

post_media = table(
    "post_media",
    identifier("post_id", sa.ForeignKey("posts.post_id"), primary_key=True),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("cover", sa.LargeBinary, nullable=True),  # JPEG for the grid
)

# LIVE sessions, Series and Showcase products, which permissions can share in addition to posts.
offerings = table(
    "offerings",
    identifier("offering_id", primary_key=True),
    identifier("account_id", sa.ForeignKey("tiktok_accounts.account_id")),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("details", JsonText, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.CheckConstraint("kind IN ('live', 'series', 'product')", name="kind"),
)
sa.Index("ix_offerings_account_id", offerings.c.account_id, offerings.c.kind, offerings.c.offering_id)
