"""TikTok accounts, their profiles, posts and media."""
