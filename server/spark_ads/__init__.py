"""Spark Ads: ads that run under an account's identity, and whether they really do."""
