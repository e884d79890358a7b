"""Pages for TikTok accounts and ad accounts, from adding one to its permissions."""
