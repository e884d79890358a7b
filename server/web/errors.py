"""Turn every failure into a problem: JSON under /api, a page everywhere else."""

import logging
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from server.problems import InternalError, MalformedRequest, MethodNotAllowed, NotFound, Problem, problem_response
from shared import wire

PageRenderer = Callable[[Request, Problem], Response]
log = logging.getLogger(__name__)


def install(app: FastAPI, render_page: PageRenderer) -> None:
    """Register the handlers; `render_page` draws a problem for people."""

    def answer(request: Request, problem: Problem, body: wire.Problem | None = None) -> Response:
        if request.url.path.startswith(("/api/", "/healthz", "/metrics")):
            return problem_response(problem, body)
        return render_page(request, problem)

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return answer(request, error)

    async def on_malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = [_field_error(item) for item in error.errors()]
        first = errors[0] if errors else {"where": "body", "what": "not understood"}
        problem = MalformedRequest(what=f"{first['where']}: {first['what']}. Correct it and send it again.")
        return answer(request, problem, problem.body().model_copy(update={"errors": errors}))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return answer(request, NotFound(thing="page"))
        if error.status_code == 405:
            refused = answer(request, MethodNotAllowed(method=request.method))
            # Allow: what the address does take; where there is GET, there is HEAD.
            allowed = (error.headers or {}).get("Allow", "").split(", ")
            refused.headers["Allow"] = ", ".join(allowed + ["HEAD"] * ("GET" in allowed))
            return refused
        return answer(request, MalformedRequest(what=str(error.detail)))

    async def on_defect(request: Request, error: Exception) -> Response:
        log.error("unhandled error", exc_info=error)
        return answer(request, InternalError())

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_malformed)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_defect)


def _field_error(item: dict[str, object]) -> dict[str, str]:
    location = item.get("loc", ())
    where = ".".join(str(part) for part in location) if isinstance(location, tuple | list) else "body"
    # The input itself is left out: it may hold a password or a code.
    return {"where": where or "body", "what": str(item.get("msg", "not understood")).removeprefix("Value error, ")}
