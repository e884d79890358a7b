"""Draw avatars: a circle in the account's colour with the first letter of its name. This reads no data."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Path, Response

router = APIRouter(include_in_schema=False)


@router.get("/avatars/{hue}/{letter}.svg")
async def get_avatar(
    hue: Annotated[int, Path(ge=0, le=359)], letter: Annotated[str, Path(pattern="^[0-9a-f]{1,5}$")]
) -> Response:
    """Draw an avatar; `letter` is the character's code point in hex."""
    number = int(letter, 16)
    shown = chr(number) if chr(number).isprintable() else "?"
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
        f'<circle cx="48" cy="48" r="48" fill="hsl({hue} 55% 42%)"/>'
        '<text x="48" y="62" font-family="sans-serif" font-size="40" fill="#fff" text-anchor="middle">'
        f"{escape(shown.upper())}</text></svg>"
    )
    return Response(picture, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})
