"""What permissions are for: ad account access, member access, post media, Spark codes, Spark Ads, Business API."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the migration."""
    # Plain SQL, since SQLite accepts a new check only as part of the added column.
    op.execute(
        "ALTER TABLE posts ADD COLUMN origin TEXT DEFAULT 'owner' NOT NULL "
        "CONSTRAINT ck_posts_origin CHECK (origin IN ('owner', 'business_center'))"
    )
    op.execute("ALTER TABLE posts ADD COLUMN ads_only INTEGER DEFAULT 0 NOT NULL")
    op.execute("ALTER TABLE posts ADD COLUMN duration_seconds INTEGER")
    op.execute("ALTER TABLE posts ADD COLUMN source_video_id TEXT")
    op.add_column("posts", sa.Column("deleted_at", columns.Timestamp(), nullable=True))
    op.create_table(
        "account_members",
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("roles", columns.JsonText(), nullable=False),
        sa.Column("assigned_at", columns.Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_account_members_account_id")
        ),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_account_members_bc_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_account_members_user_id")),
        sa.PrimaryKeyConstraint("bc_id", "account_id", "user_id", name=op.f("pk_account_members")),
        sqlite_strict=True,
    )
    op.create_table(
        "api_apps",
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.Column("revoked_at", columns.Timestamp(), nullable=True),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_api_apps_bc_id")),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_api_apps")),
        sqlite_strict=True,
    )
    op.create_index("ix_api_apps_bc_id", "api_apps", ["bc_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("invitation_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.Column("expires_at", columns.Timestamp(), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'standard')", name=op.f("ck_invitations_role")),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_invitations_bc_id")),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("bc_id", "email", name=op.f("uq_invitations_bc_id_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "message_settings",
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("enabled", columns.Flag(), nullable=False),
        sa.Column("welcome_text", sa.Text(), nullable=False),
        sa.Column("updated_at", columns.Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_message_settings_account_id")
        ),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_message_settings_bc_id")),
        sa.PrimaryKeyConstraint("bc_id", "account_id", name=op.f("pk_message_settings")),
        sqlite_strict=True,
    )
    op.create_table(
        "offerings",
        sa.Column("offering_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("details", columns.JsonText(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.CheckConstraint("kind IN ('live', 'series', 'product')", name=op.f("ck_offerings_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_offerings_account_id")),
        sa.PrimaryKeyConstraint("offering_id", name=op.f("pk_offerings")),
        sqlite_strict=True,
    )
    op.create_index("ix_offerings_account_id", "offerings", ["account_id", "kind", "offering_id"], unique=False)
    op.create_table(
        "access_tokens",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.Column("expires_at", columns.Timestamp(), nullable=True),
        sa.Column("revoked_at", columns.Timestamp(), nullable=True),
        sa.Column("last_used_at", columns.Timestamp(), nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["api_apps.app_id"], name=op.f("fk_access_tokens_app_id")),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_access_tokens_bc_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_access_tokens_user_id")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_access_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_tokens_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_access_tokens_bc_id", "access_tokens", ["bc_id", "token_id"], unique=False)
    op.create_table(
        "ad_account_members",
        sa.Column("advertiser_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("added_at", columns.Timestamp(), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'operator', 'analyst')", name=op.f("ck_ad_account_members_role")),
        sa.ForeignKeyConstraint(
            ["advertiser_id"], ["ad_accounts.advertiser_id"], name=op.f("fk_ad_account_members_advertiser_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_ad_account_members_user_id")),
        sa.PrimaryKeyConstraint("advertiser_id", "user_id", name=op.f("pk_ad_account_members")),
        sqlite_strict=True,
    )
    op.create_index("ix_ad_account_members_user_id", "ad_account_members", ["user_id"], unique=False)
    op.create_table(
        "auth_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.Column("expires_at", columns.Timestamp(), nullable=False),
        sa.Column("used_at", columns.Timestamp(), nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["api_apps.app_id"], name=op.f("fk_auth_codes_app_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_auth_codes_user_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_auth_codes")),
        sqlite_strict=True,
    )
    op.create_table(
        "post_media",
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("cover", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_post_media_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_media")),
        sqlite_strict=True,
    )
    op.create_table(
        "spark_codes",
        sa.Column("spark_code_id", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.Column("expires_at", columns.Timestamp(), nullable=False),
        sa.Column("revoked_at", columns.Timestamp(), nullable=True),
        sa.CheckConstraint("days IN (7, 30, 60, 365)", name=op.f("ck_spark_codes_days")),
        sa.ForeignKeyConstraint(["account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_spark_codes_account_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_spark_codes_post_id")),
        sa.PrimaryKeyConstraint("spark_code_id", name=op.f("pk_spark_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_spark_codes_code_hash")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_spark_codes_post_id",
        "spark_codes",
        ["post_id"],
        unique=False,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "api_calls",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=True),
        sa.Column("token_id", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("at", columns.Timestamp(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("parameters", columns.JsonText(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_api_calls_bc_id")),
        sa.ForeignKeyConstraint(["token_id"], ["access_tokens.token_id"], name=op.f("fk_api_calls_token_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_api_calls")),
        sqlite_strict=True,
    )
    op.create_index("ix_api_calls_bc_id", "api_calls", ["bc_id", "call_id"], unique=False)
    op.create_table(
        "spark_ads",
        sa.Column("ad_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("advertiser_id", sa.Text(), nullable=False),
        sa.Column("adgroup_id", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("spark_code_id", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ads_only", columns.Flag(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.Column("updated_at", columns.Timestamp(), nullable=False),
        sa.CheckConstraint("mode IN ('pull', 'push')", name=op.f("ck_spark_ads_mode")),
        sa.CheckConstraint("state IN ('enabled', 'paused', 'deleted')", name=op.f("ck_spark_ads_state")),
        sa.ForeignKeyConstraint(["account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_spark_ads_account_id")),
        sa.ForeignKeyConstraint(
            ["advertiser_id"], ["ad_accounts.advertiser_id"], name=op.f("fk_spark_ads_advertiser_id")
        ),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_spark_ads_bc_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_spark_ads_post_id")),
        sa.ForeignKeyConstraint(
            ["spark_code_id"], ["spark_codes.spark_code_id"], name=op.f("fk_spark_ads_spark_code_id")
        ),
        sa.PrimaryKeyConstraint("ad_id", name=op.f("pk_spark_ads")),
        sqlite_strict=True,
    )
    op.create_index("ix_spark_ads_account_id", "spark_ads", ["account_id", "ad_id"], unique=False)
    op.create_index("ix_spark_ads_advertiser_id", "spark_ads", ["advertiser_id", "ad_id"], unique=False)
    op.create_index("ix_spark_ads_bc_id", "spark_ads", ["bc_id", "ad_id"], unique=False)
    op.create_index("ix_spark_ads_post_id", "spark_ads", ["post_id"], unique=False)
    op.create_table(
        "spark_code_uses",
        sa.Column("advertiser_id", sa.Text(), nullable=False),
        sa.Column("spark_code_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("authorized_by", sa.Text(), nullable=False),
        sa.Column("authorized_at", columns.Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["advertiser_id"], ["ad_accounts.advertiser_id"], name=op.f("fk_spark_code_uses_advertiser_id")
        ),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_spark_code_uses_bc_id")),
        sa.ForeignKeyConstraint(
            ["spark_code_id"], ["spark_codes.spark_code_id"], name=op.f("fk_spark_code_uses_spark_code_id")
        ),
        sa.PrimaryKeyConstraint("advertiser_id", "spark_code_id", name=op.f("pk_spark_code_uses")),
        sqlite_strict=True,
    )
    op.create_index("ix_spark_code_uses_spark_code_id", "spark_code_uses", ["spark_code_id"], unique=False)


def downgrade() -> None:
    """Revert the migration."""
    op.drop_table("spark_code_uses")
    op.drop_table("spark_ads")
    op.drop_table("api_calls")
    op.drop_table("spark_codes")
    op.drop_table("post_media")
    op.drop_table("auth_codes")
    op.drop_table("ad_account_members")
    op.drop_table("access_tokens")
    op.drop_table("offerings")
    op.drop_table("message_settings")
    op.drop_table("invitations")
    op.drop_table("api_apps")
    op.drop_table("account_members")
    for column in ("deleted_at", "source_video_id", "duration_seconds", "ads_only", "origin"):
        op.drop_column("posts", column)
