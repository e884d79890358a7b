"""Complete the API description: every operation says how it fails, and every problem type is listed."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from server.problems import MEDIA_TYPE, DatabaseUnavailable, InternalError, MalformedRequest, OutcomeUnknown, responses
from shared import wire
from shared.problems import ProblemType

DESCRIPTION = """
The API of Sparklink: the QR handshake that links a TikTok account to a Business Center.

Sign in with `POST /sessions` and send the token as `Authorization: Bearer TOKEN`. Lists page by cursor. Times are
RFC 3339 in UTC, ids are strings of digits. Errors are problem details (RFC 9457) with a stable `type`; something
that is not yours looks as if it did not exist (404). Repeating your own approval returns the first result.
"""


def complete(app: FastAPI) -> dict[str, Any]:
    """Return the description of an application's API."""
    schema = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    schemas: dict[str, Any] = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = wire.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas["Problem"]["properties"]["type"]["examples"] = [problem.value for problem in ProblemType]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    always = responses(InternalError, DatabaseUnavailable, OutcomeUnknown)
    malformed = responses(MalformedRequest)[422]
    for path in schema["paths"].values():
        for operation in path.values():
            answers: dict[str, Any] = operation["responses"]
            for status, described in always.items():
                answers.setdefault(str(status), described)
            if "422" in answers and MEDIA_TYPE not in answers["422"]["content"]:
                answers["422"] = malformed
    return schema
