"""Serve an application with uvicorn over http or https: print its addresses, and stop promptly on Ctrl-C."""

import contextlib
import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import typer
import uvicorn
from fastapi import FastAPI

from server.demo import lan
from server.settings import LOOPBACK, OperatorError, Settings
from shared import qr

MESSAGE_LIMIT_BYTES = 32 * 1024 * 1024  # the companion app receives a file of up to 30 MB as one message
GRACEFUL_SECONDS = 3


class _Server(uvicorn.Server):
    """Ends the live streams before waiting for connections to close, and prints the addresses once it listens."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, banner: str) -> None:
        super().__init__(config)
        self._application = app
        self._banner = banner

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # The objects that exist now stay. Exempting them from garbage collection cut the worst pause of a request
        # from 130 to 27 ms.
        gc.collect()
        gc.freeze()
        # Reference counting frees a request's objects. Searching for cycles after every 700 objects, the default,
        # would traverse the requests in progress over and over.
        gc.set_threshold(20_000, 10, 10)
        if self.started:
            typer.echo(self._banner)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._application.state.feed.close()
        super().handle_exit(sig, frame)


@contextlib.contextmanager
def listen(settings: Settings) -> Iterator[list[socket.socket]]:
    """Take the port before changing anything, so that two servers never share a database by accident.

    A demo for the network listens on its address in that network and on loopback, and on no other interface.

    Raises:
        OperatorError: the port is taken or not permitted.
    """
    hosts = [settings.host]
    if settings.over_lan and settings.host not in LOOPBACK:
        hosts.append("127.0.0.1")
    with contextlib.ExitStack() as opened:
        listeners = []
        for host in hosts:
            listeners.append(opened.enter_context(_listener(host, settings)))
            settings.port = listeners[0].getsockname()[1]
        yield listeners


def _listener(host: str, settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, settings.port))
    except OSError as error:
        listener.close()
        another = "SPARKLINK_PORT=8444 make demo" if settings.over_lan else "SPARKLINK_PORT=8010 make run"
        raise OperatorError(
            f"Port {settings.port} on {host} cannot be used ({error.strerror}). "
            f"Stop the program that uses it, or choose another: {another}"
        ) from None
    return listener


def serve(
    app: FastAPI,
    settings: Settings,
    sockets: list[socket.socket],
    logins: dict[str, Any] | None,
    certificate: Path | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM. `certificate` is a PEM file with certificate and key, for https."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        ws_max_size=MESSAGE_LIMIT_BYTES,
        ssl_certfile=certificate,
    )
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config, app, banner(settings, logins)).run(sockets=sockets)
    typer.echo("Sparklink has stopped.")


def banner(settings: Settings, logins: dict[str, Any] | None) -> str:
    """Return the text to print at the start: the addresses, and in demo mode the logins."""
    where = " for everybody in this network" if settings.over_lan else ""
    lines = [
        "",
        f"Sparklink is running{where}. Ctrl-C stops it.",
        "",
        f"  Console        {settings.origin}/",
        f"  Companion app  {settings.origin}/app/",
        f"  API reference  {settings.origin}/docs",
    ]
    if settings.demo:
        lines.append(f"  Both sides     {settings.origin}/demo")
    if logins is not None:
        lines += ["", f"Demo logins (also in {settings.data_dir / 'demo.json'}):", ""]
        people = [("admin", "console"), ("standard", "console, standard member"), ("outsider", "console, other center")]
        lines += [_login(logins[key]["email"], logins[key]["password"], where) for key, where in people]
        lines += [_login("@" + owner["handle"], owner["password"], "companion app") for owner in logins["owners"]]
    if settings.over_lan:
        companion = f"{settings.origin}/app/"
        lines += ["", "Scan this with a phone's camera:", "", qr.draw_terminal(companion), "", companion, lan.WARNING]
    return "\n".join([*lines, ""])


def _login(name: str, password: str, where: str) -> str:
    return f"  {name:<26} {password:<36} {where}"
