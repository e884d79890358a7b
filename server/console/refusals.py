"""Error pages: what happened, what to do next, and a way back."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from server.auth.service import SessionIdle
from server.console import cookies
from server.console.rendering import NO_STORE, query_to_keep, render
from server.console.visit import Visit
from server.problems import Problem
from shared.languages import Message
from shared.problems import ProblemType


@dataclass(frozen=True, slots=True)
class WayOut:
    """The link on an error page that leads back."""

    text: str
    address: str


_NEXT: Final = {
    ProblemType.ADMIN_ROLE_REQUIRED: Message("You can still look at the accounts, the ad accounts and the members."),
    ProblemType.WRONG_KIND_OF_SESSION: Message("Account owners scan and approve codes in the companion app."),
    ProblemType.NOT_FOUND: Message("It may have been unlinked in the meantime, or the address has a typo in it."),
    ProblemType.LINK_REQUEST_USED: Message("Nothing was changed. Go back to see the state of the code."),
    ProblemType.LINK_REQUEST_EXPIRED: Message("Nothing was changed. Make another code for the owner."),
    ProblemType.LINK_REQUEST_DECLINED: Message("Nothing was changed. Talk to the owner before you make another code."),
    ProblemType.LINK_REQUEST_CANCELLED: Message("Nothing was changed. Make another code whenever you need it."),
    ProblemType.SESSION_OVER: Message("Nothing was changed. Sign in, then do it once more."),
    ProblemType.BUSY: Message("Wait a moment, then load the page again."),
    ProblemType.DATABASE_UNAVAILABLE: Message("Wait a moment, then load the page again."),
}


def render_problem(request: Request, problem: Problem) -> Response:
    """Render a problem as a console page. If a page needs a session, redirect to the sign-in instead."""
    if problem.status == 401 and (_is_page(request) or request.url.path == "/logout"):
        return _to_sign_in(request, problem)
    page = render(
        request,
        "problem.html",
        status=problem.status,
        title=problem.heading,
        detail=problem.text,
        following=_NEXT.get(problem.type, ""),
        way_out=_way_out(request, problem),
        reference=f"/problems#{problem.type.rsplit(':', 1)[1]}",
    )
    page.headers.update(problem.headers())
    return page


def render_form_refused(request: Request) -> Response:
    """Render the page that says a form was not accepted and nothing is lost."""
    return render(
        request,
        "problem.html",
        status=403,
        title=Message("This form could not be checked"),
        detail=Message(
            "Nothing was changed. The form belongs to an earlier session, or it did not come from this console."
        ),
        following=Message(
            "Go back with your browser, load the page again, and send the form once more: what you entered "
            "is still on that page."
        ),
        way_out=_way_out(request, None),
        reference=None,
    )


def _is_page(request: Request) -> bool:
    wanted_as = request.headers.get("sec-fetch-dest", "document")
    return request.method in {"GET", "HEAD"} and wanted_as in {"document", "iframe"} and not is_refresh(request)


def is_refresh(request: Request) -> bool:
    """Return whether one of our scripts sent the request, to update an open page with the answer."""
    return "x-refresh" in request.headers


def _to_sign_in(request: Request, problem: Problem) -> Response:
    had_one = cookies.session_token(request) is not None
    over = had_one and request.url.path != "/logout"
    note = "idle" if isinstance(problem, SessionIdle) else "session-over"
    response = RedirectResponse(f"/login?note={note}" if over else "/login", 303, NO_STORE)
    if had_one:
        cookies.forget_session(request, response)
    cookies.keep_page(request, response, request.url.path + query_to_keep(request).removesuffix("&").removesuffix("?"))
    return response


def _way_out(request: Request, problem: Problem | None) -> WayOut:
    visit: Visit | None = getattr(request.state, "visit", None)
    if problem is not None and problem.status == 401:
        return WayOut(Message("Sign in"), "/login")
    if problem is not None and problem.type is ProblemType.WRONG_KIND_OF_SESSION:
        return WayOut(Message("Open the companion app"), "/app/")
    if visit is None:
        return WayOut(Message("Go to the start page"), "/")
    if "/ads" in request.url.path.removeprefix(visit.path("")[:-1]) and not request.url.path.endswith("/ads"):
        return WayOut(Message("Back to Ads Manager"), visit.path("ads"))
    if "/tiktok-accounts" in request.url.path or "/link-requests" in request.url.path:
        return WayOut(Message("Back to TikTok accounts"), visit.path("tiktok-accounts"))
    return WayOut(Message("Back to the overview"), visit.path("overview"))
