"""Fixtures for all tests: databases, a real server process, a real browser."""

import re
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.support.browser import PHONE, Contexts, chromium
from tests.support.databases import SqliteFiles
from tests.support.postgres import PostgresCluster, postgres
from tests.support.server import ServerProcess
from tests.support.workers import FilesAndJourneys, in_order, is_slow, mixed_files, needs_browser

ARTIFACTS = Path(__file__).parent.parent / "test-artifacts"


def pytest_configure(config: pytest.Config) -> None:
    """Let a worker finish its test and stop its servers after Ctrl-C, which reaches it as well as its controller."""
    if hasattr(config, "workerinput"):
        # Not SIG_IGN: the servers would inherit it, and this signal stops them.
        signal.signal(signal.SIGINT, lambda _number, _frame: None)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests that open a browser or take long, so that `-m "not browser"` leaves them out."""
    if needs_browser(item):
        item.add_marker(pytest.mark.browser)
    if is_slow(item):
        item.add_marker(pytest.mark.slow)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests into the order in which they run."""
    if mixed := mixed_files(items):
        raise pytest.UsageError(f"move the browser tests into files of their own: {', '.join(mixed)}")
    items.sort(key=in_order)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesAndJourneys:
    """Share the tests among several processes when `-n` asks for them."""
    return FilesAndJourneys(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what servers printed and what browsers displayed when a test failed."""
    report = yield
    if report.failed and report.when != "teardown":
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, ServerProcess):
                report.sections.append((f"output of {name}", value.output()))
            if isinstance(value, Contexts):
                directory = ARTIFACTS / re.sub(r"[^\w.-]+", "-", item.nodeid.removeprefix("tests/"))
                report.sections.append(("pictures", "\n".join(map(str, value.save_failure(directory)))))
    return report


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run `async def` tests on asyncio, which is what the server runs on."""
    return "asyncio"


# --- databases ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    """Start a PostgreSQL server for the test session."""
    with postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """Return the folder of the test session's SQLite databases."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def prepare_database() -> Callable[[str], object] | None:
    """Return a function that fills a database before a test gets its copy, called once per kind, with a URL.

    None here; a folder's conftest.py overrides it, for example with a function that migrates.
    """
    return None


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, prepare_database: Callable[[str], object] | None) -> Iterator[str]:
    """Yield the URL of the test's own database; the test runs once on each kind."""
    kind = {"sqlite": "sqlite_files", "postgresql": "postgres_cluster"}[request.param]
    databases: SqliteFiles | PostgresCluster = request.getfixturevalue(kind)
    url = databases.create_database(prepare_database)
    yield url
    databases.drop_database(url)


# --- a real server --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Run a server with demo data for the whole session. Tests must cope with changed data; its log must end clean."""
    server = ServerProcess(tmp_path_factory.mktemp("demo") / "data")
    server.start()
    yield server
    server.stop()
    printed = server.output(10_000_000)
    assert "Traceback" not in printed, printed[printed.index("Traceback") :][:8_000]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Start further servers, with the arguments of `ServerProcess`; `data_dir` defaults to a new one."""
    servers: list[ServerProcess] = []

    def start(data_dir: Path | None = None, **options: object) -> ServerProcess:
        server = ServerProcess(data_dir or tmp_path / f"server-{len(servers) + 1}", **options)  # type: ignore[arg-type]
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


# --- a real browser -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium_session() -> Iterator[tuple[Playwright, Browser]]:
    """Yield Playwright and one Chromium for all browser tests."""
    with chromium() as session:
        yield session


@pytest.fixture
def contexts(chromium_session: tuple[Playwright, Browser]) -> Iterator[Contexts]:
    """Open pages for this test; if it fails, save pictures and consoles below test-artifacts/."""
    opened = Contexts(*chromium_session)
    yield opened
    opened.close()


@pytest.fixture
def page(contexts: Contexts) -> Page:
    """Return a page on a desktop screen."""
    return contexts.open("desktop")


@pytest.fixture
def phone(contexts: Contexts) -> Page:
    """Return a page on a phone with a touch screen."""
    return contexts.open("phone", **PHONE)
