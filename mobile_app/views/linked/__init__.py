"""Screens for the businesses an account is linked to."""
