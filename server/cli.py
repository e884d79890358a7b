"""The command `sparklink`: the composition root, and the whole server side from a shell.

The one file that may import both the server and the companion app.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from server import demo, lan, migrate, serving
from server.app import Companion, create_app
from server.auth.passwords import hash_password
from server.business_centers import service as business_centers
from server.cli_code import code_cli
from server.events import service as events
from server.local import Failure, remember_origin, run_job, served_origin, settings_from_environment
from server.problems import Problem
from server.security import Seal
from server.settings import Settings
from server.sqlite import AlreadyOpen

cli = typer.Typer(
    help="Sparklink: link a TikTok account to a Business Center by QR code.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print local variables, and those may hold secrets
)
audit_cli = typer.Typer(help="The audit log.", no_args_is_help=True)
cli.add_typer(code_cli, name="code")
cli.add_typer(audit_cli, name="audit")

Demo = Annotated[bool, typer.Option("--demo", help="Fill an empty database and publish demo logins (loopback only).")]


@cli.command()
def serve(is_demo: Demo = False) -> None:
    """Serve console, companion app and API from one process, on SPARKLINK_HOST and SPARKLINK_PORT."""
    _serve(settings_from_environment(demo=is_demo))


@cli.command("demo")
def serve_demo(
    over_lan: Annotated[bool, typer.Option("--lan", help="By https, for the phones in this network.")] = False,
) -> None:
    """Serve the demo, with both sides on one page: on this machine, or with --lan for everybody in its network."""
    _serve(lan.demo_settings() if over_lan else settings_from_environment(demo=True))


def _serve(settings: Settings) -> None:
    with serving.listen(settings) as sockets:
        typer.echo("Preparing the database ...")
        migrate.upgrade_url(settings.resolved_database_url)
        remember_origin(settings)
        logins = run_job(settings, demo.prepare, settings) if settings.demo else None
        certificate = lan.certificate(settings.data_dir, settings.host) if settings.over_lan else None
        serving.serve(compose(settings), settings, sockets, logins, certificate)


def compose(settings: Settings) -> FastAPI:
    """Return the whole product: the server with the companion app's web client in it."""
    from mobile_app.web import companion_asgi  # the client is loaded only where it is served

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
        raise Failure(
            f"The desktop window could not be opened ({error}). Its first start downloads the Flet client and needs "
            "a screen. Use the companion app in a browser instead: the address ends in /app/."
        ) from error


@cli.command("migrate")
def migrate_database() -> None:
    """Bring the database to the schema of this version."""
    settings = settings_from_environment()
    revision = migrate.upgrade_url(settings.resolved_database_url)
    typer.echo(f"The database is at revision {revision}.")


@cli.command()
def seed() -> None:
    """Fill an empty database with the demo, and write the logins to demo.json in the data directory."""
    settings = settings_from_environment(demo=True)
    migrate.upgrade_url(settings.resolved_database_url)
    if not run_job(settings, demo.is_empty):
        raise Failure("The database has people in it already, so it was left alone. Use an empty SPARKLINK_DATA_DIR.")
    run_job(settings, demo.prepare, settings)
    typer.echo(f"The demo is in place; its logins are in {demo.demo_file(settings)}.")


@cli.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Option(prompt=True, help="E-mail address to sign in with")],
    name: Annotated[str, typer.Option(prompt=True, help="Name that account owners see")],
    center: Annotated[str, typer.Option(prompt="Business Center", help="Name; made if there is none")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="12 characters or more")
    ],
) -> None:
    """Make an admin of a Business Center, and the Business Center if it is new."""
    if len(password) < 12:
        raise Failure("The password is too short. Use 12 characters or more.")
    settings = settings_from_environment()
    migrate.upgrade_url(settings.resolved_database_url)
    wanted = business_centers.NewAdmin(email, name, center, hash_password(password))
    bc_id = run_job(settings, business_centers.create_admin, wanted)
    typer.echo(f"{name} <{email}> is an admin of {center} (Business Center {bc_id}).")


@cli.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
def scan(context: typer.Context) -> None:
    """Read QR codes from pictures: sparklink scan FILE... (sparklink scan --help lists the options)."""
    from mobile_app.scanner.command import main as scan_main  # engines take a moment to load

    raise typer.Exit(scan_main(context.args, prog="sparklink scan"))


@audit_cli.command()
def verify() -> None:
    """Check the hash chains of the audit log; exit code 1 if a row was changed, moved or is missing."""
    checked, findings = run_job(settings_from_environment(), events.verify)
    for finding in findings:
        typer.echo(f"{finding.chain} row {finding.sequence}: {finding.what}", err=True)
    if findings:
        raise Failure(f"{len(findings)} places of the log do not hold together ({checked} rows checked).")
    typer.echo(f"The log is whole: {checked} rows checked.")


@cli.command()
def openapi(
    output: Annotated[Path | None, typer.Option(help="File to write; standard output if left out")] = None,
) -> None:
    """Print the description of the API (OpenAPI 3.1, JSON)."""
    # The description depends on no secret: a throw-away key keeps this command from making a data directory.
    description: dict[str, Any] = create_app(Settings(link_code_key="0" * 64)).openapi()
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """Say what went wrong and what to do, instead of a traceback, for everything we expect."""
    try:
        yield
    except ValidationError as error:
        message = _what_is_wrong(error)
    except OSError as error:
        message = f"{error.filename or 'A file'} cannot be used: {error.strerror}. Choose another place."
    except Problem as problem:
        message = problem.text
    except (Failure, AlreadyOpen, migrate.NewerSchema) as error:
        message = str(error)
    else:
        return
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise SystemExit(1)


def _what_is_wrong(error: ValidationError) -> str:
    is_setting = error.title == Settings.__name__
    wrong = []
    for found in error.errors():
        name = "_".join(map(str, found["loc"]))
        text = found["msg"].removeprefix("Value error, ")
        wrong.append(f"{'SPARKLINK_' + name.upper() if is_setting else name} {text}" if name else text)
    return f"{'A setting' if is_setting else 'A value'} is wrong: {'; '.join(wrong)}"


def main() -> None:
    """Run the command."""
    with _in_plain_words():
        cli()
