"""Spark codes: an owner lets one post be used in ads without linking the account."""
