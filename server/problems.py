"""Errors that people and programs see: one class per case, rendered as RFC 9457 JSON or as an HTML page."""

from typing import Any, ClassVar, Literal, TypeVar

from fastapi.responses import JSONResponse

from shared import languages, wire
from shared.languages import gettext, ngettext
from shared.problems import ProblemType

MEDIA_TYPE = "application/problem+json"
T = TypeVar("T")


# The values of these names are our own words and are translated. All others are names, numbers and addresses.
_OUR_WORDS = {"thing", "is_a", "needs", "title", "what", "why", "held", "needed", "how"}


# The statuses a problem can have. The Business API has a code for each: `code_of` in its envelope.
Status = Literal[401, 403, 404, 405, 409, 410, 413, 416, 422, 429, 500, 503]


class Problem(Exception):
    """A refusal. `detail` says what happened and what to do next; the constructor fills in its `{names}`.

    Title and detail are in English, which is also the key of their translations. They are translated when the
    refusal is rendered.

    `commits` marks the few refusals that must leave a record: the transaction commits before the caller gets the
    refusal.
    """

    type: ClassVar[ProblemType]
    status: ClassVar[Status]
    title: ClassVar[str]
    detail: ClassVar[str]
    commits: ClassVar[bool] = False

    def __init__(self, *, retry_after_seconds: int | None = None, **names: Any) -> None:
        """Take the values for the names in `detail`."""
        self._names = names
        self.retry_after_seconds = retry_after_seconds
        super().__init__(self.detail.format(**names))

    @property
    def heading(self) -> str:
        """The title in the current language."""
        return gettext(self.title)

    @property
    def text(self) -> str:
        """The detail in the current language."""
        names = {name: gettext(value) if name in _OUR_WORDS else value for name, value in self._names.items()}
        return gettext(self.detail).format(**names)

    def body(self) -> wire.Problem:
        """Return the problem as its wire body."""
        return wire.Problem(
            type=self.type,
            title=self.heading,
            status=self.status,
            detail=self.text,
            retry_after_seconds=self.retry_after_seconds,
        )

    def headers(self) -> dict[str, str]:
        """Return the headers that belong to this refusal."""
        headers = {"Cache-Control": "no-store", "Content-Language": languages.current().code}
        if self.retry_after_seconds is not None:
            headers["Retry-After"] = str(self.retry_after_seconds)
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return headers


class MalformedRequest(Problem):
    """The body or a parameter does not have the documented form."""

    type, status, title = ProblemType.MALFORMED_REQUEST, 422, "The request is malformed"
    detail = "{what}"


class NotFound(Problem):
    """Absent, or not yours: the two look alike on purpose."""

    type, status, title = ProblemType.NOT_FOUND, 404, "Not found"
    detail = "There is no such {thing} here, or it is not yours. Check the address or go back to the list."


def or_not_found(value: T | None, *, thing: str) -> T:
    """Return a value that was looked up.

    Raises:
        NotFound: the value is None: there is no such thing, or it is not the caller's.
    """
    if value is None:
        raise NotFound(thing=thing)
    return value


class MethodNotAllowed(Problem):
    """The path exists but does not allow the method."""

    type, status, title = ProblemType.METHOD_NOT_ALLOWED, 405, "Method not allowed"
    detail = "This address does not accept {method} requests. The API documentation lists what it accepts."


class TooManyAttempts(Problem):
    """A limit on failed attempts is used up."""

    type, status, title = ProblemType.TOO_MANY_ATTEMPTS, 429, "Too many attempts"
    detail = "There were too many failed attempts. Wait {wait}, then try again."

    @property
    def text(self) -> str:
        """The detail in the current language, with the wait in words."""
        seconds = self.retry_after_seconds or 60
        minutes = -(-seconds // 60)
        wait = ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
        if seconds >= 90:
            wait = ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
        return gettext(self.detail).format(wait=wait)


class TooLarge(Problem):
    """The body is over the limit."""

    type, status, title = ProblemType.TOO_LARGE, 413, "The request is too large"
    detail = "The request body is over the limit of {limit_bytes} bytes. Send less."


class Busy(Problem):
    """The bounded queue of writes is full."""

    type, status, title = ProblemType.BUSY, 503, "The server is busy"
    detail = "The server has more work than it can handle right now; nothing was changed. Try again in a moment."


class DatabaseUnavailable(Problem):
    """The database did not answer. If in doubt, the server refuses."""

    type, status, title = ProblemType.DATABASE_UNAVAILABLE, 503, "The database is not available"
    detail = "The database is not responding right now; nothing was changed. Try again in a moment."


class OutcomeUnknown(Problem):
    """The connection was lost during a commit: the change may or may not have been made."""

    type, status, title = ProblemType.OUTCOME_UNKNOWN, 503, "It is unclear whether this was done"
    detail = (
        "The database did not confirm the change, so it may or may not have been made. Check the current state first, "
        "and repeat the change only if it is missing."
    )


class InternalError(Problem):
    """A bug in the server."""

    type, status, title = ProblemType.INTERNAL_ERROR, 500, "Something went wrong on our side"
    detail = "The server made a mistake; nothing was changed. Try again; if it happens again, report the time."


def problem_response(problem: Problem, body: wire.Problem | None = None) -> JSONResponse:
    """Render a problem as `application/problem+json`."""
    content = (body or problem.body()).model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, problem.status, problem.headers(), media_type=MEDIA_TYPE)


def responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Describe the refusals of a route for the API documentation, with one example per problem type."""
    described: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        entry = described.setdefault(
            problem.status,
            {
                "description": "",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        entry["description"] = " / ".join(filter(None, (entry["description"], problem.title)))
        entry["content"][MEDIA_TYPE]["examples"][problem.type.rsplit(":", 1)[1]] = {
            "summary": problem.title,
            "value": {
                "type": problem.type,
                "title": problem.title,
                "status": problem.status,
                "detail": problem.detail,
            },
        }
    return described
