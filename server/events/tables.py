"""The event table: append-only, with a hash chain for each Business Center, account or user."""

from typing import Final

import sqlalchemy as sa

from server.database.columns import BIGINT, JsonText, Timestamp, identifier, table

GENESIS: Final = "0" * 64

chains = table(
    "event_chains",
    sa.Column("chain", sa.Text, primary_key=True),  # "bc:ID", "account:ID" or "user:ID"
    sa.Column("sequence", BIGINT, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

events = table(
    "events",
    identifier("event_id", primary_key=True),
    sa.Column("chain", sa.Text, nullable=False),
    sa.Column("sequence", BIGINT, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    identifier("actor_id", nullable=True),
    sa.Column("actor_name", sa.Text, nullable=False),
    identifier("bc_id", nullable=True),
    identifier("account_id", nullable=True),
    sa.Column("data", JsonText, nullable=False),
    sa.Column("previous_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.UniqueConstraint("chain", "sequence"),
)
sa.Index("ix_events_account_id", events.c.account_id, events.c.event_id)
