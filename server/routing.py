"""Routes side by side. A router within a router is asked twice by FastAPI, and each level asks all before it.

Measured on a request that does nothing: 36 µs as the first route of the application, 169 as the last one of
routers within routers.
"""

import copy

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.utils import generate_unique_id
from starlette.routing import compile_path


def include(app: FastAPI, router: APIRouter, prefix: str = "") -> None:
    """Add the routes of a router to the application itself, in their order, under a prefix."""
    for route in router.routes:
        assert isinstance(route, APIRoute), "only plain routes: nothing of ours nests or mounts in a router"
        app.router.routes.append(_moved(route, prefix) if prefix else route)


def _moved(route: APIRoute, prefix: str) -> APIRoute:
    moved = copy.copy(route)
    moved.path = prefix + route.path
    moved.path_regex, moved.path_format, moved.param_convertors = compile_path(moved.path)
    moved.unique_id = generate_unique_id(moved)
    return moved
