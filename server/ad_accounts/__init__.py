"""Ad accounts, their members, and the TikTok accounts they are linked to."""
