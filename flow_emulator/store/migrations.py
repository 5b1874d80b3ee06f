"""The tables of the emulator's store, as a list of migrations to which later versions append.

``PRAGMA user_version`` is the number of migrations of a file, ``application_id`` marks it as the emulator's.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x464C4F57  # "FLOW"

_FIRST: Final = (
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE counter (value INTEGER NOT NULL)",
    "INSERT INTO counter VALUES (0)",
    """CREATE TABLE entity (
         seq INTEGER PRIMARY KEY AUTOINCREMENT,
         collection TEXT NOT NULL, org TEXT NOT NULL, sandbox TEXT NOT NULL, id TEXT NOT NULL,
         name TEXT, state TEXT NOT NULL, parent TEXT, etag TEXT NOT NULL, due_at INTEGER,
         doc TEXT NOT NULL, meta TEXT NOT NULL,
         UNIQUE (collection, id))""",
    "CREATE INDEX entity_newest ON entity (org, sandbox, collection, seq)",
    "CREATE INDEX entity_name ON entity (org, sandbox, collection, name, seq)",
    "CREATE INDEX entity_parent ON entity (collection, parent, seq)",
    "CREATE INDEX entity_due ON entity (due_at) WHERE due_at IS NOT NULL",
    # Which connections a flow uses, and through its target the base connection too.
    "CREATE TABLE reference (holder TEXT, target TEXT, PRIMARY KEY (target, holder)) WITHOUT ROWID",
    "CREATE INDEX reference_holder ON reference (holder)",
    """CREATE TABLE token (
         digest TEXT PRIMARY KEY, client_id TEXT NOT NULL, org TEXT NOT NULL, expires_at INTEGER NOT NULL
       ) WITHOUT ROWID""",
    "CREATE TABLE request (seq INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL)",
)

# The end of a transition in epoch milliseconds; NULL when it ends by observations only.
_TIMED_STATES: Final = (
    "ALTER TABLE entity ADD COLUMN passes_at INTEGER",
    "CREATE INDEX entity_passing ON entity (passes_at) WHERE passes_at IS NOT NULL",
)

# Faults: their definition, and how many requests they applied to and hit.
_FAULTS: Final = (
    """CREATE TABLE fault (
         id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL,
         calls INTEGER NOT NULL, hits INTEGER NOT NULL)""",
)

# The rows of datasets, in batches; ``content`` is compressed NDJSON or a Parquet file.
_BATCHES: Final = (
    """CREATE TABLE batch (
         seq INTEGER PRIMARY KEY AUTOINCREMENT,
         dataset TEXT NOT NULL, ingested_at INTEGER NOT NULL,
         kind TEXT NOT NULL, rows INTEGER NOT NULL, content BLOB NOT NULL)""",
    "CREATE INDEX batch_dataset ON batch (dataset, ingested_at, seq)",
    # The export folder on this machine: a table of its own, which snapshots and resets do not change.
    "CREATE TABLE export_folder (path TEXT NOT NULL)",
)

# For lists in the order of a time.
_ORDERED: Final = (
    "CREATE INDEX entity_created"
    " ON entity (org, sandbox, collection, json_extract(meta, '$.createdAt'), seq)",
    "CREATE INDEX entity_updated"
    " ON entity (org, sandbox, collection, json_extract(meta, '$.updatedAt'), seq)",
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_FIRST, _TIMED_STATES, _FAULTS, _BATCHES, _ORDERED)
