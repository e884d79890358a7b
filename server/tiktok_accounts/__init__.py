"""TikTok accounts, their profiles and posts."""
