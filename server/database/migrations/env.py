"""Alembic's entry point. `server.database.migrate` passes the connection and the metadata."""

from typing import Any, Literal

from alembic import context

config = context.config


def render_type(kind: str, item: Any, _autogen_context: object) -> str | Literal[False]:
    """Render our own column types by name in new migrations."""
    module = type(item).__module__
    return f"columns.{type(item).__name__}()" if kind == "type" and module == "server.database.columns" else False


context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["metadata"],
    render_item=render_type,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
