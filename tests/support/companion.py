"""The companion app's web page in its own process, so that its connection to the server can break."""

import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from mobile_app.web import companion_asgi
from tests.support.server import ServerProcess, free_port


class CompanionProcess(ServerProcess):
    """Serve `/app/` only, with all data from `server` over HTTP."""

    def __init__(self, directory: Path, server: ServerProcess) -> None:
        """Use a server, which may stop and start."""
        super().__init__(directory, port=free_port())
        self._command = [sys.executable, "-m", __spec__.name, str(self.port), server.url]
        self.server = server

    @property
    def demo_data(self) -> dict[str, object]:
        """Return the accounts of the server."""
        return self.server.demo_data


async def _health(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def _main(port: int, server_url: str) -> None:
    asgi, running = companion_asgi(server_url, lambda _address: httpx.AsyncHTTPTransport())

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with running:
            yield

    app = Starlette(routes=[Route("/healthz", _health), Mount("/app", asgi)], lifespan=lifespan)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2])
