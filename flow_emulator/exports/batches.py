"""The rows of datasets, kept in batches with the time of their ingestion.

Adobe's data lake ingests data in batches too, and an incremental export holds the batches that were ingested
since the run before. A dataset has the same rows in every organisation and sandbox.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flow_emulator.exports import row_json
from flow_emulator.exports.row_json import RowError
from flow_emulator.store import Transaction

ROWS_PER_BATCH: Final = 10_000
LINES: Final = "lines"
PARQUET: Final = "parquet"
_LATEST: Final = 95_617_584_000_000  # 5000-01-01T00:00:00Z
Watermark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a dataset; ``kind`` is LINES (NDJSON) or PARQUET, ``ingested_at`` in epoch milliseconds."""

    seq: int
    dataset: str
    ingested_at: int
    kind: str
    rows: int


def add_rows(tx: Transaction, dataset: str, rows: Iterable[dict[str, Any]], ingested_at: int) -> int:
    """Store JSON rows, and return their number."""
    added, chunk = 0, []
    for row in rows:
        chunk.append(row_json.to_line(row))
        if len(chunk) == ROWS_PER_BATCH:
            added += _add_lines(tx, dataset, chunk, ingested_at)
            chunk = []
    return added + (_add_lines(tx, dataset, chunk, ingested_at) if chunk else 0)


def add_parquet(tx: Transaction, dataset: str, parts: Iterable[tuple[int, bytes]], ingested_at: int) -> int:
    """Store Parquet files, each given with its number of rows, and return the number of all rows."""
    added = 0
    for rows, content in parts:
        _insert(tx, dataset, ingested_at, PARQUET, rows, content)
        added += rows
    return added


def check_time(ingested_at: int) -> int:
    """Return the time. Raises RowError when the emulator's clock cannot show it."""
    if not 0 <= ingested_at < _LATEST:
        raise RowError("The time of ingestion must be from 1970 to 4999.")
    return ingested_at


def of_dataset(tx: Transaction, dataset: str) -> list[Batch]:
    """Return the batches of a dataset in the order of their insertion, without their content."""
    return list(_select(tx, "dataset = ? ORDER BY seq", dataset))


def new_since(tx: Transaction, dataset: str, until: int, since: Watermark | None) -> list[Batch]:
    """Return the batches that a run exports: ingested up to ``until`` and not exported by an earlier run.

    ``since`` is the watermark of the earlier run, None for a full export. A batch that was inserted after the
    earlier run is new even when its time of ingestion is not later, so that no row is lost while the clock is
    stopped.
    """
    ended, newest = since or (-1, -1)
    return list(
        _select(
            tx,
            "dataset = ? AND ingested_at <= ? AND NOT (ingested_at <= ? AND seq <= ?)"
            " ORDER BY ingested_at, seq",
            dataset,
            until,
            ended,
            newest,
        )
    )


def watermark(tx: Transaction, until: int) -> Watermark:
    """Return the watermark of a run that ends now: the time and number of the last batch that it may have."""
    row = tx.sql.execute("SELECT coalesce(max(seq), 0) FROM batch").fetchone()
    return until, int(row[0])


def content(tx: Transaction, batch: Batch) -> bytes:
    """Return the rows of a batch: NDJSON with a line feed after each row, or a Parquet file."""
    row = tx.sql.execute("SELECT content FROM batch WHERE seq = ?", (batch.seq,)).fetchone()
    return zlib.decompress(row[0]) if batch.kind == LINES else bytes(row[0])


def clear(tx: Transaction, dataset: str) -> int:
    """Delete the rows of a dataset, and return their number."""
    rows = sum(batch.rows for batch in of_dataset(tx, dataset))
    tx.sql.execute("DELETE FROM batch WHERE dataset = ?", (dataset,))
    return rows


def _add_lines(tx: Transaction, dataset: str, lines: Sequence[bytes], ingested_at: int) -> int:
    _insert(tx, dataset, ingested_at, LINES, len(lines), zlib.compress(b"".join(lines), 1))
    return len(lines)


def _insert(tx: Transaction, dataset: str, ingested_at: int, kind: str, rows: int, blob: bytes) -> None:
    check_time(ingested_at)
    tx.sql.execute(
        "INSERT INTO batch (dataset, ingested_at, kind, rows, content) VALUES (?, ?, ?, ?, ?)",
        (dataset, ingested_at, kind, rows, blob),
    )


def _select(tx: Transaction, where: str, *values: Any) -> Iterator[Batch]:
    found = tx.sql.execute(
        f"SELECT seq, dataset, ingested_at, kind, rows FROM batch WHERE {where}",  # noqa: S608 - own text
        values,
    )
    return (Batch(*row) for row in found.fetchall())
