"""The command `sparklink`: its groups and its error messages."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError

from server.commands import code, data, serve, tools
from server.database.migrate import NewerSchema
from server.database.sqlite import AlreadyOpen
from server.problems import Problem
from server.settings import OperatorError, Settings

cli = typer.Typer(
    help="Sparklink: link a TikTok account to a Business Center by QR code.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print local variables, which may contain secrets
)
for group in (serve.cli, data.cli, tools.cli):
    cli.add_typer(group)
cli.add_typer(code.code_cli, name="code")


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """Turn expected errors into one message about what went wrong and what to do, without a traceback."""
    try:
        yield
    except ValidationError as error:
        message = _what_is_wrong(error)
    except OSError as error:
        message = f"{error.filename or 'A file'} cannot be used: {error.strerror}. Choose another place."
    except Problem as problem:
        message = problem.text
    except (OperatorError, AlreadyOpen, NewerSchema) as error:
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
