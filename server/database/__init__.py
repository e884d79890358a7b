"""Run service functions on SQLite or PostgreSQL, and keep the schema up to date."""
