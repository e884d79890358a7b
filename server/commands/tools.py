"""`sparklink scan` and `openapi`: the commands that need no database."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from server.app import create_app
from server.settings import Settings

cli = typer.Typer()


@cli.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
def scan(context: typer.Context) -> None:
    """Read QR codes from pictures: sparklink scan FILE... (sparklink scan --help lists the options)."""
    from mobile_app.scanner.command import main as scan_main  # the engines take a moment to load

    raise typer.Exit(scan_main(context.args, prog="sparklink scan"))


@cli.command()
def openapi(
    output: Annotated[Path | None, typer.Option(help="File to write; standard output if left out")] = None,
) -> None:
    """Print the description of the API (OpenAPI 3.1, JSON)."""
    # The description contains no secret. With a throw-away key, this command creates no data directory.
    description: dict[str, Any] = create_app(Settings(link_code_key="0" * 64)).openapi()
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
