"""Serve an application with uvicorn: say where it is, and stop at once on Ctrl-C."""

import contextlib
import os
import socket
from collections.abc import Iterator
from types import FrameType
from typing import Any

import typer
import uvicorn
from fastapi import FastAPI

from server.local import Failure
from server.settings import Settings

GRACEFUL_SECONDS = 3


class _Server(uvicorn.Server):
    """Ends the live streams before it waits for connections, and prints the addresses once it listens."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, banner: str) -> None:
        super().__init__(config)
        self._application = app
        self._banner = banner

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            typer.echo(self._banner)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._application.state.feed.close()
        super().handle_exit(sig, frame)


@contextlib.contextmanager
def listen(settings: Settings) -> Iterator[list[socket.socket]]:
    """Take the port before anything is changed, so that two servers never share a database by accident.

    Raises:
        Failure: the port is taken or not allowed.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise Failure(
                f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}). "
                "Stop the program that uses it, or choose another: SPARKLINK_PORT=8010 make run"
            ) from None
        if settings.port == 0:
            settings.port = listener.getsockname()[1]
        yield [listener]


def serve(app: FastAPI, settings: Settings, sockets: list[socket.socket], logins: dict[str, Any] | None) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config, app, banner(settings, logins)).run(sockets=sockets)
    typer.echo("Sparklink has stopped.")


def banner(settings: Settings, logins: dict[str, Any] | None) -> str:
    """Return what a person needs to know now: the addresses, and in demo mode the logins."""
    lines = [
        "",
        "Sparklink is running. Ctrl-C stops it.",
        "",
        f"  Console        {settings.origin}/",
        f"  Companion app  {settings.origin}/app/",
        f"  API reference  {settings.origin}/docs",
    ]
    if logins is not None:
        lines += ["", f"Demo logins (also in {settings.data_dir / 'demo.json'}):", ""]
        people = [("admin", "console"), ("standard", "console, standard member"), ("outsider", "console, other center")]
        lines += [_login(logins[key]["email"], logins[key]["password"], where) for key, where in people]
        lines += [_login("@" + owner["handle"], owner["password"], "companion app") for owner in logins["owners"]]
    return "\n".join([*lines, ""])


def _login(name: str, password: str, where: str) -> str:
    return f"  {name:<26} {password:<36} {where}"
