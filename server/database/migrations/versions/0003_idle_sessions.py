"""Console sessions end after a while without use; sessions that are already open last until they expire."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the migration."""
    op.add_column("sessions", sa.Column("last_used_at", columns.Timestamp(), nullable=True))


def downgrade() -> None:
    """Revert the migration."""
    op.drop_column("sessions", "last_used_at")
