"""Serve Flet's web client in our own shell and from this host alone.

The client in `flet_web` cannot draw into a part of the page, registers a deprecated service worker that reloads the
page, loads fonts for formulas that nobody draws, and asks a font server for every glyph that Roboto lacks.
"""

from pathlib import Path
from typing import Final

import flet_web

CLIENT: Final = Path(flet_web.get_package_web_dir())
_FONTS: Final = Path(__file__).parent.parent / "assets" / "web" / "fonts"


def client_file(path: str) -> Path | None:
    """Return the client's file for a path, or None; only files that the page needs, and never one outside."""
    if path in ("assets/fonts/roboto-600.woff2", "assets/FontManifest.json"):  # icons and text alone
        return _FONTS / Path(path).name
    if path.startswith("assets/fonts/notosansarabic"):  # requested when the first Arabic letter is drawn
        return _FONTS / "noto-sans-arabic-400.woff2"
    if path.startswith("assets/fonts/noto"):  # any answer stops the client from asking again without end
        return CLIENT / "assets" / "fonts" / "roboto.woff2"
    if path.startswith(("pyodide/", "assets/NOTICES")) or path.endswith((".map", ".symbols")):
        return None
    found = (CLIENT / path).resolve()
    return found if found.is_relative_to(CLIENT) and found.is_file() else None


def in_our_shell(bootstrap: str) -> str:
    """Give the client the phone's column to draw in, and leave out its service worker."""
    start, end = "var flutterConfig = {", "serviceWorkerSettings: {"
    if bootstrap.count(start) != 1 or bootstrap.count(end) != 1:
        raise RuntimeError("flutter_bootstrap.js does not match Flet 1.0.5, for which this app was made")
    inside = bootstrap.replace(start, f"{start}\n    hostElement: flet.hostElement(),")
    at = inside.index(end)
    return inside[:at] + inside[inside.index("},", at) + 2 :]
