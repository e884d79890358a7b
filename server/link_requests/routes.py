"""Link requests from both sides: the admin makes and watches a code; the owner opens it and decides."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status

from server.actor import Actor
from server.auth.attempts import CHECKED_CODE, SCANNED_CODE, TYPED_CODE, AttemptLimit, Attempts
from server.auth.dependencies import (
    Codes,
    CurrentMember,
    CurrentOwner,
    Cursor,
    Db,
    PageSize,
    address_of,
    database_of,
)
from server.auth.routes import SIGNED_IN
from server.authorizations.granting import PermissionOccupied
from server.business_centers.routes import ADMIN
from server.business_centers.service import BusinessCenterLimitReached, WrongKindOfSession
from server.link_requests import approval, service, states
from server.link_requests.approval import ReadCode
from server.problems import MalformedRequest, Problem, TooManyAttempts, responses
from server.security import LinkCodes
from server.tiktok_accounts.service import AccountLimitReached
from shared import qr, wire

owner_router = APIRouter(prefix="/link-requests", tags=["Scan and consent"])
member_router = APIRouter(prefix="/business-centers/{bc_id}/link-requests", tags=["QR codes"])

_CHECKED: tuple[type[Problem], ...] = (
    *SIGNED_IN,
    WrongKindOfSession,
    approval.CodeNotFound,
    approval.ForeignCode,
    *states.OVER,
    MalformedRequest,
    TooManyAttempts,
)
_CODE = (*_CHECKED, approval.MeantForAnotherAccount)
_LIMITS = (AccountLimitReached, BusinessCenterLimitReached)
_SECRET_IMAGE = {"Cache-Control": "no-store"}


def _counted(
    text: str, request: Request, actor: Actor, limit: AttemptLimit | None = None
) -> AbstractContextManager[ReadCode]:
    """Read a code and count the attempt. If the code turns out to be unknown, the attempt stays counted."""
    read = approval.read_code(text, request.app.state.link_codes)
    limit = limit or (TYPED_CODE if read.typed else SCANNED_CODE)
    return _attempt(request.app.state.attempts, read, (limit, actor.subject_id, address_of(request)))


@contextmanager
def _attempt(attempts: Attempts, read: ReadCode, by: tuple[AttemptLimit, str, str]) -> Iterator[ReadCode]:
    attempts.begin(*by)
    try:
        yield read
    except approval.CodeNotFound:
        attempts.failed(*by)
        raise
    attempts.succeeded(*by)


@owner_router.post("/open", summary="Open a scanned or typed code", responses=responses(*_CODE, *_LIMITS))
async def open_link_request(wanted: wire.OpenLinkRequest, request: Request, actor: CurrentOwner) -> wire.Preview:
    """Show who asks for what; `pending` becomes `scanned`. Send the code in the body, never in a path or query."""
    with _counted(wanted.code, request, actor) as read:
        return await database_of(request).write(approval.open_request, actor, read)


@owner_router.post(
    "/{link_request_id}/check",
    summary="See whether a request is still open",
    responses=responses(*_CHECKED),
)
async def check_link_request(
    link_request_id: str, wanted: wire.OpenLinkRequest, request: Request, actor: CurrentOwner
) -> wire.StillOpen:
    """Return whether the owner can still decide on the request on screen. The app asks every few seconds."""
    with _counted(wanted.code, request, actor, CHECKED_CODE) as read:
        return await database_of(request).read(approval.check, actor, read, link_request_id)


@owner_router.post(
    "/{link_request_id}/approve",
    summary="Approve",
    responses=responses(*_CODE, *_LIMITS, approval.ConsentChanged, states.InvalidSelection, PermissionOccupied),
)
async def approve_link_request(
    link_request_id: str, wanted: wire.Approve, request: Request, actor: CurrentOwner
) -> wire.Authorization:
    """Grant everything that was asked for, or less. Exactly one approval wins; repeating it returns its result."""
    with _counted(wanted.code, request, actor) as read:
        return await database_of(request).write(approval.approve, actor, read, link_request_id, wanted)


@owner_router.post(
    "/{link_request_id}/decline",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Decline",
    responses=responses(*_CODE),
)
async def decline_link_request(
    link_request_id: str, wanted: wire.Decline, request: Request, actor: CurrentOwner
) -> None:
    """Decline the request. Declining twice succeeds."""
    with _counted(wanted.code, request, actor) as read:
        await database_of(request).write(approval.decline, actor, read, link_request_id)


@member_router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Make a QR code",
    responses=responses(
        *ADMIN, states.InvalidSelection, service.InvalidLifetime, service.UnknownHandle, MalformedRequest
    ),
)
async def create_link_request(
    bc_id: str, wanted: wire.CreateLinkRequest, request: Request, actor: CurrentMember
) -> wire.LinkRequest:
    """Ask an account owner for permissions. The answer contains the code; `qr.png` draws it. For admins."""
    codes: LinkCodes = request.app.state.link_codes
    return await database_of(request).write(service.create, actor, codes, bc_id, wanted)


@member_router.get("", summary="List QR codes", responses=responses(*ADMIN))
async def list_link_requests(
    bc_id: str, database: Db, codes: Codes, actor: CurrentMember, cursor: Cursor = None, limit: PageSize = 50
) -> wire.Page[wire.LinkRequest]:
    """Return the link requests of a Business Center, newest first. For admins."""
    return await database.read(service.list_for_business_center, actor, codes, bc_id, cursor=cursor, limit=limit)


@member_router.get("/{link_request_id}", summary="Get a QR code", responses=responses(*ADMIN))
async def get_link_request(
    bc_id: str, link_request_id: str, database: Db, codes: Codes, actor: CurrentMember
) -> wire.LinkRequest:
    """Return one link request with its state and code. For admins."""
    return await database.read(service.get, actor, codes, bc_id, link_request_id)


@member_router.get(
    "/{link_request_id}/qr.png",
    summary="Draw the code as PNG",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "black on white"}, **responses(*ADMIN, *states.OVER)},
)
async def get_qr_png(
    bc_id: str,
    link_request_id: str,
    database: Db,
    codes: Codes,
    actor: CurrentMember,
    scale: Annotated[int, Query(ge=1, le=40, description="pixels a module")] = 10,
) -> Response:
    """Draw the code, quiet zone included. For admins."""
    text = await database.read(service.open_code_text, actor, codes, bc_id, link_request_id)
    return Response(qr.draw_png(text, scale), media_type="image/png", headers=_SECRET_IMAGE)


@member_router.get(
    "/{link_request_id}/qr.svg",
    summary="Draw the code as SVG",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}, "description": "one path"}, **responses(*ADMIN, *states.OVER)},
)
async def get_qr_svg(bc_id: str, link_request_id: str, database: Db, codes: Codes, actor: CurrentMember) -> Response:
    """Draw the code, quiet zone included. For admins."""
    text = await database.read(service.open_code_text, actor, codes, bc_id, link_request_id)
    return Response(qr.draw_svg(text), media_type="image/svg+xml", headers=_SECRET_IMAGE)


@member_router.post("/{link_request_id}/cancel", summary="Cancel a QR code", responses=responses(*ADMIN, *states.OVER))
async def cancel_link_request(
    bc_id: str, link_request_id: str, database: Db, codes: Codes, actor: CurrentMember
) -> wire.LinkRequest:
    """Cancel an open request: its code stops working immediately. For admins."""
    return await database.write(service.cancel, actor, codes, bc_id, link_request_id)


@member_router.post("/{link_request_id}/new-code", summary="New code", responses=responses(*ADMIN, *states.OVER))
async def renew_link_request(
    bc_id: str, link_request_id: str, database: Db, codes: Codes, actor: CurrentMember
) -> wire.LinkRequest:
    """Replace the code with a new one, which has a full lifetime; the old one stops working. For admins."""
    return await database.write(service.new_code, actor, codes, bc_id, link_request_id)
