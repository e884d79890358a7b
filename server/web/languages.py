"""Choose the language of an answer: the person's choice, kept in a cookie, or what the browser asks for."""

from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import Message, Scope, Send

from shared.languages import Language, language_of, negotiate

COOKIE: Final = "sparklink-language"
FIELD: Final = "language"  # `?language=es` on any page chooses Spanish from then on
_A_YEAR_SECONDS: Final = 365 * 86_400
_PROGRAMS: Final = ("/api/", "/open_api/", "/app/", "/metrics", "/healthz", "/static/")


def chosen(scope: Scope) -> Language | None:
    """Return the language that the address of a page chooses, or None."""
    if scope["path"].startswith(_PROGRAMS) or b"language=" not in scope.get("query_string", b""):
        return None
    fields = parse_qs(scope["query_string"].decode("latin-1"))
    return language_of(fields.get(FIELD, [""])[-1])


def of_request(scope: Scope) -> Language:
    """Return the language to answer a request in."""
    cookies = asked = ""
    for name, value in scope["headers"]:  # a single pass, because this runs for every request
        if name == b"cookie":
            cookies = cookies or value.decode("latin-1")
        elif name == b"accept-language":
            asked = asked or value.decode("latin-1")
    # The standard library's parser raises on some names that browsers do send.
    kept = cookie_parser(cookies).get(COOKIE) if COOKIE in cookies else None
    return chosen(scope) or language_of(kept) or negotiate(asked)


class Chooser:
    """Remembers in a cookie the language that the address of a page chooses."""

    def __init__(self, secure: bool) -> None:
        """Take whether people reach us over HTTPS."""
        self._attributes = f"; Path=/; Max-Age={_A_YEAR_SECONDS}; HttpOnly; SameSite=Lax" + "; Secure" * secure

    def remembering(self, scope: Scope, send: Send) -> Send:
        """Return a `send` that sets the cookie, or `send` itself if the address chooses no language."""
        choice = chosen(scope)
        if choice is None:
            return send

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", f"{COOKIE}={choice.code}{self._attributes}")
            await send(message)

        return send_with_cookie
