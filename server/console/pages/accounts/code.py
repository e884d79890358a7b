"""The page of one code: draws it, shows its state live, renews it while it is on screen, and names the next step."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from server.auth.dependencies import Codes, Db
from server.authorizations import service as authorizations
from server.business_centers import service as business_centers
from server.console import choices, forms, words
from server.console.pages.accounts.add_account import STEPS
from server.console.pages.sign_in import to
from server.console.rendering import render
from server.console.visit import CurrentVisit, Visit
from server.database.core import Connection
from server.link_requests import service
from server.problems import NotFound
from server.security import LinkCodes
from shared import qr, wire
from shared.events import EventType
from shared.wire import LinkRequestState as State

router = APIRouter(prefix="/bc/{bc_id}/link-requests/{link_request_id}", include_in_schema=False)
_RECENT_EVENTS = 100


@dataclass(frozen=True, slots=True)
class CodePage:
    """The content of the page, read in one transaction."""

    asked: wire.LinkRequest
    refused: list[wire.EventRow]  # attempts by accounts that the code is not for, newest first
    linked: wire.LinkedAccount | None  # the account that approved, unless it was unlinked since


def _read(connection: Connection, visit: Visit, codes: LinkCodes, link_request_id: str) -> CodePage:
    actor, bc_id = visit.actor, visit.center.bc_id
    asked = service.get(connection, actor, codes, bc_id, link_request_id)
    recent = business_centers.list_events(connection, actor, bc_id, limit=_RECENT_EVENTS).items
    refused = [event for event in recent if event.type == EventType.LINK_REQUEST_REFUSED]
    linked = None
    if asked.state is State.APPROVED and asked.decided_by is not None:
        with suppress(NotFound):
            linked = authorizations.get_linked_account(connection, actor, bc_id, asked.decided_by.account_id)
    return CodePage(asked, [one for one in refused if one.data.get("link_request_id") == link_request_id], linked)


@router.get("")
async def get_code(
    request: Request, database: Db, codes: Codes, visit: CurrentVisit, link_request_id: str, confirm: str = ""
) -> Response:
    """Show the code while it is open, and the next step once it is over. For admins."""
    page = await database.read(_read, visit, codes, link_request_id)
    asked = page.asked
    return render(
        request,
        "code.html",
        steps=STEPS,
        step="code",
        asked=asked,
        state=words.STATES[asked.state],
        line=words.state_line(asked),
        is_open=asked.url is not None,
        total_seconds=asked.lifetime_seconds,
        refused=page.refused,
        linked=page.linked,
        owner_steps=words.OWNER_STEPS,
        again=choices.same_as(asked).query("permissions"),
        confirming=confirm if asked.url is not None else "",
    )


@router.post("/new-code")
async def post_new_code(
    database: Db, codes: Codes, visit: CurrentVisit, link_request_id: str, form: forms.CheckedForm
) -> Response:
    """Replace the code. With `generation`, do so only if nobody has scanned or renewed it."""
    generation = forms.text(form, "generation")
    await database.write(
        service.new_code,
        visit.actor,
        codes,
        visit.center.bc_id,
        link_request_id,
        unscanned_generation=int(generation) if generation.isdecimal() and len(generation) < 10 else None,
    )
    return to(visit.path(f"link-requests/{link_request_id}"))


@router.post("/cancel")
async def post_cancel(
    database: Db, codes: Codes, visit: CurrentVisit, link_request_id: str, _form: forms.CheckedForm
) -> Response:
    """Cancel the code and show its page again."""
    await database.write(service.cancel, visit.actor, codes, visit.center.bc_id, link_request_id)
    return to(visit.path(f"link-requests/{link_request_id}"))


@router.get("/qr.png")
async def get_png(
    database: Db,
    codes: Codes,
    visit: CurrentVisit,
    link_request_id: str,
    scale: Annotated[int, Query(ge=1, le=40)] = 12,
    download: bool = False,
) -> Response:
    """Draw the code as a PNG for chats and documents."""
    text = await database.read(service.open_code_text, visit.actor, codes, visit.center.bc_id, link_request_id)
    return _image(qr.draw_png(text, scale), "image/png", f"sparklink-{link_request_id}.png" if download else "")


@router.get("/qr.svg")
async def get_svg(
    database: Db, codes: Codes, visit: CurrentVisit, link_request_id: str, download: bool = False
) -> Response:
    """Draw the code as an SVG for print and for the page."""
    text = await database.read(service.open_code_text, visit.actor, codes, visit.center.bc_id, link_request_id)
    return _image(qr.draw_svg(text).encode(), "image/svg+xml", f"sparklink-{link_request_id}.svg" if download else "")


def _image(content: bytes, media_type: str, file_name: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    if file_name:
        headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return Response(content, media_type=media_type, headers=headers)
