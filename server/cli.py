"""The command `sparklink`: the composition root, and the whole server side from a shell."""

from typing import Annotated

import typer
import uvicorn

from server import migrate
from server.settings import Settings

cli = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)


@cli.callback()
def root() -> None:
    """Sparklink."""


@cli.command()
def serve(demo: Annotated[bool, typer.Option(help="fill an empty database and publish demo logins")] = False) -> None:
    """Serve everything from one process."""
    from server import demo as demo_module
    from server.app import create_app
    from server.sqlite import make_engine

    settings = Settings(demo=demo)
    url = settings.resolved_database_url
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade_url(url)
    engine = make_engine(url)
    with engine.begin() as connection:
        logins = demo_module.prepare(connection, settings)
    print(logins)
    app = create_app(settings)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")


def main() -> None:
    """Run the command."""
    cli()
