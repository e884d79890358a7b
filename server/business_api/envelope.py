"""The vendor's envelope and codes: every answer is HTTP 200 with code, message, request_id and data.

If the status is different or the body is not JSON, the official client raises an error that hides the code and the
message. So every answer below the prefix has this form. The codes come from the vendor's list of return codes.
"""

import secrets
import time
from enum import IntEnum
from typing import Any

from fastapi.responses import JSONResponse

from server.problems import Problem
from shared.problems import ProblemType


class Code(IntEnum):
    """Return codes, as the vendor numbers them."""

    OK = 0
    NO_PERMISSION = 40001
    PARAMETER = 40002
    NOT_FOUND = 40007
    NOT_IMPLEMENTED = 40008
    TOO_MANY_IDS = 40011
    DUPLICATE = 40050
    THROTTLED = 40100
    TOKEN_EXPIRED = 40102
    TOKEN_EMPTY = 40104
    TOKEN_BAD = 40105
    AUTH_CODE_OVER = 40110
    NO_ADVERTISER = 40300
    SYSTEM = 50000


class Refused(Exception):
    """A refusal that exists only in the Business API; all others are the services' problems."""

    def __init__(self, code: Code, message: str) -> None:
        """Take the envelope's code and message."""
        self.code, self.message = code, message
        super().__init__(message)


def code_of(problem: Problem) -> Code:
    """Return the vendor's code for a problem of ours."""
    if problem.type is ProblemType.ALREADY_A_MEMBER:
        return Code.DUPLICATE
    match problem.status:
        case 403 | 409:  # the vendor documents no code for limits and for things in the wrong state
            return Code.NO_PERMISSION
        case 404:
            return Code.NOT_FOUND
        case 405:
            return Code.NOT_IMPLEMENTED
        case 410:
            return Code.AUTH_CODE_OVER
        case 413 | 416 | 422:
            return Code.PARAMETER
        case 429:
            return Code.THROTTLED
        case 401 | 500 | 503:  # endpoints use tokens instead of sessions and refuse bad ones themselves
            return Code.SYSTEM


def new_request_id() -> str:
    """Return an id for one call in the vendor's format: the UTC time in digits, then 80 random bits in hex."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime()) + secrets.token_hex(10).upper()


def answer(code: Code, message: str, request_id: str, data: dict[str, Any] | None = None) -> JSONResponse:
    """Return an answer in the envelope."""
    body = {"code": int(code), "message": message, "request_id": request_id, "data": data or {}}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
