"""Signing in, sessions, and the caller of a request."""
