"""Measure a whole handshake (create, open, approve, see) as ratios to a FastAPI route that only says hello.

    python -m benchmarks.handshake [--quick] [--against DIR] [--write docs/performance.md]

32 owners work at the same time. For each handshake an admin makes a code, the owner opens and approves it, and the
admin lists the accounts that are linked now. Commits are durable. With `--against` another checkout, which needs its
own `.venv` and the same database schema, is measured in turn with this one (A B A B ...), and the last column compares
the two. On a busy machine trust the CPU time rather than the rate. It takes about two minutes.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks.load import Load, Talk, request, run
from benchmarks.report import replace_section
from benchmarks.server import cpu_seconds, hello
from server.business_centers import service as business_centers
from server.database import migrate
from server.database.connect import open_database
from shared import wire
from tests.server.authorizations.crowd import add_centers, add_owners
from tests.server.world import SPARK, seed
from tests.support.server import ROOT, ServerProcess

API: Final = "/api/v1"
OWNERS: Final = 32
CENTERS: Final = 600
PLANNED_PER_SECOND: Final = 600  # more than one process completes on any machine we know
WARM_UP_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Handshake:
    """One owner links an account to one Business Center."""

    bc_id: str
    admin: str
    owner: str

    def __call__(self) -> Talk:
        """Create, open, approve, see."""
        center = f"{API}/business-centers/{self.bc_id}"
        made = json.loads((yield _post(f"{center}/link-requests", self.admin, permissions=SPARK)))
        code, path = made["url"], f"{API}/link-requests"
        shown = json.loads((yield _post(f"{path}/open", self.owner, code=code)))["consent_hash"]
        yield _post(f"{path}/{made['link_request_id']}/approve", self.owner, code=code, consent_hash=shown)
        yield request("GET", f"{center}/tiktok-accounts?page_size=10", self.admin)


def _post(path: str, token: str, **body: object) -> bytes:
    return request("POST", path, token, json.dumps(body).encode())


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured: per second, in milliseconds, and in microseconds of the server's CPU."""

    per_second: float
    p99_ms: float
    cpu_us: float

    def over(self, other: "Figures") -> "Figures":
        """Return these figures divided by others."""
        return Figures(self.per_second / other.per_second, self.p99_ms / other.p99_ms, self.cpu_us / other.cpu_us)


def _figures(pid: int, load: Load) -> Figures:
    before = cpu_seconds(pid)
    result = run(load)
    return Figures(result.per_second, result.percentile_ms(99), (cpu_seconds(pid) - before) / result.count * 1e6)


def _median(measured: list[Figures]) -> Figures:
    columns = zip(*((one.per_second, one.p99_ms, one.cpu_us) for one in measured), strict=True)
    return Figures(*(statistics.median(column) for column in columns))


class Server:
    """A running checkout over a database of its own, and the handshakes that are left in it."""

    def __init__(self, root: Path, directory: Path) -> None:
        """Fill a database and start the server."""
        url = f"sqlite:///{directory / 'sparklink.db'}"
        migrate.upgrade_url(url)
        self._left = asyncio.run(_filled(url))
        self.process = ServerProcess(directory, demo=False, env={"SPARKLINK_DATABASE_URL": url}, root=root)
        self.process.start()
        self.measure(WARM_UP_SECONDS)

    def measure(self, seconds: float) -> Figures:
        """Run handshakes for a while. Every pair of owner and Business Center is used once."""
        stock = list(itertools.islice(self._left, int(PLANNED_PER_SECOND * seconds)))
        return _figures(self.process.pid, Load(self.process.port, stock, OWNERS, seconds))


async def _filled(url: str) -> Iterator[Handshake]:
    database = open_database(url)
    try:
        return iter(await database.write(_fill))
    finally:
        await database.close()


def _fill(connection: sa.Connection) -> list[Handshake]:
    cast = seed(connection, "")
    owners, centers = add_owners(connection, OWNERS), add_centers(connection, CENTERS)
    for bc_id in centers:
        business_centers.add_member(connection, bc_id, cast.ids["alice"], wire.Role.ADMIN)
    # Neighbours in the list differ in both, so that no requests queue for one owner or one Business Center.
    return [
        Handshake(centers[(number + turn) % CENTERS], cast.tokens["alice"], owners[number % OWNERS][1])
        for turn in range(OWNERS)
        for number in range(CENTERS)
    ]


def measure(roots: list[Path], rounds: int, seconds: float) -> list[list[Figures]]:
    """Return the figures of hello and of each checkout, round by round."""
    measured = []
    with contextlib.ExitStack() as stack:
        servers = []
        for root in roots:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sparklink-bench-")))
            servers.append(Server(root, directory))
            stack.callback(servers[-1].process.stop)
        port, pid = stack.enter_context(hello())
        for number in range(rounds):
            reference = _figures(pid, Load(port, [request("GET", "/")], OWNERS, seconds / 2))
            # Each checkout is first in every other round, because the one that runs after hello is slower.
            turn = 1 if number % 2 == 0 else -1
            measured.append([reference, *[server.measure(seconds) for server in servers[::turn]][::turn]])
            each = ", ".join(f"{one.per_second:,.0f}/s {one.cpu_us:,.0f} µs" for one in measured[-1])
            print(f"hello and handshakes: {each}", file=sys.stderr, flush=True)
    return measured


def table(measured: list[list[Figures]]) -> str:
    """Return the figures as a Markdown table."""
    ours = _median([one[1].over(one[0]) for one in measured])
    rows = [
        ("rate", "per_second", "{:.3f}"),
        ("99 % within", "p99_ms", "{:.2f}"),
        ("CPU of the server", "cpu_us", "{:.1f}"),
    ]
    lines = ["| a handshake | / hello |", "|---|---|"]
    if len(measured[0]) == 3:
        compared = [one[1].over(one[2]) for one in measured]
        lines = ["| a handshake | / hello | / the other checkout (each round) |", "|---|---|---|"]
    for title, name, form in rows:
        line = f"| {title} | {form.format(getattr(ours, name))} |"
        if len(measured[0]) == 3:
            each = ", ".join(f"{getattr(one, name):.2f}" for one in compared)
            line += f" {getattr(_median(compared), name):.2f} ({each}) |"
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the section if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round, to check that it runs")
    parser.add_argument("--against", type=Path, metavar="DIR", help="another checkout to compare with")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the result into its section of this file")
    options = parser.parse_args()
    rounds, seconds = (1, 1.0) if options.quick else (15, 1.5)
    roots = [ROOT, options.against.resolve()] if options.against else [ROOT]
    text = table(measure(roots, rounds, seconds))
    print(text)
    if options.write:
        replace_section(options.write, "Handshake", "python -m benchmarks.handshake", text)


if __name__ == "__main__":
    main()
