"""Developer apps, access tokens, auth codes and the request log."""

import sqlalchemy as sa

from server.database.columns import JsonText, Timestamp, identifier, table

api_apps = table(
    "api_apps",
    identifier("app_id", primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.LargeBinary, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("revoked_at", Timestamp, nullable=True),
)
sa.Index("ix_api_apps_bc_id", api_apps.c.bc_id)

access_tokens = table(
    "access_tokens",
    identifier("token_id", primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id")),
    identifier("user_id", sa.ForeignKey("users.user_id")),  # the member in whose name it acts
    identifier("app_id", sa.ForeignKey("api_apps.app_id"), nullable=True),  # null: made in the console
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("hint", sa.Text, nullable=False),  # the last four characters, to tell tokens apart
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=True),
    sa.Column("revoked_at", Timestamp, nullable=True),
    sa.Column("last_used_at", Timestamp, nullable=True),
)
sa.Index("ix_access_tokens_bc_id", access_tokens.c.bc_id, access_tokens.c.token_id)

auth_codes = table(
    "auth_codes",
    sa.Column("code_hash", sa.LargeBinary, primary_key=True),
    identifier("app_id", sa.ForeignKey("api_apps.app_id")),
    identifier("user_id", sa.ForeignKey("users.user_id")),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
    sa.Column("used_at", Timestamp, nullable=True),
)

api_calls = table(
    "api_calls",
    identifier("call_id", primary_key=True),
    identifier("bc_id", sa.ForeignKey("business_centers.bc_id"), nullable=True),  # null: no valid token
    identifier("token_id", sa.ForeignKey("access_tokens.token_id"), nullable=True),
    identifier("request_id"),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("code", sa.Integer, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("parameters", JsonText, nullable=False),  # redacted
    sa.Column("duration_ms", sa.Integer, nullable=False),
)
sa.Index("ix_api_calls_bc_id", api_calls.c.bc_id, api_calls.c.call_id)
