"""Sessions of owners and members."""

import sqlalchemy as sa

from server.database.columns import Timestamp, identifier, table

sessions = table(
    "sessions",
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    identifier("subject_id"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
    sa.Column("last_used_at", Timestamp, nullable=True),  # NULL: only its age ends it
    sa.CheckConstraint("kind IN ('owner', 'member')", name="kind"),
)
sa.Index("ix_sessions_expires_at", sessions.c.expires_at)
