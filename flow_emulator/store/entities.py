"""The table of entities: connections, flows and runs, and which flow refers to which connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_COLUMNS: Final = "seq, collection, org, sandbox, id, name, state, parent, etag, due_at, doc, meta, passes_at"
INDEXED: Final = frozenset({"id", "name", "state", "parent"})
# The fields by which an index of the store sorts.
SORTED: Final = {
    "name": "name",
    "createdAt": "json_extract(meta, '$.createdAt')",
    "updatedAt": "json_extract(meta, '$.updatedAt')",
}


@dataclass(slots=True)
class Entity:
    """One stored connection, flow or run.

    ``doc`` is what the client wrote (secrets masked). ``meta`` is what the emulator adds: audit times in
    epoch milliseconds, clients, the pending transition. ``parent`` is the base connection of a target
    connection or the flow of a run. ``due_at`` is the next scheduled time of a flow, ``transition_ends_at``
    (the column ``passes_at``) the end of a transition, both in epoch milliseconds.
    """

    collection: str
    org: str
    sandbox: str
    id: str
    doc: dict[str, Any]
    state: str = "enabled"
    parent: str | None = None
    etag: str = ""
    due_at: int | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
    transition_ends_at: int | None = None


class EntityTable:
    """The entities inside one transaction, with the references from flows to their connections."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def insert(self, entity: Entity) -> None:
        """Store a new entity and set its ``seq``."""
        cursor = self._sql.execute(
            "INSERT INTO entity"
            " (collection, org, sandbox, id, name, state, parent, etag, due_at, doc, meta, passes_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entity.collection, entity.org, entity.sandbox, entity.id, *_mutable_columns(entity)),
        )
        entity.seq = int(cursor.lastrowid or 0)

    def update(self, entity: Entity) -> None:
        """Store the changes of an entity."""
        self._sql.execute(
            "UPDATE entity"
            " SET name=?, state=?, parent=?, etag=?, due_at=?, doc=?, meta=?, passes_at=? WHERE seq=?",
            (*_mutable_columns(entity), entity.seq),
        )

    def remove(self, entity: Entity) -> None:
        """Delete the entity, its references, and the runs of a flow."""
        self._sql.execute("DELETE FROM entity WHERE seq = ?", (entity.seq,))
        self._sql.execute("DELETE FROM reference WHERE holder = ?", (entity.id,))
        if entity.collection == "flows":
            self._sql.execute("DELETE FROM entity WHERE collection = 'runs' AND parent = ?", (entity.id,))

    def get(self, collection: str, org: str, sandbox: str, entity_id: str) -> Entity | None:
        """Return the entity with this id in a collection, organisation and sandbox, or None."""
        rows = self._select(
            "collection=? AND id=? AND org=? AND sandbox=?", collection, entity_id, org, sandbox
        )
        return next(rows, None)

    def has(self, collection: str, entity_id: str) -> bool:
        """Return whether any sandbox has an entity with this id in a collection."""
        found = "SELECT EXISTS (SELECT 1 FROM entity WHERE collection=? AND id=?)"
        return bool(self._sql.execute(found, (collection, entity_id)).fetchone()[0])

    def scan(
        self,
        collection: str,
        org: str,
        sandbox: str,
        equal: Mapping[str, tuple[str, ...]] | None = None,
        before: int | None = None,
    ) -> Iterator[Entity]:
        """Yield entities of a sandbox, the newest first.

        Args:
            collection: The collection.
            org: The organisation.
            sandbox: The sandbox.
            equal: Columns of :data:`INDEXED`, each with its accepted values.
            before: Only entities with a smaller ``seq``.
        """
        where, values = _where(collection, org, sandbox, equal or {})
        if before is not None:
            where += " AND seq < ?"
            return self._select(where + " ORDER BY seq DESC", *values, before)
        return self._select(where + " ORDER BY seq DESC", *values)

    def scan_sorted(
        self,
        collection: str,
        org: str,
        sandbox: str,
        equal: Mapping[str, tuple[str, ...]],
        field: str,
        *,
        descending: bool,
        after: tuple[str | float | int, int] | None = None,
    ) -> Iterator[Entity]:
        """Yield entities of a sandbox by one field of :data:`SORTED`, the newest first among equal ones.

        ``equal`` is as in :meth:`scan`; ``after``, a value and a ``seq``, is the entity before the first one.
        """
        where, values = _where(collection, org, sandbox, equal)
        key = SORTED[field]
        if after is not None:
            value, seq = after
            sign = "<" if descending else ">"
            where += f" AND {key} {sign}= ? AND ({key} {sign} ? OR seq < ?)"
            values += [value, value, seq]
        # One parent has few entities: finding these first is faster than walking through the order.
        shown = f"+{key}" if "parent" in equal or "id" in equal else key
        return self._select(f"{where} ORDER BY {shown} {'DESC' if descending else 'ASC'}, seq DESC", *values)

    def count(self, collection: str, org: str, sandbox: str) -> int:
        """Return how many entities a collection has in a sandbox."""
        row = self._sql.execute(
            "SELECT count(*) FROM entity WHERE org=? AND sandbox=? AND collection=?",
            (org, sandbox, collection),
        ).fetchone()
        return int(row[0])

    def due_flows(self, millis: int) -> list[Entity]:
        """Return the flows of all sandboxes whose next scheduled time is not later than ``millis``."""
        # The plus sign keeps SQLite from walking through all flows by the index of collections.
        return list(self._select("+collection='flows' AND due_at <= ? ORDER BY due_at, seq", millis))

    def ended_transitions(self, millis: int) -> list[Entity]:
        """Return the entities of all sandboxes whose transition ends not later than ``millis``."""
        return list(self._select("passes_at <= ? ORDER BY passes_at, seq", millis))

    def runs_in_progress(self, flow_id: str) -> list[Entity]:
        """Return the runs of a flow that are in progress, the latest first."""
        return list(
            self._select("collection='runs' AND parent=? AND state='inProgress' ORDER BY seq DESC", flow_id)
        )

    def children(self, collection: str, parent: str) -> list[Entity]:
        """Return the entities of a collection with this parent."""
        return list(self._select("collection=? AND parent=?", collection, parent))

    def newest_children(self, collection: str, parent: str, limit: int) -> list[Entity]:
        """Return the newest entities of a collection with this parent, the newest first."""
        where = "collection=? AND parent=? ORDER BY seq DESC LIMIT ?"
        return list(self._select(where, collection, parent, limit))

    def count_children(self, collection: str, parent: str) -> int:
        """Return how many entities of a collection have this parent."""
        counted = "SELECT count(*) FROM entity WHERE collection=? AND parent=?"
        return int(self._sql.execute(counted, (collection, parent)).fetchone()[0])

    def next_due(self) -> int | None:
        """Return the earliest scheduled time of any flow in epoch milliseconds, or None."""
        row = self._sql.execute("SELECT min(due_at) FROM entity WHERE due_at IS NOT NULL").fetchone()
        return None if row[0] is None else int(row[0])

    def sandboxes(self) -> list[tuple[str, str]]:
        """Return each organisation and sandbox that has entities."""
        rows = self._sql.execute("SELECT DISTINCT org, sandbox FROM entity ORDER BY org, sandbox")
        return [(str(org), str(sandbox)) for org, sandbox in rows]

    def everything(self) -> list[Entity]:
        """Return all entities of all sandboxes, the oldest first."""
        return list(self._select("1 ORDER BY seq"))

    def set_references(self, holder: str, targets: list[str]) -> None:
        """Replace the references of ``holder`` by these ids."""
        self._sql.execute("DELETE FROM reference WHERE holder = ?", (holder,))
        self._sql.executemany(
            "INSERT OR IGNORE INTO reference VALUES (?, ?)", [(holder, target) for target in targets]
        )

    def referrers(self, target: str) -> list[Entity]:
        """Return the entities that refer to an id."""
        return list(
            self._select("id IN (SELECT holder FROM reference WHERE target = ?) ORDER BY seq", target)
        )

    def _select(self, where: str, *values: Any) -> Iterator[Entity]:
        rows = self._sql.execute(f"SELECT {_COLUMNS} FROM entity WHERE {where}", values)  # noqa: S608 - own text
        for seq, collection, org, sandbox, entity_id, _name, *rest in rows:
            state, parent, etag, due_at, doc, meta, transition_ends_at = rest
            yield Entity(
                collection,
                org,
                sandbox,
                entity_id,
                json.loads(doc),
                state,
                parent,
                etag,
                due_at,
                json.loads(meta),
                seq,
                transition_ends_at,
            )


def _where(
    collection: str, org: str, sandbox: str, equal: Mapping[str, tuple[str, ...]]
) -> tuple[str, list[Any]]:
    where, values = "org=? AND sandbox=? AND collection=?", [org, sandbox, collection]
    for column, allowed in equal.items():
        if column not in INDEXED:
            raise ValueError(f"{column} is not an indexed column")
        where += f" AND {column} IN ({','.join('?' * len(allowed))})"
        values.extend(allowed)
    return where, values


def _mutable_columns(entity: Entity) -> tuple[Any, ...]:
    doc = json.dumps(entity.doc, ensure_ascii=False)
    return (
        entity.doc.get("name"),
        entity.state,
        entity.parent,
        entity.etag,
        entity.due_at,
        doc,
        json.dumps(entity.meta),
        entity.transition_ends_at,
    )
