"""Adding rows to datasets: from files on this machine, or generated."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Final

from flow_emulator.exports import batches, parquet, row_json
from flow_emulator.exports.generated_rows import generate_rows
from flow_emulator.exports.row_json import RowError
from flow_emulator.store import Transaction

_TEXT_KINDS: Final = (".json", ".ndjson", ".jsonl")


def add_file(tx: Transaction, dataset: str, path: Path, ingested_at: int) -> int:
    """Add the rows of a Parquet, JSON or NDJSON file (the last two also with .gz), and return their number.

    Raises:
        RowError: It is not such a file.
        ParquetMissingError: pyarrow is not installed.
        OSError: It cannot be read.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".parquet"]:
        return batches.add_parquet(tx, dataset, parquet.split_file(path), ingested_at)
    zipped = suffixes[-1:] == [".gz"]
    if (suffixes[:-1] if zipped else suffixes)[-1:] not in [[kind] for kind in _TEXT_KINDS]:
        kinds = ", ".join(_TEXT_KINDS)
        raise RowError(f"{path}: the name must end in .parquet, or in {kinds}, also with .gz.")
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if zipped else raw).decode("utf-8-sig")
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise RowError(f"{path} is not compressed with gzip.") from None
    except UnicodeDecodeError:
        raise RowError(f"{path} is not UTF-8 text.") from None
    try:
        return batches.add_rows(tx, dataset, row_json.parse(text), ingested_at)
    except RowError as error:
        raise RowError(f"{path}: {error}") from None


def add_generated(tx: Transaction, dataset: str, count: int, seed: int, ingested_at: int) -> int:
    """Add generated rows; a second call continues the sequence, so that no row is repeated."""
    first = sum(batch.rows for batch in batches.of_dataset(tx, dataset))
    rows = generate_rows(dataset, count, seed=seed, ingested_at=batches.check_time(ingested_at), first=first)
    return batches.add_rows(tx, dataset, rows, ingested_at)
