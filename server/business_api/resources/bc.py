"""/bc/get/: the Business Center that the token was made for, as a list of one."""

from typing import Annotated, Any

import sqlalchemy as sa

from server.business_api.answers import NO_FINANCE, USER_ROLES
from server.business_api.endpoints import Call, Endpoint
from server.business_api.parameters import FromJson, Id, Paged, Params, Short, page_of
from server.business_centers import service as business_centers


class Filtering(Params):
    """A keyword: part of the name or of the id."""

    keyword: Short = ""


class Get(Paged):
    """/bc/get/."""

    bc_id: Id | None = None
    filtering: Annotated[Filtering | None, FromJson] = None


def get(connection: sa.Connection, call: Call, wanted: Get) -> dict[str, Any]:
    """Return the token's Business Center, with the caller's role in it."""
    center = business_centers.get(connection, call.actor, call.bc_id)
    keyword = (wanted.filtering.keyword if wanted.filtering else "").strip().lower()
    found = [center] if keyword in center.name.lower() or keyword in center.bc_id else []
    shown, info = page_of(found, wanted)
    # The vendor keeps a company's data here; Sparklink knows only the name and the id.
    items = [
        {
            "bc_info": {
                "bc_id": item.bc_id,
                "name": item.name,
                "company": item.name,
                "currency": "USD",
                "registered_area": "US",
                "status": "ENABLE",
                "timezone": "UTC",
                "type": "DIRECT",
                "organization_type": "BUSINESS",
            },
            "user_role": USER_ROLES[item.role],
            "ext_user_role": NO_FINANCE,
        }
        for item in shown
    ]
    return {"list": items, "page_info": info}


ENDPOINTS = (Endpoint("GET", "/bc/get/", Get, get),)
