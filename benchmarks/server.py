"""Measure a durable approval, opening a code, and a read, as ratios to a FastAPI route that only says hello.

    python -m benchmarks.server [--quick] [--database sqlite|postgresql] [--write docs/performance.md]

The server runs in one process, as `sparklink serve` starts it; the load comes from another. Every round measures hello,
then the server, then the same transactions without HTTP: with as many concurrent callers and, on SQLite, in a bare loop
with one commit each. A second bare loop that commits single rows measures the disk. Ratios are taken within a round;
the report shows the median of the rounds. Commits are durable: fsync is on. It takes about two minutes.
"""

import argparse
import asyncio
import itertools
import json
import os
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

from benchmarks import approvals
from benchmarks.approvals import CONNECTIONS, KEY, LINKED, PLANNED_PER_SECOND, Pair, Stock
from benchmarks.load import Load, Result, request, run
from benchmarks.report import Goal, replace_section
from server.database import migrate
from tests.support import postgres
from tests.support.server import ROOT, ServerProcess, free_port

API: Final = "/api/v1"


@dataclass(slots=True)
class Rates:
    """The rates per second of one round, and the server's CPU time per request in microseconds."""

    per_second: dict[str, float] = field(default_factory=dict)
    cpu_us: dict[str, float] = field(default_factory=dict)
    p99_ms: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, per_second: float) -> None:
        """Record a rate and print it as progress."""
        self.per_second[name] = per_second
        _say(f"{name} {per_second:,.0f}/s  ")


def _say(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


# --- with HTTP ------------------------------------------------------------------------------------


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and its threads have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def hello() -> Iterator[tuple[int, int]]:
    """Serve hello; yield its port and process id."""
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
    rates.cpu_us[name] = (cpu_seconds(pid) - before) / result.count * 1e6
    rates.p99_ms[name] = result.percentile_ms(99)
    rates.add(name, result.per_second)
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


# --- the whole ------------------------------------------------------------------------------------


@contextmanager
def database_of(kind: str, directory: Path) -> Iterator[str]:
    """Yield the URL of an empty database whose commits are durable."""
    if kind == "sqlite":
        yield f"sqlite:///{directory / 'sparklink.db'}"
        return
    postgres.FAST = ("max_connections=120",)  # type: ignore[assignment] # the tests' server may lose commits in a crash; this one must not
    with postgres.postgres() as cluster:
        yield cluster.create_database()


def measure(kind: str, rounds: int, seconds: float) -> list[Rates]:
    """Run all rounds on one kind of database."""
    measured = []
    with tempfile.TemporaryDirectory(prefix="sparklink-bench-") as made, database_of(kind, Path(made)) as url:
        migrate.upgrade_url(url)
        # Once with HTTP, once without, and on SQLite once in a plain loop: each pair is used once.
        asks = int(PLANNED_PER_SECOND * seconds * rounds) * (3 if kind == "sqlite" else 2)
        _say(f"{kind}: making {asks:,} codes")
        stock = asyncio.run(approvals.filled(url, asks))
        for number in range(rounds):
            _say(f"\n{kind}, round {number + 1} of {rounds}: ")
            rates = Rates()
            with_http(rates, url, Path(made) / "data", stock, seconds)
            rates.add("bare", asyncio.run(approvals.without_http(url, stock, seconds)))
            if kind == "sqlite":
                rates.add("loop", asyncio.run(approvals.bare_loop(url, stock, seconds)))
                rates.add("row", approvals.one_row_each(Path(made), seconds))
            measured.append(rates)
    return measured


def ratio(measured: list[Rates], name: str, to: str) -> float:
    """Return the median over the rounds of one rate divided by another."""
    return statistics.median(rates.per_second[name] / rates.per_second[to] for rates in measured)


def goals(kind: str, measured: list[Rates]) -> list[Goal]:
    """Compare the measured ratios with the goals."""
    if kind == "postgresql":
        return [Goal("PostgreSQL: approve / the same without HTTP", ratio(measured, "approve", "bare"), 0.60)]
    return [
        Goal("SQLite: read / hello", ratio(measured, "read", "hello"), 0.30),
        Goal("SQLite: approve / hello", ratio(measured, "approve", "hello"), 0.20),
        Goal("SQLite: approve / a bare loop of it, one commit each", ratio(measured, "approve", "loop"), 1.0),
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
        "loop": "a bare loop of approvals, one commit each",
        "row": "a bare loop of one row, one commit each",
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
    """Measure and print; write the section if `--write` names a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round, to check that it runs")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the result into its section of this file")
    options = parser.parse_args()
    rounds, seconds = (1, 1.0) if options.quick else (3, 1.5)
    parts = []
    for kind in options.database or ["sqlite", "postgresql"]:
        measured = measure(kind, rounds, seconds)
        parts += [table(kind, measured), "\n".join(goal.line() for goal in goals(kind, measured))]
    text = "\n\n".join(parts)
    _say("\n\n")
    print(text)
    if options.write:
        replace_section(options.write, "Server", "python -m benchmarks.server", text)


if __name__ == "__main__":
    main()
