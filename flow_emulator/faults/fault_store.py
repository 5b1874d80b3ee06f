"""The faults in the store, with counts that all processes on a file share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flow_emulator.faults.rules import Fault, from_json
from flow_emulator.store import Transaction

# Every request reads all of them.
MAX_FAULTS: Final = 1000


@dataclass(frozen=True, slots=True)
class StoredFault:
    """A fault that is set: its number, how many requests it applied to, and how many of them it hit."""

    id: int
    fault: Fault
    calls: int
    hits: int

    def as_json(self) -> dict[str, Any]:
        """Return it as ``/_emulator/faults`` shows it."""
        return {"id": self.id, **self.fault.as_json(), "calls": self.calls, "hits": self.hits}


def add(tx: Transaction, fault: Fault) -> int:
    """Set a fault, and return its number. Raises ValueError when there are :data:`MAX_FAULTS` already."""
    if tx.sql.execute("SELECT count(*) FROM fault").fetchone()[0] >= MAX_FAULTS:
        raise ValueError(f"There are {MAX_FAULTS} faults, and no more are possible; remove some.")
    cursor = tx.sql.execute(
        "INSERT INTO fault (rule, calls, hits) VALUES (?, 0, 0)", (json.dumps(fault.as_json()),)
    )
    return int(cursor.lastrowid or 0)


def entries(tx: Transaction) -> list[StoredFault]:
    """Return the faults that are set, the oldest first."""
    rows = tx.sql.execute("SELECT id, rule, calls, hits FROM fault ORDER BY id").fetchall()
    return [StoredFault(number, _parsed(rule), calls, hits) for number, rule, calls, hits in rows]


@lru_cache(maxsize=MAX_FAULTS)
def _parsed(rule: str) -> Fault:
    return from_json(json.loads(rule))


def any_set(tx: Transaction) -> bool:
    """Return whether any fault is set."""
    return bool(tx.sql.execute("SELECT EXISTS (SELECT 1 FROM fault)").fetchone()[0])


def remove(tx: Transaction, number: int | None = None) -> int:
    """Remove one fault, or all, and return how many were removed."""
    if number is None:
        return tx.sql.execute("DELETE FROM fault").rowcount
    return tx.sql.execute("DELETE FROM fault WHERE id = ?", (number,)).rowcount


def record_request(tx: Transaction, operation: str) -> tuple[StoredFault, ...]:
    """Count a request of an operation, and return the faults that hit it, the oldest first."""
    active = []
    for entry in entries(tx):
        if not entry.fault.applies_to(operation):
            continue
        number = entry.calls + 1
        hit = entry.fault.hits(number, entry.hits)
        tx.sql.execute(
            "UPDATE fault SET calls = ?, hits = ? WHERE id = ?", (number, entry.hits + hit, entry.id)
        )
        if hit:
            active.append(entry)
    return tuple(active)
