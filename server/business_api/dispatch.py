"""Serve everything below `/open_api`: find the endpoint, run it, and answer in the envelope whatever happens.

One route handles every path and method below the prefix, so no error page can replace the envelope.
"""

import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from server.actor import SYSTEM
from server.auth.dependencies import address_of
from server.business_api import parameters, redaction, tokens
from server.business_api.answers import same_center
from server.business_api.calls import Call as LoggedCall
from server.business_api.endpoints import PREFIX, Call, Endpoint, Services
from server.business_api.envelope import Code, Refused, answer, code_of, new_request_id
from server.clock import utc_now
from server.database.core import Database
from server.problems import NotFound, Problem, TooLarge
from server.spark_codes.guesses import Guess

BODY_LIMIT_BYTES: Final = 64 * 1024
DRAINED_BYTES: Final = 8 * 1024 * 1024  # read and discarded, so that the client can read the refusal
_ROOT: Final = "/open_api"
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Trace:
    """What the request log records about one call."""

    request_id: str
    sent: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    bc_id: str | None = None
    token_id: str | None = None


class BusinessApi(BaseRoute):
    """The route of everything below `/open_api`."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        """Take the endpoints."""
        self._endpoints: dict[tuple[str, str], Endpoint] = {
            (endpoint.method, endpoint.path): endpoint for endpoint in endpoints
        }
        self._methods: dict[str, list[str]] = {}
        for endpoint in endpoints:
            self._methods.setdefault(endpoint.path, []).append(endpoint.method)
        self._unlimited = RequestBodyLimitMiddleware(self._answer, sys.maxsize)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match the prefix and every path below it, even a path with a line break."""
        is_ours = scope["type"] == "http" and (scope["path"] + "/").startswith(_ROOT + "/")
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer without the application's body limit: `_body` has its own, which refuses in the envelope."""
        await self._unlimited(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        trace = _Trace(new_request_id())
        request = Request(scope, receive)
        try:
            data = await self._serve(request, trace)
            code, message = Code.OK, "OK"
        except ClientDisconnect:
            return
        except Exception as error:
            data = {}
            code, message = _refusal(error)
        await answer(code, message, trace.request_id, data)(scope, receive, send)
        duration_ms = round((time.perf_counter() - started) * 1000)
        request.app.state.call_log.add(_logged(request, trace, code, message, duration_ms))

    async def _serve(self, request: Request, trace: _Trace) -> dict[str, Any]:
        endpoint = self._find(request.method, request.url.path)
        trace.token = request.headers.get("Access-Token", "").strip()
        sent = await _sent(request)
        if isinstance(sent, dict):
            trace.sent = sent
        if endpoint.needs_token and not trace.token:
            raise Refused(Code.TOKEN_EMPTY, tokens.EMPTY)
        services = _services(request)

        def job(connection: sa.Connection) -> dict[str, Any]:
            call = _call(connection, endpoint, trace, services)
            if isinstance(sent, Refused):
                raise sent
            wanted = parameters.validate(endpoint.params, sent)
            same_center(call, getattr(wanted, "bc_id", None))
            return endpoint.handler(connection, call, wanted)

        database: Database = request.app.state.database
        return await (database.write(job) if endpoint.writes else database.read(job))

    def _find(self, method: str, path: str) -> Endpoint:
        below = path.removeprefix(PREFIX).rstrip("/") + "/"
        found = self._endpoints.get((method, below)) if path.startswith(PREFIX + "/") else None
        if found is not None:
            return found
        shown = redaction.text(path)
        if path.startswith(PREFIX + "/") and below in self._methods:
            takes = " or ".join(self._methods[below])
            raise Refused(Code.NOT_IMPLEMENTED, f"{shown} takes {takes}, not {redaction.text(method)}.")
        raise Refused(Code.NOT_IMPLEMENTED, f"{shown} is not implemented here. docs/business-api.md lists what is.")


def _services(request: Request) -> Services:
    state = request.app.state
    guess = Guess(state.attempts, address_of(request))
    return Services(state.link_codes, state.media_links, guess, state.settings.origin)


def _call(connection: sa.Connection, endpoint: Endpoint, trace: _Trace, services: Services) -> Call:
    if not endpoint.needs_token:
        return Call(SYSTEM, "", trace.token, services)
    row = tokens.find(connection, trace.token)
    if row is not None:
        trace.bc_id, trace.token_id = row.bc_id, row.token_id
    caller = tokens.authenticate(row)
    return Call(caller.actor, caller.bc_id, trace.token, services)


async def _sent(request: Request) -> dict[str, Any] | Refused:
    """Return the parameters as they were sent, or a refusal if they cannot be read."""
    try:
        if request.method == "GET":
            query = dict(request.query_params)
            parameters.check_query(query)
            return query
        body = await _body(request)
        sent = parameters.parse(body) if body.strip() else {}
    except ValueError as error:
        return Refused(Code.PARAMETER, f"What was sent {error}. Send a JSON object in UTF-8.")
    except TooLarge as problem:
        return Refused(Code.PARAMETER, problem.text)
    if not isinstance(sent, dict):
        return Refused(Code.PARAMETER, "The body must be a JSON object.")
    return sent


async def _body(request: Request) -> bytes:
    kept, size = b"", 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > DRAINED_BYTES:
            break
        kept = kept + chunk if size <= BODY_LIMIT_BYTES else b""
    if size > BODY_LIMIT_BYTES:
        raise TooLarge(limit_bytes=BODY_LIMIT_BYTES)
    return kept


def _refusal(error: Exception) -> tuple[Code, str]:
    if isinstance(error, Refused):
        return error.code, error.message
    if isinstance(error, NotFound):  # its text refers to a list, which does not exist here
        return code_of(error), error.text.partition(" Check ")[0] + " Check the id."
    if isinstance(error, Problem):
        return code_of(error), error.text
    log.error("unhandled error in the Business API", exc_info=error)
    return (
        Code.SYSTEM,
        "The server made a mistake; nothing was changed. Try again; if it happens again, send request_id.",
    )


def _logged(request: Request, trace: _Trace, code: Code, message: str, duration_ms: int) -> LoggedCall:
    known = [trace.token, *_secrets_in(trace.sent)]
    return LoggedCall(
        bc_id=trace.bc_id,
        token_id=trace.token_id,
        request_id=trace.request_id,
        at=utc_now(),
        method=redaction.text(request.method),
        endpoint=redaction.text(request.url.path, known),
        code=int(code),
        message=redaction.text(message, known),
        parameters=redaction.parameters(trace.sent, known),
        duration_ms=duration_ms,
    )


def _secrets_in(sent: dict[str, Any]) -> list[str]:
    """Return the secrets among the parameters, so that the log omits them wherever else they appear."""
    return [value for name, value in sent.items() if redaction.SECRET.search(name) and isinstance(value, str)]
