"""What was acknowledged survives, however often the server is killed in the middle of its work."""

import asyncio
import multiprocessing
import os
import random
import socket
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
import uvicorn

from server.actor import Actor
from server.app import create_app
from server.authorizations.tables import authorizations
from server.database.sqlite import SqliteDatabase
from server.events import service as events
from server.link_requests import approval
from server.link_requests.tables import link_requests
from server.security import LinkCodes
from tests.server.authorizations.crowd import add_asks, add_owners
from tests.server.world import LINK_CODE_KEY, ORIGIN, Template, settings_for
from tests.support.databases import SqliteFiles

TRIALS, APPROVALS = 15, 40
# `make trust` runs more rounds, each with its own database and moments.
SEEDS = range(20_261_107, 20_261_107 + int(os.environ.get("SPARKLINK_KILL_ROUNDS", "1")))
Processes = multiprocessing.context.ForkServerContext
Process = multiprocessing.process.BaseProcess


@dataclass(frozen=True, slots=True)
class Approval:
    """One request that is ready to send."""

    link_request_id: str
    token: str
    code: str
    consent_hash: str


def prepare(connection: sa.Connection, bc_id: str, count: int) -> list[Approval]:
    """Insert owners and codes, and open each code as its owner."""
    codes = LinkCodes(bytes.fromhex(LINK_CODE_KEY), ORIGIN)
    ready = []
    for (id, token), ask in zip(
        add_owners(connection, count), add_asks(connection, codes, [bc_id] * count), strict=True
    ):
        read = approval.read_code(ask.code, codes)
        shown = approval.open_request(connection, Actor("owner", id, "@crowd"), read).consent_hash
        ready.append(Approval(ask.link_request_id, token, ask.code, shown))
    return ready


def serve(url: str, data_dir: Path, listener: socket.socket) -> None:
    """Serve until killed; runs in its own process."""
    app = create_app(settings_for(url, data_dir))
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run([listener])


@pytest.fixture
def url(sqlite_files: SqliteFiles, prepare_database: Template) -> str:
    """Return the URL of the test's own database."""
    return sqlite_files.create_database(prepare_database)


@pytest.fixture(scope="module")
def processes() -> Processes:
    """Fork processes from one that has already loaded the server, so that a start takes a tenth of a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "server.app"])
    return context


def _start(processes: Processes, url: str, data_dir: Path) -> tuple[int, Process]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port: int = listener.getsockname()[1]
        process = processes.Process(target=serve, args=(url, data_dir, listener))
        process.start()
    return port, process


async def _approve_until_killed(
    port: int, approvals: list[Approval], process: Process, after: int, jitter_seconds: float = 0
) -> set[str]:
    """Send all approvals at once and kill the server soon after `after` successes; return the acknowledged ids."""
    acknowledged: set[str] = set()
    enough = asyncio.Event()
    limits = httpx.Limits(max_connections=APPROVALS, max_keepalive_connections=APPROVALS)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False, timeout=30, limits=limits
    ) as client:
        assert (await client.get("/me")).status_code == 401  # it is serving

        async def approve(approval: Approval) -> None:
            try:
                answer = await client.post(
                    f"/link-requests/{approval.link_request_id}/approve",
                    json={"code": approval.code, "consent_hash": approval.consent_hash},
                    headers={"Authorization": f"Bearer {approval.token}"},
                )
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            acknowledged.add(approval.link_request_id)
            if len(acknowledged) >= after:
                enough.set()

        async def kill() -> None:
            await enough.wait()
            await asyncio.sleep(jitter_seconds)  # so that the kill comes in the middle of the others
            process.kill()

        await asyncio.gather(kill(), *map(approve, approvals))
    return acknowledged


def _survivors(connection: sa.Connection) -> set[str]:
    joined = sa.select(link_requests.c.link_request_id).join(
        authorizations, authorizations.c.authorization_id == link_requests.c.authorization_id
    )
    approved = joined.where(link_requests.c.state == "approved", authorizations.c.ended_at.is_(None))
    return set(connection.execute(approved).scalars())


def _wrong(connection: sa.Connection) -> list[str]:
    """Return everything inconsistent in the database."""
    wrong = [str(finding) for finding in events.verify(connection)[1]]
    check = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    wrong += [] if check == "ok" else [check]
    active = connection.execute(sa.text("SELECT count(*) FROM authorizations WHERE ended_at IS NULL")).scalar_one()
    for counted in (
        "SELECT sum(account_count) FROM business_centers",
        "SELECT sum(business_center_count) FROM tiktok_accounts",
        "SELECT count(*) FROM link_requests WHERE state = 'approved'",
        "SELECT count(*) FROM events WHERE type = 'link_request.approved'",
    ):
        if (count := connection.execute(sa.text(counted)).scalar_one()) != active:
            wrong.append(f"{counted}: {count}, not {active}")
    return wrong


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_acknowledged_is_lost_by_a_kill(
    url: str, prepare_database: Template, tmp_path: Path, processes: Processes, seed: int
) -> None:
    """15 times, `kill -9` in the middle of 40 approvals loses nothing acknowledged and leaves nothing half done."""
    database = SqliteDatabase(url)
    ready = await database.write(prepare, prepare_database.cast(url).bc_id, TRIALS * APPROVALS)
    await database.close()
    jitter = random.Random(seed)  # noqa: S311 - no secret
    acknowledged: set[str] = set()
    interrupted = 0
    for trial in range(TRIALS):
        batch = ready[trial * APPROVALS : (trial + 1) * APPROVALS]
        port, process = _start(processes, url, tmp_path)
        confirmed = await _approve_until_killed(port, batch, process, 1, jitter.uniform(0, 0.03))
        process.join(30)
        assert process.exitcode == -9
        assert confirmed, "a trial without an acknowledgement proves nothing"
        acknowledged |= confirmed
        interrupted += len(confirmed) < APPROVALS
        database = SqliteDatabase(url)
        lost = acknowledged - await database.read(_survivors)
        assert not lost, (trial, lost)
        assert await database.read(_wrong) == [], trial
        await database.close()
    assert interrupted >= TRIALS / 3, "kills that came after everything was done prove little"


async def test_an_interrupted_approval_can_be_repeated(
    url: str, prepare_database: Template, tmp_path: Path, processes: Processes
) -> None:
    """After a crash every owner can repeat the approval and succeeds, whether or not the first one counted."""
    database = SqliteDatabase(url)
    ready = await database.write(prepare, prepare_database.cast(url).bc_id, APPROVALS)
    await database.close()
    for kill_after in (1, APPROVALS):
        port, process = _start(processes, url, tmp_path)
        confirmed = await _approve_until_killed(port, ready, process, kill_after)
        process.join(30)
    assert confirmed == {approval.link_request_id for approval in ready}
    database = SqliteDatabase(url)
    assert await database.read(_wrong) == []
    await database.close()
