"""What the request log keeps of a call's parameters: enough to see what was wrong, and no secret."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

SECRET: Final = re.compile("token|secret|auth_code|password|authorization", re.IGNORECASE)
REDACTED: Final = "(left out)"
TEXT_LIMIT: Final = 200
ITEMS_LIMIT: Final = 20
DEPTH_LIMIT: Final = 6
SIZE_LIMIT: Final = 4000


def parameters(sent: dict[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    """Return the parameters for the log: secrets left out by name and by value, long ones cut short."""
    kept = _value(sent, [secret for secret in secrets if len(secret) >= 8], 0)
    if len(json.dumps(kept)) > SIZE_LIMIT:
        return {"(too large to keep)": ", ".join(text(name) for name in list(sent)[:ITEMS_LIMIT])}
    return kept  # type: ignore[no-any-return] # a dict comes back as one


def _value(value: Any, secrets: list[str], depth: int) -> Any:
    if depth > DEPTH_LIMIT:
        return "..."
    if isinstance(value, dict):
        items = list(value.items())[:ITEMS_LIMIT]
        return {
            text(name, secrets): REDACTED if SECRET.search(str(name)) else _value(item, secrets, depth + 1)
            for name, item in items
        }
    if isinstance(value, list):
        return [_value(item, secrets, depth + 1) for item in value[:ITEMS_LIMIT]]
    if isinstance(value, str):
        return _embedded(value, secrets, depth)
    return text(str(value)) if isinstance(value, int) and abs(value) > 2**53 else value


def _embedded(value: str, secrets: list[str], depth: int) -> Any:
    # In a query, objects come as JSON: a secret in one of them is found by its name, too.
    if value[:1] in {"{", "["} and SECRET.search(value):
        try:
            return _value(json.loads(value), secrets, depth + 1)
        except (ValueError, RecursionError):
            return REDACTED
    return text(value, secrets)


def text(value: str, secrets: Iterable[str] = ()) -> str:
    """Return a text as every database can hold it: without control characters and halves of pairs, cut short."""
    for secret in secrets:
        value = value.replace(secret, REDACTED)
    clean = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "�", value)
    return clean if len(clean) <= TEXT_LIMIT else clean[:TEXT_LIMIT] + "..."
