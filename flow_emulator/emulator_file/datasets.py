"""The rows of datasets and the export folder of an emulator's file, for the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flow_emulator import clock
from flow_emulator.behaviour import configuration
from flow_emulator.exports import batches, row_files, run_export
from flow_emulator.models import datasets
from flow_emulator.models.context import Engine
from flow_emulator.models.flows import runs
from flow_emulator.store import Store, Transaction


class UnknownDatasetError(ValueError):
    """The text is neither the id nor the name of a dataset; the message names what is expected."""


@dataclass(frozen=True, slots=True)
class DatasetRows:
    """A dataset: its id, its number of rows, and each batch as number of rows and time in RFC 3339."""

    dataset: str
    rows: int
    batches: tuple[tuple[int, str], ...]


def read_rows(file: str | Path, dataset: str) -> DatasetRows:
    """Return what a dataset holds. Raises UnknownDatasetError when the dataset is unknown."""
    return _with(file, dataset, lambda _tx, _id, _now: None)


def add_files(
    file: str | Path, dataset: str, sources: Sequence[Path], at: datetime | None = None
) -> DatasetRows:
    """Add the rows of Parquet, JSON or NDJSON files, all of them or none.

    Args:
        file: The emulator's file.
        dataset: The id or name of the dataset.
        sources: The files with rows.
        at: The time of ingestion, by default the emulator's time.

    Raises:
        RowError: A source has no rows.
        ParquetMissingError: pyarrow is not installed.
        UnknownDatasetError: The dataset is unknown.
    """

    def add(tx: Transaction, dataset_id: str, now: int) -> None:
        for source in sources:
            row_files.add_file(tx, dataset_id, source, now if at is None else clock.to_millis(at))

    return _with(file, dataset, add)


def add_generated(
    file: str | Path, dataset: str, count: int, seed: int = 0, at: datetime | None = None
) -> DatasetRows:
    """Add generated rows, which continue the sequence of those that the dataset has."""

    def add(tx: Transaction, dataset_id: str, now: int) -> None:
        moment = now if at is None else clock.to_millis(at)
        row_files.add_generated(tx, dataset_id, count, seed, moment)

    return _with(file, dataset, add)


def clear_rows(file: str | Path, dataset: str) -> DatasetRows:
    """Delete the rows of the dataset; files that were written stay."""

    def clear(tx: Transaction, dataset_id: str, _now: int) -> None:
        batches.clear(tx, dataset_id)

    return _with(file, dataset, clear)


def read_export_folder(file: str | Path) -> Path | None:
    """Return the folder to which due runs write, or None."""
    with Store(file) as store, store.transaction() as tx:
        return run_export.folder(tx)


def set_export_folder(file: str | Path, folder: str | Path | None) -> Path | None:
    """Set the folder to which due runs write; None: they write no files. Raises OSError."""
    with Store(file) as store, store.transaction() as tx:
        _advance(tx)
        return run_export.set_folder(tx, folder)


def _with(file: str | Path, dataset: str, change: Callable[[Transaction, str, int], None]) -> DatasetRows:
    dataset_id = datasets.id_of(dataset)
    if dataset_id is None:
        raise UnknownDatasetError(
            f"{dataset!r} is neither an id of 24 hexadecimal digits nor the name of a known dataset."
        )
    with Store(file) as store, store.transaction() as tx:
        change(tx, dataset_id, _advance(tx))
        found = batches.of_dataset(tx, dataset_id)
    came = tuple((batch.rows, clock.to_text(batch.ingested_at)) for batch in found)
    return DatasetRows(dataset_id, sum(rows for rows, _ in came), came)


def _advance(tx: Transaction) -> int:
    """Create the runs that are due before a change, and return the emulator's time."""
    engine = configuration.applied(Engine(from_store=True), tx)
    now = clock.now_millis(tx, engine.real_millis)
    runs.advance(engine, tx, now)
    return now
