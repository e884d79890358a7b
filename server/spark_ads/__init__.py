"""Spark Ads: ads under an account's identity, and whether each one runs."""
