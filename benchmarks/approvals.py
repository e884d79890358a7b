"""Prepare what benchmarks/server.py measures: open codes, their owners, and approvals without HTTP."""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from server.actor import Actor
from server.auth import service as auth
from server.database import sqlite
from server.database.connect import open_database
from server.database.core import Database, take_remembered
from server.link_requests import approval
from server.security import LinkCodes, token_hash
from shared import wire
from tests.server.authorizations.crowd import Ask, add_asks, add_centers, add_owners
from tests.server.world import seed

KEY: Final = "5e" * 32
OWNERS, CENTERS = 400, 400
CONNECTIONS: Final = 32
LINKED: Final = 10  # accounts on the page that the benchmark reads
PLANNED_PER_SECOND: Final = 3_000  # more than one process approves on any machine we know


@dataclass(frozen=True, slots=True)
class Pair:
    """An open code and the owner who approves it."""

    owner_id: str
    token: str
    ask: Ask


@dataclass(slots=True)
class Stock:
    """What the benchmark uses of a filled database."""

    admin_token: str
    bc_id: str
    link_request_id: str
    pairs: Iterator[Pair]


def fill(connection: sa.Connection, asks: int) -> Stock:
    """Insert people, Business Centers and open codes; each pair of account and Business Center appears once."""
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
    return (approval.open_request(connection, _actor(pair), approval.read_code(ask.code, codes)).consent_hash,)


def approve(connection: sa.Connection, pair: Pair, ask: Ask, shown: str) -> wire.Authorization:
    """Approve a code as its owner, without HTTP."""
    codes = LinkCodes(bytes.fromhex(KEY), "")
    body = wire.Approve(code=ask.code, consent_hash=shown)
    return approval.approve(connection, _actor(pair), approval.read_code(ask.code, codes), ask.link_request_id, body)


def _actor(pair: Pair) -> Actor:
    return Actor("owner", pair.owner_id, "@crowd")


async def filled(url: str, asks: int) -> Stock:
    """Fill the database at `url`; see `fill`."""
    database = open_database(url)
    try:
        return await database.write(fill, asks)
    finally:
        await database.close()


async def without_http(url: str, stock: Stock, seconds: float) -> float:
    """Return how many approvals per second run without HTTP: a read of the session, then the approval."""
    database = open_database(url)
    try:
        work = iter(await _opened(database, stock, seconds))
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


async def _opened(database: Database, stock: Stock, seconds: float) -> list[tuple[Pair, str]]:
    """Open enough codes for the approvals and return them with their consent hashes; this is not measured."""
    pairs = list(itertools.islice(stock.pairs, int(PLANNED_PER_SECOND * seconds)))
    shown: list[str] = []
    until = time.perf_counter() + seconds * 1.5
    for start in range(0, len(pairs), CONNECTIONS):
        batch = pairs[start : start + CONNECTIONS]
        shown += [found for (found,) in await asyncio.gather(*(database.write(look, p, p.ask) for p in batch))]
        if time.perf_counter() > until:
            break
    return list(zip(pairs, shown, strict=False))


async def bare_loop(url: str, stock: Stock, seconds: float) -> float:
    """Return how many approvals per second a plain loop makes on SQLite, with one durable commit each."""
    database = open_database(url)
    work = await _opened(database, stock, seconds)
    await database.close()
    connection = sqlite.connect(sqlite.make_engine(url))
    count, started = 0, time.perf_counter()
    for pair, shown in work:
        with connection.begin():
            auth.authenticate(connection, token_hash(pair.token))
            approve(connection, pair, pair.ask, shown)
            take_remembered(connection)
        count += 1
        if time.perf_counter() > started + seconds:
            break
    elapsed = time.perf_counter() - started
    connection.close()
    return count / elapsed


def one_row_each(directory: Path, seconds: float) -> float:
    """Return how many rows per second bare SQLite stores with one durable commit each."""
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
