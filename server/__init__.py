"""The server: APIs, console and command line. Start reading at app.py."""

from pathlib import Path

from shared.languages import add_catalogues

add_catalogues(Path(__file__).parent / "locales")
