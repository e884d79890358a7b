"""The pages that an ordinary phone camera opens: public, revealing nothing, with a link to the companion app."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.console.rendering import render
from server.problems import NotFound
from shared import qr

router = APIRouter(include_in_schema=False)
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@router.get("/l")
async def get_link_landing(request: Request) -> Response:
    """Explain what a link code is. The code itself is in the fragment and never reaches the server."""
    page = render(request, "landing.html", handle=None)
    page.headers.update(_PRIVATE)
    return page


@router.get("/@{handle}")
async def get_profile_landing(request: Request, handle: str) -> Response:
    """Link to the profile card in the companion app, whether or not the account exists."""
    origin = request.app.state.settings.origin
    if not isinstance(qr.parse_scanned(qr.format_profile(origin, handle), origin), qr.ProfileCode):
        raise NotFound(thing="page")
    page = render(request, "landing.html", handle=handle)
    page.headers.update(_PRIVATE)
    return page
