"""Convert symbols to JSON and back, to pass them from a decoder's process to its caller."""

import base64
from typing import Any

from mobile_app.scanner.engines.decoders import Symbol


def to_json(symbol: Symbol) -> dict[str, Any]:
    """Return `symbol` as values that JSON can carry."""
    return {
        "corners": symbol.corners,
        "text": symbol.text,
        "data": base64.b64encode(symbol.data).decode("ascii"),
        "version": symbol.version,
        "spare": symbol.spare,
    }


def from_json(fields: dict[str, Any]) -> Symbol:
    """Return the symbol that `to_json` wrote. Raises ValueError, TypeError or KeyError for anything else."""
    a, b, c, d = ((float(x), float(y)) for x, y in fields["corners"])
    text = fields["text"]
    return Symbol(
        corners=(a, b, c, d),
        text=None if text is None else str(text),
        data=base64.b64decode(fields["data"]),
        version=int(fields["version"]),
        spare=float(fields["spare"]),
    )
