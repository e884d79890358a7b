"""Turn every failure into a problem: JSON under /api, a page everywhere else."""

import logging
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from server.problems import (
    InternalError,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    TooLarge,
    problem_response,
)
from shared import wire

PageRenderer = Callable[[Request, Problem], Response]
log = logging.getLogger(__name__)


def install(app: FastAPI, render_page: PageRenderer) -> None:
    """Register the handlers; `render_page` draws a problem for people."""
    app.state.render_page = render_page
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(413, _on_too_large)
    app.add_exception_handler(Exception, _on_defect)


def in_our_words(scope: Scope, receive: Receive, send: Send) -> Send:
    """Return a `send` that replaces Starlette's plain refusal of a large body with our problem or page.

    If the declared length exceeds the limit, Starlette sends its own text, whatever an exception handler returns.
    """
    refused = False

    async def send_problem(message: Message) -> None:
        nonlocal refused
        if message["type"] == "http.response.start" and message["status"] == 413:
            refused = dict(message["headers"]).get(b"content-type", b"").startswith(b"text/plain")
            if refused:
                answer = await _on_too_large(Request(scope), None)
                await answer(scope, receive, send)
        if not refused:
            await send(message)

    return send_problem


def _answer(request: Request, problem: Problem, body: wire.Problem | None = None) -> Response:
    if request.url.path.startswith(("/api/", "/healthz", "/metrics")):
        return problem_response(problem, body)
    page: Response = request.app.state.render_page(request, problem)
    return page


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _answer(request, error)


async def _on_malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [_field_error(item) for item in error.errors()]
    first = errors[0] if errors else {"where": "body", "what": "not understood"}
    problem = MalformedRequest(what=f"{first['where']}: {first['what']}. Correct it and send it again.")
    return _answer(request, problem, problem.body().model_copy(update={"errors": errors}))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _answer(request, NotFound(thing="page"))
    if error.status_code == 405:
        refused = _answer(request, MethodNotAllowed(method=request.method))
        # Allow lists the methods of this address. Where GET works, HEAD does, too.
        allowed = (error.headers or {}).get("Allow", "").split(", ")
        refused.headers["Allow"] = ", ".join(allowed + ["HEAD"] * ("GET" in allowed))
        return refused
    return _answer(request, MalformedRequest(what=str(error.detail)))


async def _on_too_large(request: Request, _error: Exception | None) -> Response:
    return _answer(request, TooLarge(limit_bytes=request.scope[MAX_BODY_SIZE_SCOPE_KEY]))


async def _on_defect(request: Request, error: Exception) -> Response:
    if not isinstance(error, ClientDisconnect):  # a client that left is not a defect
        log.error("unhandled error", exc_info=error)
    return _answer(request, InternalError())


def _field_error(item: dict[str, object]) -> dict[str, str]:
    location = item.get("loc", ())
    where = ".".join(str(part) for part in location) if isinstance(location, tuple | list) else "body"
    # Leave the input out: it may contain a password or a code.
    return {"where": where or "body", "what": str(item.get("msg", "not understood")).removeprefix("Value error, ")}
