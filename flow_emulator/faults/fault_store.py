"""Keeps faults in the store and counts whom they hit, so that all processes on a file agree."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flow_emulator.faults.rules import Fault, from_json
from flow_emulator.store import Transaction


@dataclass(frozen=True, slots=True)
class StoredFault:
    """A fault that is set: its number, how many calls it was for, and how many of them it hit."""

    id: int
    fault: Fault
    calls: int
    hits: int

    def as_json(self) -> dict[str, Any]:
        """How ``/_emulator/faults`` shows it."""
        return {"id": self.id, **self.fault.as_json(), "calls": self.calls, "hits": self.hits}


def add(tx: Transaction, fault: Fault) -> int:
    """Set a fault; its number."""
    cursor = tx.sql.execute(
        "INSERT INTO fault (rule, calls, hits) VALUES (?, 0, 0)", (json.dumps(fault.as_json()),)
    )
    return int(cursor.lastrowid or 0)


def entries(tx: Transaction) -> list[StoredFault]:
    """The faults that are set, the oldest first."""
    rows = tx.sql.execute("SELECT id, rule, calls, hits FROM fault ORDER BY id").fetchall()
    return [
        StoredFault(number, from_json(json.loads(rule)), calls, hits) for number, rule, calls, hits in rows
    ]


def any_set(tx: Transaction) -> bool:
    """Whether any fault is set."""
    return bool(tx.sql.execute("SELECT EXISTS (SELECT 1 FROM fault)").fetchone()[0])


def remove(tx: Transaction, number: int | None = None) -> int:
    """Take back one fault, or all; how many there were."""
    if number is None:
        return tx.sql.execute("DELETE FROM fault").rowcount
    return tx.sql.execute("DELETE FROM fault WHERE id = ?", (number,)).rowcount


def record_request(tx: Transaction, operation: str) -> tuple[StoredFault, ...]:
    """Count a call of an operation; the faults that hit it, the oldest first."""
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
