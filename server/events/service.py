"""Record events, list them, and verify that nobody has tampered with the record."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.actor import Actor
from server.clock import utc_now
from server.database.columns import canonical_json, new_id
from server.database.core import insert_if_absent, remember
from server.database.prepared import prepared
from server.events.tables import GENESIS, chains, events
from shared import wire
from shared.events import EventType

_LOCK_HEAD = prepared(
    sa.select(chains.c.sequence, chains.c.hash).where(chains.c.chain == sa.bindparam("of_chain")).with_for_update()
)
_SET_HEAD = prepared(
    sa.update(chains)
    .where(chains.c.chain == sa.bindparam("of_chain"))
    .values(sequence=sa.bindparam("new_sequence"), hash=sa.bindparam("new_hash"))
)
_INSERT = prepared(sa.insert(events))
_SEQUENCE = re.compile("[0-9]{1,18}")


def record(
    connection: sa.Connection,
    actor: Actor,
    happened: EventType,
    *,
    bc_id: str | None = None,
    account_id: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Append an event to the chain of its Business Center, or else of its account, or else of the actor.

    Call it last in a transaction: the head of the chain stays locked until the commit, and every
    writer takes locks in the same order (request, authorization, account, Business Center, chain).
    """
    chain = f"bc:{bc_id}" if bc_id else f"account:{account_id}" if account_id else f"user:{actor.subject_id}"
    sequence, previous = _next_in(connection, chain)
    row: dict[str, Any] = {
        "event_id": new_id(),
        "chain": chain,
        "sequence": sequence,
        "type": happened.value,
        "at": utc_now(),
        "actor_kind": actor.kind,
        "actor_id": actor.stored_id,
        "actor_name": actor.name,
        "bc_id": bc_id,
        "account_id": account_id,
        "data": data or {},
        "previous_hash": previous,
    }
    row["hash"] = row_hash(row)
    _INSERT.run(connection, **row)
    _SET_HEAD.run(connection, of_chain=chain, new_sequence=sequence, new_hash=row["hash"])
    remember(connection, wire.EventRow(**_shown(row)))


def _next_in(connection: sa.Connection, chain: str) -> tuple[int, str]:
    head = _LOCK_HEAD.one_or_none(connection, of_chain=chain)
    if head is None:
        insert_if_absent(connection, chains, {"chain": chain, "sequence": 0, "hash": GENESIS})
        [head] = _LOCK_HEAD.all(connection, of_chain=chain)
    return head.sequence + 1, head.hash


def row_hash(row: dict[str, Any]) -> str:
    """Return the SHA-256 of all other columns, including the previous row's hash, as hex."""
    content = {**row, "at": row["at"].isoformat()}
    content.pop("hash", None)
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in wire.EventRow.model_fields}


def _view(row: sa.Row[Any]) -> wire.EventRow:
    return wire.EventRow(**_shown(dict(row._mapping)))


def list_for_business_center(
    connection: sa.Connection, bc_id: str, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.EventRow]:
    """Return the events of one Business Center, newest first. The cursor is a sequence number."""
    query = sa.select(events).where(events.c.chain == f"bc:{bc_id}").order_by(events.c.sequence.desc())
    if (before := read_sequence(cursor)) is not None:
        query = query.where(events.c.sequence < before)
    rows = connection.execute(query.limit(limit + 1)).all()
    following = str(rows[limit - 1].sequence) if len(rows) > limit else None
    return wire.Page[wire.EventRow](items=[_view(row) for row in rows[:limit]], next_cursor=following)


def read_sequence(text: str | None) -> int | None:
    """Return the sequence number in a cursor or a Last-Event-ID; None for anything else."""
    return int(text) if text and _SEQUENCE.fullmatch(text) else None


def list_since(connection: sa.Connection, bc_id: str, sequence: int, limit: int = 200) -> list[wire.EventRow]:
    """Return the events of one Business Center after `sequence`, oldest first."""
    query = (
        sa.select(events)
        .where(events.c.chain == f"bc:{bc_id}", events.c.sequence > sequence)
        .order_by(events.c.sequence)
        .limit(limit)
    )
    return [_view(row) for row in connection.execute(query)]


def list_for_account(connection: sa.Connection, account_id: str, limit: int = 100) -> list[wire.EventRow]:
    """Return the events of one account from all chains, newest first."""
    query = sa.select(events).where(events.c.account_id == account_id).order_by(events.c.event_id.desc()).limit(limit)
    return [_view(row) for row in connection.execute(query)]


def head(connection: sa.Connection, bc_id: str) -> int:
    """Return the sequence number of the newest event of a Business Center, 0 if there is none."""
    query = sa.select(chains.c.sequence).where(chains.c.chain == f"bc:{bc_id}")
    return connection.execute(query).scalar_one_or_none() or 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One inconsistency in the record."""

    chain: str
    sequence: int
    what: str


def verify(connection: sa.Connection) -> tuple[int, list[Finding]]:
    """Check every chain; return how many rows were checked, and a finding for each changed, moved or missing one."""
    # Heads are read first, so rows committed later lie beyond their head. They are checked like the others.
    heads = {row.chain: row for row in connection.execute(sa.select(chains))}
    at_head: dict[str, str] = {}
    seen: dict[str, tuple[int, str]] = {}
    findings: list[Finding] = []
    checked = 0
    for row in connection.execute(sa.select(events).order_by(events.c.chain, events.c.sequence)):
        checked += 1
        findings.extend(_row_findings(row, seen.get(row.chain, (0, GENESIS))))
        seen[row.chain] = (row.sequence, row.hash)
        if row.chain in heads and row.sequence == heads[row.chain].sequence:
            at_head[row.chain] = row.hash
    for chain, expected in heads.items():
        if at_head.get(chain, GENESIS) != expected.hash:
            findings.append(Finding(chain, expected.sequence, "the newest rows of the chain are missing"))
    findings.extend(_without_head(connection, seen.keys() - heads.keys()))
    return checked, findings


def _without_head(connection: sa.Connection, chains_seen: set[str]) -> Iterator[Finding]:
    known = set(connection.execute(sa.select(chains.c.chain)).scalars()) if chains_seen else set()
    for chain in sorted(chains_seen - known):
        yield Finding(chain, 0, "the head of the chain is missing")


def _row_findings(row: sa.Row[Any], before: tuple[int, str]) -> Iterator[Finding]:
    if row.sequence != before[0] + 1:
        yield Finding(row.chain, row.sequence, f"rows are missing between {before[0]} and {row.sequence}")
    elif row.previous_hash != before[1]:
        yield Finding(row.chain, row.sequence, "the row does not follow the one before it")
    if row_hash(dict(row._mapping)) != row.hash:
        yield Finding(row.chain, row.sequence, "the row was changed")
