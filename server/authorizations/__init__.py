"""Authorizations: what an account has granted a Business Center, and the one place that enforces it."""
