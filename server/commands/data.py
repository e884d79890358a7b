"""`sparklink migrate`, `seed`, `create-admin` and `audit`: the commands that work on the database."""

from typing import Annotated

import typer

from server.auth.passwords import hash_password
from server.business_centers import service as business_centers
from server.commands.local import run_job, settings_from_environment
from server.database import migrate
from server.demo.logins import demo_file, prepare
from server.demo.seed import is_empty
from server.events import service as events
from server.settings import OperatorError

cli = typer.Typer()
audit_cli = typer.Typer(help="The audit log.", no_args_is_help=True)
cli.add_typer(audit_cli, name="audit")


@cli.command("migrate")
def migrate_database() -> None:
    """Migrate the database to this version's schema."""
    settings = settings_from_environment()
    revision = migrate.upgrade_url(settings.resolved_database_url)
    typer.echo(f"The database is at revision {revision}.")


@cli.command()
def seed() -> None:
    """Fill an empty database with the demo, and write the logins to demo.json in the data directory."""
    settings = settings_from_environment(demo=True)
    migrate.upgrade_url(settings.resolved_database_url)
    if not run_job(settings, is_empty):
        raise OperatorError(
            "The database has people in it already, so it was left alone. Use an empty SPARKLINK_DATA_DIR."
        )
    run_job(settings, prepare, settings)
    typer.echo(f"The demo is in place; its logins are in {demo_file(settings)}.")


@cli.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Option(prompt=True, help="E-mail address to sign in with")],
    name: Annotated[str, typer.Option(prompt=True, help="Name that account owners see")],
    center: Annotated[str, typer.Option(prompt="Business Center", help="Name; made if there is none")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="12 characters or more")
    ],
) -> None:
    """Create an admin of a Business Center, and the Business Center if it is new."""
    if len(password) < 12:
        raise OperatorError("The password is too short. Use 12 characters or more.")
    settings = settings_from_environment()
    migrate.upgrade_url(settings.resolved_database_url)
    wanted = business_centers.NewAdmin(email, name, center, hash_password(password))
    bc_id = run_job(settings, business_centers.create_admin, wanted)
    typer.echo(f"{name} <{email}> is an admin of {center} (Business Center {bc_id}).")


@audit_cli.command()
def verify() -> None:
    """Check the hash chains of the audit log; exit with code 1 if a row was changed, moved or removed."""
    checked, findings = run_job(settings_from_environment(), events.verify)
    for finding in findings:
        typer.echo(f"{finding.chain} row {finding.sequence}: {finding.what}", err=True)
    if findings:
        raise OperatorError(f"{len(findings)} places of the log do not hold together ({checked} rows checked).")
    typer.echo(f"The log is whole: {checked} rows checked.")
