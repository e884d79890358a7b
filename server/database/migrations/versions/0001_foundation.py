"""Foundation: centers, accounts, sessions, link requests, authorizations and the event log."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the migration."""
    op.create_table(
        "business_centers",
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("verified", columns.Flag(), nullable=False),
        sa.Column("account_count", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.CheckConstraint("account_count BETWEEN 0 AND 800", name=op.f("ck_business_centers_account_limit")),
        sa.PrimaryKeyConstraint("bc_id", name=op.f("pk_business_centers")),
        sqlite_strict=True,
    )
    op.create_table(
        "event_chains",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_event_chains")),
        sqlite_strict=True,
    )
    op.create_table(
        "events",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", columns.Timestamp(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("data", columns.JsonText(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events")),
        sa.UniqueConstraint("chain", "sequence", name=op.f("uq_events_chain_sequence")),
        sqlite_strict=True,
    )
    op.create_index("ix_events_account_id", "events", ["account_id", "event_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.Column("expires_at", columns.Timestamp(), nullable=False),
        sa.CheckConstraint("kind IN ('owner', 'member')", name=op.f("ck_sessions_kind")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
        sqlite_strict=True,
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False)
    op.create_table(
        "tiktok_accounts",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("avatar_hue", sa.Integer(), nullable=False),
        sa.Column("verified", columns.Flag(), nullable=False),
        sa.Column("following_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("follower_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("like_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("business_center_count", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.CheckConstraint(
            "business_center_count BETWEEN 0 AND 800", name=op.f("ck_tiktok_accounts_business_center_limit")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_tiktok_accounts")),
        sa.UniqueConstraint("handle", name=op.f("uq_tiktok_accounts_handle")),
        sqlite_strict=True,
    )
    op.create_table(
        "users",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sqlite_strict=True,
    )
    op.create_table(
        "ad_accounts",
        sa.Column("advertiser_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_ad_accounts_bc_id")),
        sa.PrimaryKeyConstraint("advertiser_id", name=op.f("pk_ad_accounts")),
        sqlite_strict=True,
    )
    op.create_index("ix_ad_accounts_bc_id", "ad_accounts", ["bc_id"], unique=False)
    op.create_table(
        "authorizations",
        sa.Column("authorization_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("link_request_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("granted", columns.JsonText(), nullable=False),
        sa.Column("requested", columns.JsonText(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("holds_gmv_max", columns.Flag(), nullable=False),
        sa.Column("granted_at", columns.Timestamp(), nullable=False),
        sa.Column("updated_at", columns.Timestamp(), nullable=False),
        sa.Column("ended_at", columns.Timestamp(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint("ended_by IN ('owner', 'business_center')", name=op.f("ck_authorizations_ended_by")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_authorizations_ended")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_authorizations_account_id")
        ),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_authorizations_bc_id")),
        sa.PrimaryKeyConstraint("authorization_id", name=op.f("pk_authorizations")),
        sqlite_strict=True,
    )
    op.create_index("ix_authorizations_account_id", "authorizations", ["account_id", "authorization_id"], unique=False)
    op.create_index("ix_authorizations_bc_id", "authorizations", ["bc_id", "authorization_id"], unique=False)
    op.create_index(
        "uq_authorizations_active_pair",
        "authorizations",
        ["bc_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_authorizations_gmv_max_holder",
        "authorizations",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND holds_gmv_max = 1"),
        postgresql_where=sa.text("ended_at IS NULL AND holds_gmv_max = 1"),
    )
    op.create_table(
        "members",
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("added_at", columns.Timestamp(), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'standard')", name=op.f("ck_members_role")),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_members_bc_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_members_user_id")),
        sa.PrimaryKeyConstraint("bc_id", "user_id", name=op.f("pk_members")),
        sqlite_strict=True,
    )
    op.create_index("ix_members_user_id", "members", ["user_id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("play_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cover_hue", sa.Integer(), nullable=False),
        sa.Column("private", columns.Flag(), nullable=False),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_posts_account_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_posts")),
        sqlite_strict=True,
    )
    op.create_index("ix_posts_account_id", "posts", ["account_id", "post_id"], unique=False)
    op.create_table(
        "ad_account_links",
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("advertiser_id", sa.Text(), nullable=False),
        sa.Column("linked_at", columns.Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_ad_account_links_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["advertiser_id"], ["ad_accounts.advertiser_id"], name=op.f("fk_ad_account_links_advertiser_id")
        ),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_ad_account_links_bc_id")),
        sa.PrimaryKeyConstraint("bc_id", "account_id", "advertiser_id", name=op.f("pk_ad_account_links")),
        sqlite_strict=True,
    )
    op.create_table(
        "link_requests",
        sa.Column("link_request_id", sa.Text(), nullable=False),
        sa.Column("bc_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("permissions", columns.JsonText(), nullable=False),
        sa.Column("granted", columns.JsonText(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("for_account_id", sa.Text(), nullable=True),
        sa.Column("requested_by_user_id", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("lifetime_seconds", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("typed_hash", sa.LargeBinary(), nullable=True),
        sa.Column("scanned_by", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("authorization_id", sa.Text(), nullable=True),
        sa.Column("created_at", columns.Timestamp(), nullable=False),
        sa.Column("expires_at", columns.Timestamp(), nullable=False),
        sa.Column("decided_at", columns.Timestamp(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'scanned', 'approved', 'declined', 'expired', 'cancelled')",
            name=op.f("ck_link_requests_state"),
        ),
        sa.ForeignKeyConstraint(
            ["authorization_id"], ["authorizations.authorization_id"], name=op.f("fk_link_requests_authorization_id")
        ),
        sa.ForeignKeyConstraint(["bc_id"], ["business_centers.bc_id"], name=op.f("fk_link_requests_bc_id")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["tiktok_accounts.account_id"], name=op.f("fk_link_requests_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["for_account_id"], ["tiktok_accounts.account_id"], name=op.f("fk_link_requests_for_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_user_id"], ["users.user_id"], name=op.f("fk_link_requests_requested_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["scanned_by"], ["tiktok_accounts.account_id"], name=op.f("fk_link_requests_scanned_by")
        ),
        sa.PrimaryKeyConstraint("link_request_id", name=op.f("pk_link_requests")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_link_requests_code_hash")),
        sa.UniqueConstraint("typed_hash", name=op.f("uq_link_requests_typed_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_link_requests_bc_id", "link_requests", ["bc_id", "link_request_id"], unique=False)
    op.create_index(
        "ix_link_requests_open",
        "link_requests",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'scanned')"),
        postgresql_where=sa.text("state IN ('pending', 'scanned')"),
    )
    _forbid_changes_of_events()


def _forbid_changes_of_events() -> None:
    # The program can only append to the log. Somebody who drops the trigger to change a row breaks the hash chain.
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
                "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION events_are_append_only()"
    )


def downgrade() -> None:
    """Revert the migration."""
    for name in (
        "link_requests",
        "ad_account_links",
        "posts",
        "members",
        "authorizations",
        "ad_accounts",
        "users",
        "tiktok_accounts",
        "sessions",
        "events",
        "event_chains",
        "business_centers",
    ):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION events_are_append_only()")
