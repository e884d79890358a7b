"""The account's own code and the scanner."""
