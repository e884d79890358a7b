"""Sign in and out in the browser, and choose the page to show afterwards."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from server import security
from server.auth import service as auth
from server.auth.dependencies import Address, AttemptCounter, Db, Passwords
from server.auth.sign_in import sign_in
from server.console import cookies, forms, words
from server.console.rendering import NO_STORE, render
from server.console.visit import CurrentVisitor
from server.demo.logins import read_logins
from server.problems import Busy, TooManyAttempts
from shared import wire
from shared.languages import Message

router = APIRouter(include_in_schema=False)
_OWNER_HINT = Message(
    "This looks like the handle of a TikTok account. The console is for members of a Business Center; "
    "owners of an account log in to the companion app."
)
_TOO_OLD = Message("This page was open for too long, or the form came from somewhere else. Enter your password again.")


@dataclass(slots=True)
class Attempt:
    """The entered values and the errors by field. The key `form` is for errors that belong to no field."""

    email: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    owner: bool = False
    status: int = 422


@router.get("/")
async def get_start(visitor: CurrentVisitor, request: Request) -> Response:
    """Go to the first Business Center, or show a page that says there is none."""
    if visitor.centers:
        return to(f"/bc/{visitor.centers[0].bc_id}/overview")
    return render(request, "no_center.html")


@router.get("/login")
async def get_sign_in(request: Request) -> Response:
    """Show the sign-in form."""
    return _show(request, Attempt(status=200))


def _show(request: Request, attempt: Attempt) -> Response:
    return render_form(
        request,
        "login.html",
        status=attempt.status,
        attempt=attempt,
        logins=_demo_logins(request),
        done=words.DONE.get(request.query_params.get("note", "")),
    )


def render_form(request: Request, template: str, /, *, status: int = 200, **values: Any) -> Response:
    """Return a page with a form that works without a session: its token then belongs to a separate cookie."""
    seed = cookies.session_token(request) or cookies.visitor_seed(request)
    fresh = None if seed else Response()
    if fresh is not None:
        seed = cookies.set_visitor_seed(request, fresh)
    page = render(request, template, status=status, form_token=forms.token_for(seed or ""), **values)
    if fresh is not None:
        page.headers["set-cookie"] = fresh.headers["set-cookie"]
    return page


def _demo_logins(request: Request) -> list[dict[str, Any]]:
    logins = read_logins(request.app.state.settings) or {}
    what = {
        "admin": Message("Admin"),
        "standard": Message("Standard member"),
        "outsider": Message("Admin of another Business Center"),
    }
    return [{"key": key, "what": text, **logins[key]} for key, text in what.items() if key in logins]


@router.post("/login")
async def post_sign_in(
    request: Request, database: Db, passwords: Passwords, attempts: AttemptCounter, address: Address
) -> Response:
    """Start a session and go to the last page or the first Business Center. After an error, show the form as it was."""
    attempt = Attempt()
    try:
        form = await forms.read_form(request)
    except forms.FormRefused as refused:
        attempt.email, attempt.status = forms.text(refused.form, "email")[:254], 403
        attempt.errors["form"] = _TOO_OLD
        return _show(request, attempt)
    attempt.email = forms.text(form, "email")
    password = form.get("password")
    _check(attempt, password)
    if attempt.errors:
        return _show(request, attempt)
    try:
        wanted = wire.SignIn(email=attempt.email, password=str(password))
        # A browser keeps one session, so signing in ends the one it had, whoever it belonged to.
        before = cookies.session_token(request)
        instead_of = security.token_hash(before) if before else None
        session = await sign_in(database, passwords, attempts, address, wanted, instead_of, ends_idle=True)
    except ValidationError:
        attempt.errors["password"] = Message("That is longer than any password allowed here. Check it and try again.")
        return _show(request, attempt)
    except (auth.WrongCredentials, TooManyAttempts, Busy) as problem:
        attempt.errors["form"], attempt.status = problem.text, problem.status
        return _show(request, attempt)
    return _welcome(request, session)


def _welcome(request: Request, session: wire.Session) -> Response:
    """Store the session in the browser and go back to the page that needed a sign-in, if the member may see it."""
    response = to("/")
    centers = session.actor.business_centers if isinstance(session.actor, wire.MemberActor) else []
    if page := cookies.take_page(request, response, {center.bc_id for center in centers}):
        response.headers["location"] = page
    cookies.set_session(request, response, session.token, session.expires_at)
    return response


def _check(attempt: Attempt, password: object) -> None:
    local, at, domain = attempt.email.rpartition("@")
    if not attempt.email:
        attempt.errors["email"] = Message("Enter the e-mail address you are a member with.")
    elif not local:
        attempt.owner = True
        attempt.errors["email"] = _OWNER_HINT
    elif not at or not domain or len(attempt.email) > 254:
        attempt.errors["email"] = Message("This is not a complete e-mail address. Check it and try again.")
    if not password and not attempt.owner:
        attempt.errors["password"] = Message("Enter your password.")


@router.post("/logout")
async def post_sign_out(request: Request, database: Db, visitor: CurrentVisitor, _form: forms.CheckedForm) -> Response:
    """End the session on the server and in the browser."""
    await database.write(auth.end_session, visitor.actor)
    response = to("/login?note=signed-out")
    cookies.forget_session(request, response)
    return response


def to(address: str) -> RedirectResponse:
    """Redirect to a GET. The address is always one of ours, never a parameter of the request."""
    return RedirectResponse(address, 303, NO_STORE)
