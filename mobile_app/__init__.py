"""The companion app: an account owner scans a Business Center's code and decides what it may do."""

from pathlib import Path

from shared.languages import add_catalogues

add_catalogues(Path(__file__).parent / "locales")
