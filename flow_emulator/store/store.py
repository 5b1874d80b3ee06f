"""What the emulator remembers: one SQLite file, or memory, safe for several processes at once.

Every request is one transaction that locks for writing at its start (``BEGIN IMMEDIATE``), for even a GET
counts looks and makes due runs. The write-ahead log keeps such transactions short; another process waits
up to :data:`BUSY_SECONDS` for its turn.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flow_emulator.store.migrations import APPLICATION_ID, MIGRATIONS

BUSY_SECONDS: Final = 30
_OPEN_ATTEMPTS: Final = 200
_COLUMNS: Final = "seq, collection, org, sandbox, id, name, state, parent, etag, due_at, doc, meta, passes_at"
# The setting that holds profile, switches and seed.
CONFIGURATION: Final = "behaviour"
INDEXED: Final = frozenset({"id", "name", "state", "parent"})
# The fields by which the store sorts by itself, as its indexes have them.
SORTED: Final = {
    "name": "name",
    "createdAt": "json_extract(meta, '$.createdAt')",
    "updatedAt": "json_extract(meta, '$.updatedAt')",
}


class StoreError(Exception):
    """The file cannot serve as the emulator's store; the message says why."""


@dataclass(slots=True)
class Entity:
    """One stored connection, flow or run.

    ``doc`` holds what the client wrote (secrets masked), ``meta`` what the emulator adds: audit times in
    milliseconds, clients, the pending transition. ``parent`` is the base connection of a target connection
    or the flow of a run; ``due_at`` the next scheduled time of a flow, ``passes_at`` the end of a passing
    state, both in milliseconds.
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
    passes_at: int | None = None


class Data:
    """The store inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    @property
    def sql(self) -> sqlite3.Connection:
        """The connection, for the modules that keep a table of their own."""
        return self._sql

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Undo what the block wrote when it raises, whatever becomes of the transaction around it."""
        self._sql.execute("SAVEPOINT block")
        try:
            yield
        except BaseException:
            self._sql.execute("ROLLBACK TO block")
            self._sql.execute("RELEASE block")
            raise
        self._sql.execute("RELEASE block")

    # settings and counters

    def setting(self, name: str) -> str | None:
        """The text kept under ``name``, or None."""
        row = self._sql.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str | None) -> None:
        """Keep ``value`` under ``name``; None forgets it."""
        if value is None:
            self._sql.execute("DELETE FROM setting WHERE name = ?", (name,))
        else:
            self._sql.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def next_number(self) -> int:
        """A number that no earlier call on this file gave, also not before a reset."""
        row = self._sql.execute("UPDATE counter SET value = value + 1 RETURNING value").fetchone()
        return int(row[0])

    # entities

    def insert(self, entity: Entity) -> None:
        """Store a new entity and set its ``seq``."""
        cursor = self._sql.execute(
            "INSERT INTO entity"
            " (collection, org, sandbox, id, name, state, parent, etag, due_at, doc, meta, passes_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entity.collection, entity.org, entity.sandbox, entity.id, *_changing(entity)),
        )
        entity.seq = int(cursor.lastrowid or 0)

    def update(self, entity: Entity) -> None:
        """Store the entity as it is now."""
        self._sql.execute(
            "UPDATE entity"
            " SET name=?, state=?, parent=?, etag=?, due_at=?, doc=?, meta=?, passes_at=? WHERE seq=?",
            (*_changing(entity), entity.seq),
        )

    def remove(self, entity: Entity) -> None:
        """Forget the entity, what it refers to, and the runs of a flow."""
        self._sql.execute("DELETE FROM entity WHERE seq = ?", (entity.seq,))
        self._sql.execute("DELETE FROM reference WHERE holder = ?", (entity.id,))
        if entity.collection == "flows":
            self._sql.execute("DELETE FROM entity WHERE collection = 'runs' AND parent = ?", (entity.id,))

    def get(self, collection: str, org: str, sandbox: str, entity_id: str) -> Entity | None:
        """The entity with this id in this collection, organisation and sandbox, or None."""
        rows = self._select(
            "collection=? AND id=? AND org=? AND sandbox=?", collection, entity_id, org, sandbox
        )
        return next(rows, None)

    def scan(
        self,
        collection: str,
        org: str,
        sandbox: str,
        equal: Mapping[str, tuple[str, ...]] | None = None,
        before: int | None = None,
    ) -> Iterator[Entity]:
        """Entities of a sandbox, the newest first.

        ``equal`` narrows by the columns of :data:`INDEXED`, each to any of its values; ``before`` leaves out
        what is not older than that ``seq``.
        """
        where, values = _narrowed(collection, org, sandbox, equal or {})
        if before is not None:
            where += " AND seq < ?"
            return self._select(where + " ORDER BY seq DESC", *values, before)
        return self._select(where + " ORDER BY seq DESC", *values)

    def scan_by(
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
        """Entities of a sandbox by one field of :data:`SORTED`, the newest first among equal ones.

        ``equal`` narrows as in :meth:`scan`; ``after``, a value and a ``seq``, leaves out what comes until
        there.
        """
        where, values = _narrowed(collection, org, sandbox, equal)
        key = SORTED[field]
        if after is not None:
            value, seq = after
            sign = "<" if descending else ">"
            where += f" AND {key} {sign}= ? AND ({key} {sign} ? OR seq < ?)"
            values += [value, value, seq]
        # What one parent has is little: finding that first is faster than walking through the order.
        shown = f"+{key}" if "parent" in equal or "id" in equal else key
        return self._select(f"{where} ORDER BY {shown} {'DESC' if descending else 'ASC'}, seq DESC", *values)

    def count(self, collection: str, org: str, sandbox: str) -> int:
        """How many entities a collection has in a sandbox."""
        row = self._sql.execute(
            "SELECT count(*) FROM entity WHERE org=? AND sandbox=? AND collection=?",
            (org, sandbox, collection),
        ).fetchone()
        return int(row[0])

    def due_flows(self, millis: int) -> list[Entity]:
        """The flows of all sandboxes whose next scheduled time is not later than ``millis``."""
        # The plus sign keeps SQLite from walking through all flows by the index of collections.
        return list(self._select("+collection='flows' AND due_at <= ? ORDER BY due_at, seq", millis))

    def passed(self, millis: int) -> list[Entity]:
        """The entities of all sandboxes whose passing state ends not later than ``millis``."""
        return list(self._select("passes_at <= ? ORDER BY passes_at, seq", millis))

    def runs_in_progress(self, flow_id: str) -> list[Entity]:
        """The runs of a flow that have not ended, the latest first."""
        return list(
            self._select("collection='runs' AND parent=? AND state='inProgress' ORDER BY seq DESC", flow_id)
        )

    def children(self, collection: str, parent: str) -> list[Entity]:
        """The entities of a collection whose parent this is."""
        return list(self._select("collection=? AND parent=?", collection, parent))

    def newest_children(self, collection: str, parent: str, limit: int) -> list[Entity]:
        """The newest entities of a collection whose parent this is, the newest first."""
        where = "collection=? AND parent=? ORDER BY seq DESC LIMIT ?"
        return list(self._select(where, collection, parent, limit))

    def count_children(self, collection: str, parent: str) -> int:
        """How many entities of a collection have this parent."""
        counted = "SELECT count(*) FROM entity WHERE collection=? AND parent=?"
        return int(self._sql.execute(counted, (collection, parent)).fetchone()[0])

    def next_due(self) -> int | None:
        """The earliest scheduled time of any flow in milliseconds, or None."""
        row = self._sql.execute("SELECT min(due_at) FROM entity WHERE due_at IS NOT NULL").fetchone()
        return None if row[0] is None else int(row[0])

    def scopes(self) -> list[tuple[str, str]]:
        """Each organisation and sandbox that has something stored."""
        rows = self._sql.execute("SELECT DISTINCT org, sandbox FROM entity ORDER BY org, sandbox")
        return [(str(org), str(sandbox)) for org, sandbox in rows]

    def everything(self) -> list[Entity]:
        """All entities of all sandboxes, the oldest first."""
        return list(self._select("1 ORDER BY seq"))

    # references from flows to their connections

    def refer(self, holder: str, targets: list[str]) -> None:
        """Note that ``holder`` refers to exactly these ids."""
        self._sql.execute("DELETE FROM reference WHERE holder = ?", (holder,))
        self._sql.executemany(
            "INSERT OR IGNORE INTO reference VALUES (?, ?)", [(holder, target) for target in targets]
        )

    def holders(self, target: str) -> list[Entity]:
        """The entities that refer to an id."""
        return list(
            self._select("id IN (SELECT holder FROM reference WHERE target = ?) ORDER BY seq", target)
        )

    # tokens

    def add_token(self, digest: str, client_id: str, org: str, expires_at: int) -> None:
        """Keep the digest of an issued token; never the token."""
        self._sql.execute("DELETE FROM token WHERE expires_at < ?", (expires_at - 10 * 86_400_000,))
        self._sql.execute("INSERT INTO token VALUES (?, ?, ?, ?)", (digest, client_id, org, expires_at))

    def token(self, digest: str) -> tuple[str, str, int] | None:
        """Client, organisation and expiry (milliseconds) of an issued token, or None."""
        row = self._sql.execute(
            "SELECT client_id, org, expires_at FROM token WHERE digest = ?", (digest,)
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]), int(row[2]))

    # request log

    def log_request(self, entry: Mapping[str, Any], keep: int) -> None:
        """Append to the request log and drop what is older than the last ``keep`` entries."""
        cursor = self._sql.execute("INSERT INTO request (entry) VALUES (?)", (json.dumps(entry),))
        self._sql.execute("DELETE FROM request WHERE seq <= ?", (int(cursor.lastrowid or 0) - keep,))

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """The request log, the oldest first, each entry with its number ``seq``."""
        rows = self._sql.execute("SELECT seq, entry FROM request WHERE seq > ? ORDER BY seq", (after,))
        return [{"seq": seq, **json.loads(entry)} for seq, entry in rows]

    def newest_requests(self, limit: int) -> list[dict[str, Any]]:
        """The newest entries of the request log, the newest first."""
        rows = self._sql.execute("SELECT seq, entry FROM request ORDER BY seq DESC LIMIT ?", (limit,))
        return [{"seq": seq, **json.loads(entry)} for seq, entry in rows]

    def count_requests(self) -> int:
        """How many entries the request log has."""
        return int(self._sql.execute("SELECT count(*) FROM request").fetchone()[0])

    def clear_requests(self) -> None:
        """Empty the request log; its numbers go on."""
        self._sql.execute("DELETE FROM request")

    def reset(self) -> None:
        """Forget all but the counter and the export folder: entities, tokens, log, clock, faults, rows."""
        for table in ("entity", "reference", "token", "request", "fault", "batch"):
            self._sql.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand one line above
        # What was chosen for the file, rather than done with it, stays.
        self._sql.execute("DELETE FROM setting WHERE name <> ?", (CONFIGURATION,))

    def _select(self, where: str, *values: Any) -> Iterator[Entity]:
        rows = self._sql.execute(f"SELECT {_COLUMNS} FROM entity WHERE {where}", values)  # noqa: S608 - own text
        for seq, collection, org, sandbox, entity_id, _name, *rest in rows:
            state, parent, etag, due_at, doc, meta, passes_at = rest
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
                passes_at,
            )


class Store:
    """The emulator's memory: a SQLite file, or nothing but this process when ``path`` is None.

    Usable from several threads, which take turns, and from several processes on one file.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = None if path is None else Path(path)
        self._lock = threading.RLock()
        self._connection = _open(self.path)
        # Also when nobody closes the store: an unclosed database is a warning of newer Pythons.
        weakref.finalize(self, self._connection.close)

    @contextmanager
    def transaction(self) -> Iterator[Data]:
        """Run one exclusive transaction: kept when the block ends, undone when it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Data(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Data]:
        """A look at what is stored now that keeps nobody waiting; the block must not write."""
        with self._lock:
            yield Data(self._connection)

    def close(self) -> None:
        """Release the file; the store cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _narrowed(
    collection: str, org: str, sandbox: str, equal: Mapping[str, tuple[str, ...]]
) -> tuple[str, list[Any]]:
    where, values = "org=? AND sandbox=? AND collection=?", [org, sandbox, collection]
    for column, allowed in equal.items():
        if column not in INDEXED:
            raise ValueError(f"{column} is no indexed column")
        where += f" AND {column} IN ({','.join('?' * len(allowed))})"
        values.extend(allowed)
    return where, values


def _changing(entity: Entity) -> tuple[Any, ...]:
    doc = json.dumps(entity.doc, ensure_ascii=False)
    return (
        entity.doc.get("name"),
        entity.state,
        entity.parent,
        entity.etag,
        entity.due_at,
        doc,
        json.dumps(entity.meta),
        entity.passes_at,
    )


def _open(path: Path | None) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.OperationalError as error:
        if path is not None and not path.parent.is_dir():
            raise StoreError(f"The emulator cannot open {path}: the folder does not exist.") from None
        raise StoreError(f"The emulator cannot open {path}: {error}.") from None
    try:
        _prepare(connection, path)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StoreError(f"The emulator cannot use {path}: {error}.") from None
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    _check_ours(connection, path)
    if path is not None:
        _use_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    if _pragma(connection, "user_version") == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        _migrate(connection, path)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # Changing the journal mode does not wait for other processes as everything else does, so we wait here.
    for attempt in range(_OPEN_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _OPEN_ATTEMPTS - 1:
                raise
            time.sleep(0.02)
        else:
            return


def _check_ours(connection: sqlite3.Connection, path: Path | None) -> None:
    connection.execute("BEGIN")  # both answers from one moment: another process may be making the file
    owner = _pragma(connection, "application_id")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    connection.execute("COMMIT")
    if tables and owner != APPLICATION_ID:
        raise StoreError(f"{path} is a SQLite file of another program; give the emulator a file of its own.")


def _migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    version = _pragma(connection, "user_version")
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{path} was written by a newer emulator (version {version}). Update, or use another file."
        )
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
