"""What a durable approval, a look at a code, and a read cost, as ratios to a FastAPI that only says hello.

    python -m benchmarks.server [--quick] [--database sqlite|postgresql] [--write docs/performance.md]

The server is the product as `sparklink serve` starts it, in one process; the load comes from another. Every round
measures hello, then the server, then the same transactions without HTTP, and on SQLite plain commits of one row;
ratios are taken within a round, and the median of the rounds is shown. Commits are durable: fsync is on.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import sqlalchemy as sa

from benchmarks.load import Load, Result, request, run
from benchmarks.report import Goal, replace_section
from server import migrate, sqlite
from server.actor import Actor
from server.auth import service as auth
from server.db import Database, open_database
from server.link_requests import consent
from server.security import LinkCodes, token_hash
from shared import wire
from tests.server.authorizations.crowd import Ask, add_asks, add_centers, add_owners
from tests.server.world import seed
from tests.support import postgres
from tests.support.server import ROOT, ServerProcess, free_port

KEY: Final = "5e" * 32
OWNERS, CENTERS = 400, 400
CONNECTIONS: Final = 32
LINKED: Final = 10  # accounts on the page that is read
PLANNED_PER_SECOND: Final = 2_500  # more approvals than any machine we know takes from one process
API: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class Pair:
    """An open code and the owner who approves it."""

    owner_id: str
    token: str
    ask: Ask


@dataclass(slots=True)
class Stock:
    """What a database was filled with."""

    admin_token: str
    bc_id: str
    link_request_id: str
    pairs: Iterator[Pair]


@dataclass(slots=True)
class Rates:
    """What one round measured, a second; and the server's CPU time for each request, in microseconds."""

    per_second: dict[str, float] = field(default_factory=dict)
    cpu_us: dict[str, float] = field(default_factory=dict)
    p99_ms: dict[str, float] = field(default_factory=dict)


def fill(connection: sa.Connection, asks: int) -> Stock:
    """Insert people, Business Centers and open codes; every pair of account and Business Center is used once."""
    cast = seed(connection, "")
    owners = add_owners(connection, OWNERS)
    centers = add_centers(connection, CENTERS)
    chosen = random.Random(1).sample(list(itertools.product(range(OWNERS), range(CENTERS))), asks)
    codes = LinkCodes(bytes.fromhex(KEY), "")
    made = add_asks(connection, codes, [centers[center] for _, center in chosen])
    pairs = [Pair(*owners[owner], ask) for (owner, _), ask in zip(chosen, made, strict=True)]
    own = add_asks(connection, codes, [cast.bc_id] * (LINKED + 1))
    for pair, ask in zip(pairs[:LINKED], own, strict=False):
        approve(connection, pair, ask, *look(connection, pair, ask))
    return Stock(cast.tokens["alice"], cast.bc_id, own[-1].link_request_id, iter(pairs))


def look(connection: sa.Connection, pair: Pair, ask: Ask) -> tuple[str]:
    """Open a code as its owner, without HTTP; return the consent hash."""
    codes = LinkCodes(bytes.fromhex(KEY), "")
    return (consent.open_request(connection, _actor(pair), consent.read_code(ask.code, codes)).consent_hash,)


def approve(connection: sa.Connection, pair: Pair, ask: Ask, shown: str) -> wire.Authorization:
    """Approve a code as its owner, without HTTP."""
    codes = LinkCodes(bytes.fromhex(KEY), "")
    body = wire.Approve(code=ask.code, consent_hash=shown)
    return consent.approve(connection, _actor(pair), consent.read_code(ask.code, codes), ask.link_request_id, body)


def _actor(pair: Pair) -> Actor:
    return Actor("owner", pair.owner_id, "@crowd")


# --- with HTTP ------------------------------------------------------------------------------------


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and its threads have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def hello() -> Iterator[tuple[int, int]]:
    """Serve hello; yields port and process id."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.hello", str(port)], cwd=ROOT)
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _measured(rates: Rates, name: str, pid: int, load: Load) -> Result:
    before = cpu_seconds(pid)
    result = run(load)
    rates.per_second[name] = result.per_second
    rates.cpu_us[name] = (cpu_seconds(pid) - before) / result.count * 1e6
    rates.p99_ms[name] = result.percentile_ms(99)
    return result


def with_http(rates: Rates, url: str, data_dir: Path, stock: Stock, seconds: float) -> None:
    """Measure hello, then reading, listing, opening and approving on the real server."""
    with hello() as (port, pid):
        run(Load(port, [request("GET", "/")], CONNECTIONS, seconds / 4))
        _measured(rates, "hello", pid, Load(port, [request("GET", "/")], CONNECTIONS, seconds))
    env = {"SPARKLINK_DATABASE_URL": url, "SPARKLINK_LINK_CODE_KEY": KEY}
    server = ServerProcess(data_dir, demo=False, env=env)
    server.start()
    try:
        center = f"{API}/business-centers/{stock.bc_id}"
        reads = {"read": f"{center}/link-requests/{stock.link_request_id}", "list": f"{center}/tiktok-accounts"}
        for name, path in reads.items():
            reading = request("GET", path, stock.admin_token)
            run(Load(server.port, [reading], CONNECTIONS, seconds / 4))
            _measured(rates, name, server.pid, Load(server.port, [reading], CONNECTIONS, seconds))
        pairs = list(itertools.islice(stock.pairs, int(PLANNED_PER_SECOND * seconds)))
        opening = [
            request("POST", f"{API}/link-requests/open", pair.token, json.dumps({"code": pair.ask.code}).encode())
            for pair in pairs
        ]
        opened = _measured(rates, "open", server.pid, Load(server.port, opening, CONNECTIONS, seconds, True))
        approving = [_approval(pairs[index], json.loads(body)["consent_hash"]) for index, body in opened.answered]
        _measured(rates, "approve", server.pid, Load(server.port, approving, CONNECTIONS, seconds))
    finally:
        server.stop()


def _approval(pair: Pair, shown: str) -> bytes:
    body = json.dumps({"code": pair.ask.code, "consent_hash": shown}).encode()
    return request("POST", f"{API}/link-requests/{pair.ask.link_request_id}/approve", pair.token, body)


# --- without --------------------------------------------------------------------------------------


async def without_http(url: str, stock: Stock, seconds: float) -> float:
    """Return how often a second the transactions of an approval (whose session, then approve) run by themselves."""
    database = open_database(url)
    pairs = list(itertools.islice(stock.pairs, int(PLANNED_PER_SECOND * seconds)))
    shown: list[str] = []
    try:
        # No more looks than approvals will need; they are not measured.
        until = time.perf_counter() + seconds * 1.5
        for start in range(0, len(pairs), CONNECTIONS):
            batch = pairs[start : start + CONNECTIONS]
            shown += [found for (found,) in await asyncio.gather(*(database.write(look, p, p.ask) for p in batch))]
            if time.perf_counter() > until:
                break
        work = iter(list(zip(pairs, shown, strict=False)))
        started = time.perf_counter()
        counts = await asyncio.gather(
            *(_one_after_another(database, work, started + seconds) for _ in range(CONNECTIONS))
        )
        return sum(counts) / (time.perf_counter() - started)
    finally:
        await database.close()


async def _one_after_another(database: Database, work: Iterator[tuple[Pair, str]], until: float) -> int:
    count = 0
    for pair, shown in work:
        await database.read(auth.authenticate, token_hash(pair.token))
        await database.write(approve, pair, pair.ask, shown)
        count += 1
        if time.perf_counter() > until:
            break
    return count


def one_commit_each(directory: Path, seconds: float) -> float:
    """Return how many rows a second SQLite stores with one durable commit for each, and nothing around it."""
    connection = sqlite._driver().connect(directory / "raw.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, text TEXT)")
    count, started = 0, time.perf_counter()
    while time.perf_counter() < started + seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO raw (text) VALUES (?)", ("x" * 300,))
        connection.execute("COMMIT")
        count += 1
    elapsed = time.perf_counter() - started
    connection.close()
    return count / elapsed


# --- the whole ------------------------------------------------------------------------------------


async def _fill(url: str, asks: int) -> Stock:
    database = open_database(url)
    try:
        return await database.write(fill, asks)
    finally:
        await database.close()


@contextmanager
def database_of(kind: str, directory: Path) -> Iterator[str]:
    """Yield the URL of an empty database whose commits are durable."""
    if kind == "sqlite":
        yield f"sqlite:///{directory / 'sparklink.db'}"
        return
    postgres.FAST = ("max_connections=120",)  # type: ignore[assignment] # the tests' server may forget; this one must not
    with postgres.postgres() as cluster:
        yield cluster.create_database()


def measure(kind: str, rounds: int, seconds: float) -> list[Rates]:
    """Run all rounds on one kind of database."""
    measured = []
    with tempfile.TemporaryDirectory(prefix="sparklink-bench-") as made, database_of(kind, Path(made)) as url:
        migrate.upgrade_url(url)
        stock = asyncio.run(_fill(url, int(PLANNED_PER_SECOND * seconds * 2 * rounds)))
        for number in range(rounds):
            rates = Rates()
            with_http(rates, url, Path(made) / "data", stock, seconds)
            rates.per_second["bare"] = asyncio.run(without_http(url, stock, seconds))
            if kind == "sqlite":
                rates.per_second["commit"] = one_commit_each(Path(made), seconds)
            measured.append(rates)
            shown = "  ".join(f"{name} {value:,.0f}/s" for name, value in rates.per_second.items())
            print(f"{kind}, round {number + 1}: {shown}", file=sys.stderr, flush=True)
    return measured


def ratio(measured: list[Rates], name: str, to: str) -> float:
    """Return the median over the rounds of one rate divided by another."""
    return statistics.median(rates.per_second[name] / rates.per_second[to] for rates in measured)


def goals(kind: str, measured: list[Rates]) -> list[Goal]:
    """Compare with the goals."""
    if kind == "postgresql":
        return [Goal("PostgreSQL: approve / the same without HTTP", ratio(measured, "approve", "bare"), 0.60)]
    return [
        Goal("SQLite: read / hello", ratio(measured, "read", "hello"), 0.30),
        Goal("SQLite: approve / hello", ratio(measured, "approve", "hello"), 0.20),
        Goal("SQLite: approve / one raw commit each", ratio(measured, "approve", "commit"), 1.0),
    ]


def table(kind: str, measured: list[Rates]) -> str:
    """Return the figures as a Markdown table."""
    titles = {
        "hello": "hello world",
        "read": "read one code and its state",
        "list": f"list {LINKED} linked accounts",
        "open": "open a code (durable)",
        "approve": "approve (durable)",
        "bare": "approve without HTTP",
        "commit": "one raw commit each",
    }
    lines = [f"| {kind} | / hello | / without HTTP | CPU of the server, µs | 99 % within |", "|---|---|---|---|---|"]
    for name, title in titles.items():
        if name not in measured[0].per_second:
            continue
        cpu = [rates.cpu_us[name] for rates in measured if name in rates.cpu_us]
        p99 = [rates.p99_ms[name] for rates in measured if name in rates.p99_ms]
        bare = f"{ratio(measured, name, 'bare'):.2f}" if name in {"open", "approve", "bare"} else ""
        cost = f"{statistics.median(cpu):,.0f}" if cpu else ""
        slow = f"{statistics.median(p99):.0f} ms" if p99 else ""
        lines.append(f"| {title} | {ratio(measured, name, 'hello'):.2f} | {bare} | {cost} | {slow} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the section if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round: to see that it runs")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the result into its section of this file")
    options = parser.parse_args()
    rounds, seconds = (1, 1.0) if options.quick else (3, 4.0)
    parts = []
    for kind in options.database or ["sqlite", "postgresql"]:
        measured = measure(kind, rounds, seconds)
        parts += [table(kind, measured), "\n".join(goal.line() for goal in goals(kind, measured))]
    text = "\n\n".join(parts)
    print(text)
    if options.write:
        replace_section(options.write, "Server", "python -m benchmarks.server", text)


if __name__ == "__main__":
    main()
