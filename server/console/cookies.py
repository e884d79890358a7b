"""The two cookies of the console: the session, and the seed of the form token for people without one."""

from datetime import datetime
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from server import security
from server.clock import utc_now
from server.settings import Settings

_SESSION: Final = "sparklink"
_VISITOR: Final = "sparklink-visitor"


def _name(request: Request, plain: str) -> str:
    # The prefix makes browsers refuse the cookie unless it is Secure, host-only and for the whole site.
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
    """Keep a new session in the browser until it ends."""
    _set(request, response, _SESSION, token, max(0, int((expires_at - utc_now()).total_seconds())))


def forget_session(request: Request, response: Response) -> None:
    """Remove the session from the browser."""
    _set(request, response, _SESSION, "", 0)


def visitor_seed(request: Request) -> str | None:
    """Return what stands in for a session on the sign-in form."""
    return request.cookies.get(_name(request, _VISITOR))


def set_visitor_seed(request: Request, response: Response) -> str:
    """Give the browser a seed for the sign-in form and return it."""
    seed = security.new_token()
    _set(request, response, _VISITOR, seed, None)
    return seed
