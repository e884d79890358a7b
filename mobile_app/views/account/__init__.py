"""Log-in, the root screens, the profile and the settings."""
