"""`sparklink code`: make, list, show and cancel QR codes in a shell."""

from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from server.actor import Actor
from server.business_centers import service as business_centers
from server.commands.local import address_is_a_guess, run_job, served_origin, settings_from_environment
from server.link_requests import service as link_requests
from server.security import LinkCodes
from server.settings import Settings
from shared import qr, wire
from shared.permissions import PERMISSIONS, Permission

code_cli = typer.Typer(help="QR codes: make, list, show, cancel.", no_args_is_help=True)

Center = Annotated[str | None, typer.Option("--bc", help="Business Center, id or name; needed where there are several")]
ActingAs = Annotated[str | None, typer.Option("--as", help="e-mail of the admin to act as; the first one if left out")]
RequestId = Annotated[str, typer.Argument(metavar="LINK_REQUEST_ID")]
Png = Annotated[Path | None, typer.Option("--png", help="also write the code as a PNG file")]
Svg = Annotated[Path | None, typer.Option("--svg", help="also write the code as an SVG file")]


def _codes(settings: Settings) -> LinkCodes:
    return LinkCodes(settings.link_code_secret, served_origin(settings))


@code_cli.command()
def create(
    permission: Annotated[
        list[Permission] | None, typer.Option("--permission", "-p", help="may be repeated; Spark Ads' two by default")
    ] = None,
    for_handle: Annotated[str | None, typer.Option("--for", help="only this account can approve")] = None,
    message: Annotated[str | None, typer.Option(help="shown to the account owner")] = None,
    lifetime_seconds: Annotated[int | None, typer.Option("--lifetime", help="seconds until the code expires")] = None,
    bc_id: Center = None,
    email: ActingAs = None,
    png: Png = None,
    svg: Svg = None,
) -> None:
    """Make a QR code and draw it in the terminal."""
    settings = settings_from_environment()
    wanted = wire.CreateLinkRequest(
        permissions=permission or [Permission.EXISTING_POSTS, Permission.NEW_VIDEOS_ADS_ONLY],
        for_handle=for_handle,
        message=message,
        lifetime_seconds=lifetime_seconds,
    )

    def job(connection: sa.Connection) -> wire.LinkRequest:
        actor, center = _admin(connection, bc_id, email)
        return link_requests.create(connection, actor, _codes(settings), center, wanted)

    _print(run_job(settings, job), png, svg)
    if address_is_a_guess(settings):
        typer.echo(
            f"No server was started with {settings.data_dir}/ yet, so the code names {settings.origin}. If yours will "
            "be elsewhere, start it first, or set SPARKLINK_BASE_URL, and look again with: sparklink code show"
        )


@code_cli.command()
def show(request_id: RequestId, bc_id: Center = None, email: ActingAs = None, png: Png = None, svg: Svg = None) -> None:
    """Show the state of one code, and the code itself while it is open."""
    settings = settings_from_environment()

    def job(connection: sa.Connection) -> wire.LinkRequest:
        actor, center = _admin(connection, bc_id, email)
        return link_requests.get(connection, actor, _codes(settings), center, request_id)

    _print(run_job(settings, job), png, svg)


@code_cli.command("list")
def list_codes(
    bc_id: Center = None,
    email: ActingAs = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="how many, newest first")] = 20,
) -> None:
    """List codes, newest first."""
    settings = settings_from_environment()

    def job(connection: sa.Connection) -> list[wire.LinkRequest]:
        actor, center = _admin(connection, bc_id, email)
        return link_requests.list_for_business_center(connection, actor, _codes(settings), center, limit=limit).items

    requests = run_job(settings, job)
    if not requests:
        typer.echo("There are no codes yet. Make one with: sparklink code create")
    for request in requests:
        who = request.decided_by or request.scanned_by
        handle = f"@{who.handle}" if who else f"for @{request.for_handle}" if request.for_handle else "-"
        asked = ", ".join(PERMISSIONS[permission].short for permission in request.permissions)
        made = f"{request.created_at:%Y-%m-%d %H:%M} UTC"
        typer.echo(f"{request.link_request_id}  {request.state:<9}  {made}  {handle:<20}  {asked}")


@code_cli.command()
def cancel(request_id: RequestId, bc_id: Center = None, email: ActingAs = None) -> None:
    """Cancel an open code, which stops working immediately."""
    settings = settings_from_environment()

    def job(connection: sa.Connection) -> wire.LinkRequest:
        actor, center = _admin(connection, bc_id, email)
        return link_requests.cancel(connection, actor, _codes(settings), center, request_id)

    typer.echo(f"The code {run_job(settings, job).link_request_id} is cancelled.")


def _admin(connection: sa.Connection, bc_id: str | None, email: str | None) -> tuple[Actor, str]:
    user_id, name, center = business_centers.find_admin(connection, bc_id, email)
    return Actor("member", user_id, name), center


def _print(request: wire.LinkRequest, png: Path | None, svg: Path | None) -> None:
    typer.echo(f"Link request {request.link_request_id}: {request.state}")
    typer.echo("Asks for " + ", ".join(PERMISSIONS[permission].title for permission in request.permissions))
    if request.url is None:
        typer.echo("Its code is no longer valid. Make another with: sparklink code create")
        return
    typer.echo(f"\n{qr.draw_terminal(request.url)}\n\n{request.url}")
    if request.typed_code:
        typer.echo(f"Typed code: {request.typed_code}")
    typer.echo(f"Valid until {request.expires_at:%Y-%m-%d %H:%M:%S} UTC")
    if png is not None:
        png.write_bytes(qr.draw_png(request.url))
    if svg is not None:
        svg.write_text(qr.draw_svg(request.url), encoding="utf-8")
