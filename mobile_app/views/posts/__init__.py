"""Screens for the owner's posts and their ad settings."""
