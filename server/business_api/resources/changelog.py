"""/changelog/get/: what happened in the Business Center, from the activity log."""

from datetime import date
from typing import Annotated, Any, Literal

import sqlalchemy as sa

from server.business_api.answers import at
from server.business_api.endpoints import Call, Endpoint
from server.business_api.parameters import FromJson, Id, PageNumber, Params, Short, SizeTo100, page_of
from server.business_centers import service as business_centers
from shared import wire
from shared.events import EventType

_SEARCHED = 2_000  # newest entries to search


class Filtering(Params):
    """Which entries to list."""

    start_date: date | None = None
    end_date: date | None = None
    activity_type: Short | None = None


class Sort(Params):
    """The order of the entries."""

    sort_field: Short | None = None
    sort_type: Literal["ASC", "DESC"] = "DESC"


class Get(Params):
    """/changelog/get/."""

    bc_id: Id
    filtering: Annotated[Filtering | None, FromJson] = None
    sort: Annotated[Sort | None, FromJson] = None
    page: PageNumber = 1
    page_size: SizeTo100 = 20


def get(connection: sa.Connection, call: Call, wanted: Get) -> dict[str, Any]:
    """Return the activity log, for admins. `activity_type` is an event type in capitals, or only its noun."""
    events = business_centers.list_events(connection, call.actor, call.bc_id, limit=_SEARCHED).items
    chosen = wanted.filtering or Filtering()
    found = [event for event in events if _fits(event, chosen)]
    if wanted.sort and wanted.sort.sort_type == "ASC":
        found.reverse()
    shown, info = page_of(found, wanted)
    rows = [
        {
            "time": at(event.at),
            "activity_type": _type(event),
            "operator_id": event.actor_id,
            "activity_log": f"{EventType(event.type).sentence} by {event.actor_name}",
        }
        for event in shown
    ]
    return {"changelog_list": rows, "page_info": info}


def _type(event: wire.EventRow) -> str:
    return event.type.replace(".", "_").upper()


def _fits(event: wire.EventRow, chosen: Filtering) -> bool:
    day, kind = event.at.date(), (chosen.activity_type or "").upper()
    return (
        (chosen.start_date is None or chosen.start_date <= day)
        and (chosen.end_date is None or day <= chosen.end_date)
        and (not kind or _type(event) == kind or event.type.partition(".")[0].upper() == kind)
    )


ENDPOINTS = (Endpoint("GET", "/changelog/get/", Get, get),)
