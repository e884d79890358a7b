"""The security headers of every answer."""

from typing import Final

from starlette.types import Message, Send

_STRICT: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    b"font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
_COMMON: Final = [
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
]
# In the demo, the presenter's page shows the console and the app in frames. Nothing may frame these pages.
_NEVER_FRAMED: Final = ("/api/", "/demo", "/healthz", "/metrics")


def _framed_by_us(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() != b"content-security-policy":
        return name, value
    return name, value.replace(b"frame-ancestors 'none'", b"frame-ancestors 'self'")


class SecurityHeaders:
    """Adds the security headers that an answer does not have yet.

    The companion app sends a content security policy of its own, because its web client compiles WebAssembly.
    """

    def __init__(self, secure: bool, demo: bool) -> None:
        """Take whether to promise browsers HTTPS for two years, and whether our pages may frame each other."""
        self._demo = demo
        self._page = [*_COMMON, (b"content-security-policy", _STRICT)]
        if secure:
            self._page.append((b"strict-transport-security", b"max-age=63072000; includeSubDomains"))
        self._api = [*self._page, (b"cache-control", b"no-store")]

    def adding(self, path: str, send: Send) -> Send:
        """Return a `send` that adds the missing headers to the answer to a request for `path`."""
        extra = self._api if path.startswith("/api/") else self._page
        may_be_framed = self._demo and not path.startswith(_NEVER_FRAMED)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in extra if pair[0] not in present)]
                if may_be_framed:
                    message["headers"] = [_framed_by_us(*pair) for pair in message["headers"]]
            await send(message)

        return send_with_headers
