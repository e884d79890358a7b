"""The vendor's envelope and codes: every answer is HTTP 200 with code, message, request_id and data.

On other statuses, and on bodies that are not JSON, the official client raises something useless instead of the
code and the message. So nothing but this leaves the prefix. Codes: the vendor's list of return codes.
"""

import secrets
import time
from enum import IntEnum
from typing import Any, Final

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
    """A refusal that only the Business API has; the others are the services' problems."""

    def __init__(self, code: Code, message: str) -> None:
        """Take what the envelope says."""
        self.code, self.message = code, message
        super().__init__(message)


_BY_TYPE: Final[dict[ProblemType, Code]] = {
    ProblemType.ALREADY_A_MEMBER: Code.DUPLICATE,
    ProblemType.METHOD_NOT_ALLOWED: Code.NOT_IMPLEMENTED,
    ProblemType.TOO_LARGE: Code.PARAMETER,
}
_BY_STATUS: Final[dict[int, Code]] = {
    403: Code.NO_PERMISSION,
    404: Code.NOT_FOUND,
    409: Code.NO_PERMISSION,  # limits, and things that cannot be used as they are: no code is documented for them
    410: Code.AUTH_CODE_OVER,
    422: Code.PARAMETER,
    429: Code.THROTTLED,
}


def code_of(problem: Problem) -> Code:
    """Return the vendor's code for a problem of ours."""
    return _BY_TYPE.get(problem.type) or _BY_STATUS.get(problem.status, Code.SYSTEM)


def new_request_id() -> str:
    """Return the id of one call: when it came, and 80 random bits, as hex; the vendor's have this look."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime()) + secrets.token_hex(10).upper()


def answer(code: Code, message: str, request_id: str, data: dict[str, Any] | None = None) -> JSONResponse:
    """Return the envelope."""
    body = {"code": int(code), "message": message, "request_id": request_id, "data": data or {}}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
