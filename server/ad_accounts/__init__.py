"""Ad accounts, and which TikTok accounts they are linked to."""
