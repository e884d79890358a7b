"""Count events by type since the process started, for Prometheus."""

from collections import Counter as CountedEvents
from collections.abc import Sequence
from typing import Final

from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

from shared import wire

_EVENTS: Final = Counter("sparklink_events", "Committed events, by type", ["type"])


def count(events: Sequence[wire.EventRow]) -> None:
    """Count committed events."""
    for kind, number in CountedEvents(event.type for event in events).items():
        _EVENTS.labels(kind).inc(number)


async def get_metrics() -> Response:
    """Return all counters in Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
