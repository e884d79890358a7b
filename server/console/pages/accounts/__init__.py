"""Pages for TikTok accounts and ad accounts: adding, linking and managing them."""
