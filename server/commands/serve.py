"""`sparklink serve`, `demo` and `app`: combine the server and the companion app, and start them."""

import os
from typing import Annotated

import httpx
import typer
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from server.app import Companion, create_app
from server.commands import serving
from server.commands.local import remember_origin, run_job, served_origin, settings_from_environment
from server.database import migrate
from server.demo import lan
from server.demo.logins import prepare
from server.security import Seal
from server.settings import OperatorError, Settings

cli = typer.Typer()
Demo = Annotated[bool, typer.Option("--demo", help="Fill an empty database and publish demo logins (loopback only).")]


@cli.command()
def serve(is_demo: Demo = False) -> None:
    """Serve the console, the companion app and the API from one process, on SPARKLINK_HOST and SPARKLINK_PORT."""
    _serve(settings_from_environment(demo=is_demo))


@cli.command("demo")
def serve_demo(
    over_lan: Annotated[bool, typer.Option("--lan", help="By https, for the phones in this network.")] = False,
) -> None:
    """Serve the demo, with both sides on one page: on this machine or, with --lan, for everybody in its network."""
    _serve(lan.demo_settings() if over_lan else settings_from_environment(demo=True))


def _serve(settings: Settings) -> None:
    with serving.listen(settings) as sockets:
        typer.echo("Preparing the database ...")
        migrate.upgrade_url(settings.resolved_database_url)
        remember_origin(settings)
        logins = run_job(settings, prepare, settings) if settings.demo else None
        certificate = lan.certificate(settings.data_dir, settings.host) if settings.over_lan else None
        serving.serve(compose(settings), settings, sockets, logins, certificate)


def compose(settings: Settings) -> FastAPI:
    """Return the complete application: the server, with the companion app's web client."""
    from mobile_app.web import companion_asgi  # other commands do not need the client

    app: FastAPI

    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    def to_our_own_api(address: str) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(api, raise_app_exceptions=False, client=(address, 0))

    seal = Seal(settings.link_code_secret, "companion app")
    asgi, lifespan = companion_asgi(settings.origin, to_our_own_api, seal)
    app = create_app(settings, Companion(asgi, lifespan))
    return app


@cli.command("app")
def open_app(
    server: Annotated[str | None, typer.Option(help="Address of the server; the one started last if left out")] = None,
) -> None:
    """Open the companion app in a desktop window."""
    os.environ["SPARKLINK_BASE_URL"] = server or served_origin(settings_from_environment())
    import flet as ft

    from mobile_app.main import main as companion_main

    try:
        ft.run(companion_main)
    except Exception as error:
        raise OperatorError(
            f"The desktop window could not be opened ({error}). Its first start downloads the Flet client and needs "
            "a screen. Use the companion app in a browser instead: the address ends in /app/."
        ) from error
