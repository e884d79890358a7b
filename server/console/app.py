"""Put the console together: pages, static files, and how a problem looks to a person."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from server.problems import Problem


def install(app: FastAPI) -> None:
    """Add every page of the console to the application."""


def render_problem(request: Request, problem: Problem) -> Response:
    """Draw a problem as a page."""
    return HTMLResponse(problem.text, problem.status, problem.headers())
