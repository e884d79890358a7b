"""The whole story in a real browser: console and companion app side by side, against a real server."""
