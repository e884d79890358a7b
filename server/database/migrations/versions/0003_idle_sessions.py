"""Sessions of the console end when nobody uses them; the ones that are open go on until they expire."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("sessions", sa.Column("last_used_at", columns.Timestamp(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("sessions", "last_used_at")
