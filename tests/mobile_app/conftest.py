"""Fixtures for a server in this process, the app's client and states connected to it, and phones."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from mobile_app.app import make_main
from mobile_app.state.app import AppState, Services
from mobile_app.state.client import Client
from mobile_app.state.linking import LinkingState
from mobile_app.state.storage import MemoryStorage
from tests.mobile_app.harness import Phone
from tests.server.world import ORIGIN, PASSWORD, Template, World, running
from tests.support.databases import SqliteFiles

OpenPhone = Callable[..., Awaitable[Phone]]


class Line(httpx.AsyncBaseTransport):
    """The connection to the server, which a test can cut before or after the server has done its work, or delay."""

    def __init__(self, world: World) -> None:
        self._way = httpx.ASGITransport(world.app)
        self.cut = False
        self.cut_for = ""  # the only path that is cut
        self.answers_to_lose = 0
        self.requests: list[str] = []
        self.held_up = ""  # requests of this method wait until the gate is opened
        self.gate = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, or lose it or its answer."""
        self.requests.append(f"{request.method} {request.url.path}")
        if request.method == self.held_up:
            await self.gate.wait()
        if self.cut or (self.cut_for and request.url.path.endswith(self.cut_for)):
            raise httpx.ConnectError("cut")
        response = await self._way.handle_async_request(request)
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            raise httpx.ReadError("lost")
        return response


@pytest.fixture(scope="session")
def template() -> Template:
    """Return what fills the database that tests get copies of."""
    return Template()


@pytest.fixture
def server_url(sqlite_files: SqliteFiles, template: Template) -> Iterator[str]:
    """Yield the URL of a freshly filled database."""
    url = sqlite_files.create_database(template)
    yield url
    sqlite_files.drop_database(url)


@pytest.fixture
async def world(server_url: str, template: Template, tmp_path: Path) -> AsyncIterator[World]:
    """Run the server, with the people who use it."""
    async with running(server_url, tmp_path, template.cast(server_url)) as world:
        yield world


@pytest.fixture
def line(world: World) -> Line:
    """Return the connection from the app to the server."""
    return Line(world)


@pytest.fixture
def services(line: Line) -> Services:
    """Return everything that the app gets from outside."""
    return Services(ORIGIN, lambda url: Client(url, line), MemoryStorage)


@pytest.fixture
def app(services: Services, world: World) -> AppState:
    """Return the state of mia's app, logged in."""
    state = AppState(services)
    state.client.token = world.mia.token
    return state


@pytest.fixture
def linking(app: AppState) -> LinkingState:
    """Return the state of the request that mia has open."""
    return LinkingState(app)


@pytest.fixture
async def open_phone(services: Services) -> AsyncIterator[OpenPhone]:
    """Open the app on its own phone; `log_in_as` takes a handle."""
    phones: list[Phone] = []

    async def open_one(route: str = "/", log_in_as: str | None = None, **device: object) -> Phone:
        answers = device.pop("answers", None)
        given = replace(services, camera=device.pop("camera", None))
        phone = Phone(answers)  # type: ignore[arg-type]
        phones.append(phone)
        await phone.start(make_main(lambda page: given), route, **device)
        if log_in_as:
            await phone.type("login.handle", log_in_as)
            await phone.type("login.password", PASSWORD)
            await phone.tap("login.submit")
            await phone.until(lambda: not phone.shows("login.submit"))
        return phone

    yield open_one
    for phone in phones:
        await phone.stop()
