"""The console's style sheets, scripts and drawings, at addresses that change with their content."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from server.problems import or_not_found

FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_GOOD: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_NOW: Final = {"Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)


@cache
def contents() -> dict[str, bytes]:
    """Return the content of every static file, by its path below `static/`."""
    files = sorted(path for path in FOLDER.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in files}


@cache
def digest() -> str:
    """Return twelve hex digits that change whenever a static file changes."""
    hashed = hashlib.sha256()
    for name, content in contents().items():
        hashed.update(f"{name}:{len(content)}:".encode() + content)
    return hashed.hexdigest()[:12]


def url(name: str) -> str:
    """Return the address of a static file. Scripts and styles can refer to each other by relative paths.

    Raises:
        KeyError: there is no such file.
    """
    contents()[name]
    return f"/static/{digest()}/{name}"


@router.get("/static/{version}/{name:path}")
async def get_static(version: str, name: str) -> Response:
    """Return a static file. A page from an older version gets the current file, but must not cache it."""
    content = or_not_found(contents().get(name), thing="file")
    headers = _FOR_GOOD if version == digest() else _FOR_NOW
    return Response(content, media_type=_TYPES[Path(name).suffix], headers=headers)
