"""Counters in Prometheus' text format: what happened, by type, since the process started."""

from collections.abc import Sequence
from typing import Final

from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

from shared import wire

_EVENTS: Final = Counter("sparklink_events", "Committed events, by type", ["type"])


def count(events: Sequence[wire.EventRow]) -> None:
    """Count committed events."""
    for event in events:
        _EVENTS.labels(event.type).inc()


async def get_metrics() -> Response:
    """Return all counters."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
