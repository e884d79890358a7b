"""Redact a call's parameters for the request log: keep enough to see what was wrong, but no secrets."""

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
    """Return the parameters for the log: omit secrets, found by name and by value, and cut long texts short."""
    kept = _value(sent, [secret for secret in secrets if len(secret) >= 8], 0)
    if len(json.dumps(kept)) > SIZE_LIMIT:
        return {"(too large to keep)": ", ".join(text(name) for name in list(sent)[:ITEMS_LIMIT])}
    return kept  # type: ignore[no-any-return] # a dict stays a dict


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
    # Objects in a query arrive as JSON text, which may contain named secrets, too.
    if value[:1] in {"{", "["} and SECRET.search(value):
        try:
            return _value(json.loads(value), secrets, depth + 1)
        except (ValueError, RecursionError):
            return REDACTED
    return text(value, secrets)


def text(value: str, secrets: Iterable[str] = ()) -> str:
    """Return a text that every database can store: no secrets, control characters or lone surrogates, cut short."""
    for secret in secrets:
        value = value.replace(secret, REDACTED)
    clean = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "�", value)
    return clean if len(clean) <= TEXT_LIMIT else clean[:TEXT_LIMIT] + "..."
