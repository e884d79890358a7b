"""The console's cookies: the session; without one, a seed for form tokens, and the page to return to."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import Response

from server import security
from server.clock import utc_now
from server.settings import Settings

_SESSION: Final = "sparklink"
_VISITOR: Final = "sparklink-visitor"
_PAGE: Final = "sparklink-page"
_PAGE_SECONDS: Final = 12 * 3600
_RETURNABLE: Final = re.compile(r"/bc/([0-9]{1,19})/[\w/-]{1,200}(\?[\w=&%.+*~-]{1,600})?", re.ASCII)


def _name(request: Request, plain: str) -> str:
    # With this prefix, browsers reject the cookie unless it is Secure, host-only and for the whole site.
    settings: Settings = request.app.state.settings
    return f"__Host-{plain}" if settings.secure_cookies else plain


def _set(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    settings: Settings = request.app.state.settings
    response.set_cookie(
        _name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )


def session_token(request: Request) -> str | None:
    """Return the session's token, if the browser sent one."""
    return request.cookies.get(_name(request, _SESSION))


def set_session(request: Request, response: Response, token: str, expires_at: datetime) -> None:
    """Store a new session in the browser until it ends."""
    _set(request, response, _SESSION, token, max(0, int((expires_at - utc_now()).total_seconds())))


def forget_session(request: Request, response: Response) -> None:
    """Remove the session from the browser."""
    _set(request, response, _SESSION, "", 0)


def visitor_seed(request: Request) -> str | None:
    """Return the seed that replaces a session on the sign-in form, if the browser sent one."""
    return request.cookies.get(_name(request, _VISITOR))


def set_visitor_seed(request: Request, response: Response) -> str:
    """Give the browser a seed for the sign-in form and return it."""
    seed = security.new_token()
    _set(request, response, _VISITOR, seed, None)
    return seed


def keep_page(request: Request, response: Response, address: str) -> None:
    """Remember the page that needed a sign-in if it belongs to a Business Center; otherwise forget the last one."""
    if _RETURNABLE.fullmatch(address):
        _set(request, response, _PAGE, quote(address, safe=""), _PAGE_SECONDS)
    elif request.cookies.get(_name(request, _PAGE)):
        _set(request, response, _PAGE, "", 0)


def take_page(request: Request, response: Response, bc_ids: Collection[str]) -> str | None:
    """Return the remembered address if it belongs to one of these Business Centers, and forget it."""
    kept = request.cookies.get(_name(request, _PAGE))
    if not kept:
        return None
    _set(request, response, _PAGE, "", 0)
    found = _RETURNABLE.fullmatch(unquote(kept))
    return found[0] if found and found[1] in bc_ids else None
