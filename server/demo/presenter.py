"""The presenter page `/demo`: console and phone side by side, and a button that starts over. Only in demo mode."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.auth.dependencies import Codes, Db
from server.console import assets, cookies
from server.console.forms import FormRefused, comes_from_here
from server.demo import lan
from server.demo.reset import Reset, reset
from server.problems import NotFound
from server.settings import Settings
from shared import qr
from shared.languages import current, gettext, ngettext

FOLDER: Final = Path(__file__).parent
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)
_STATIC: Final = {"presenter.css": "text/css", "presenter.js": "text/javascript"}
_NO_STORE: Final = {"Cache-Control": "no-store"}

router = APIRouter(prefix="/demo", include_in_schema=False)
_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_templates.policies["ext.i18n.trimmed"] = True
_templates.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]


@router.get("")
async def get_presenter(request: Request) -> Response:
    """Show both sides on one page; for a demo in the network, also show the address for phones."""
    settings: Settings = request.app.state.settings
    phone = f"{settings.origin}/app/" if settings.over_lan else None
    # Without a session, a frame is not redirected to the sign-in page, so it starts there.
    start = "/" if cookies.session_token(request) else "/login"
    template = _templates.get_template("presenter.html")
    page = template.render(
        static=assets.url, phone=phone, warning=gettext(lan.WARNING), language=current(), start=start
    )
    return HTMLResponse(page, headers={**_NO_STORE, "Content-Security-Policy": CONTENT_SECURITY_POLICY})


@router.get("/phone.svg")
async def get_phone_code(request: Request) -> Response:
    """Return the QR code that opens the companion app when a phone's own camera scans it."""
    settings: Settings = request.app.state.settings
    if not settings.over_lan:
        raise NotFound(thing="picture")
    return Response(qr.draw_svg(f"{settings.origin}/app/"), media_type="image/svg+xml", headers=_NO_STORE)


@router.get("/static/{name}")
async def get_static(name: str) -> Response:
    """Return the page's own style sheet or script."""
    if name not in _STATIC:
        raise NotFound(thing="file")
    content = (FOLDER / "static" / name).read_bytes()
    return Response(content, media_type=_STATIC[name], headers={"Cache-Control": "no-cache"})


@router.post("/reset")
async def post_reset(request: Request, database: Db, codes: Codes) -> Response:
    """Reset the demo to its first state and return a sentence about the changes."""
    if not _sent_by_our_page(request):
        raise FormRefused
    return JSONResponse({"said": _summary(await database.write(reset, codes))}, headers=_NO_STORE)


def _sent_by_our_page(request: Request) -> bool:
    # There is no form token here, so a request without a stated origin is refused.
    says = "sec-fetch-site" in request.headers or request.headers.get("origin", "null") != "null"
    return says and comes_from_here(request)


def _summary(done: Reset) -> str:
    parts = [
        _counted(
            ngettext("{count} open code cancelled", "{count} open codes cancelled", done.cancelled), done.cancelled
        ),
        _counted(ngettext("{count} link ended", "{count} links ended", done.ended), done.ended),
        gettext("the first link made again") if done.linked else "",
    ]
    changed = gettext(", ").join(part for part in parts if part)
    if not changed:
        return gettext("The demo was already in its initial state.")
    return gettext("The demo is back in its initial state: {changes}.").format(changes=changed)


def _counted(sentence: str, number: int) -> str:
    return sentence.format(count=number) if number else ""
