"""Reads and writes: how service functions run on SQLite and PostgreSQL, and the schema they run on."""
