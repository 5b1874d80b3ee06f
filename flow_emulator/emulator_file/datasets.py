"""Seeding the datasets of an emulator's file and naming its export folder, for the command line."""

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
    """Neither an id of a dataset nor the name of one; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class DatasetRows:
    """What a dataset holds: its id, its rows, and when each batch of them came (rows, RFC 3339)."""

    dataset: str
    rows: int
    batches: tuple[tuple[int, str], ...]


def read_rows(file: str | Path, dataset: str) -> DatasetRows:
    """What the dataset holds. UnknownDatasetError: there is no such dataset."""
    return _with(file, dataset, lambda _tx, _id, _now: None)


def add_files(
    file: str | Path, dataset: str, sources: Sequence[Path], at: datetime | None = None
) -> DatasetRows:
    """Add the rows of Parquet, JSON or NDJSON files, all or none, at the emulator's time or at ``at``.

    RowError: a source holds no rows. ParquetMissingError: pyarrow is not installed.
    """

    def add(tx: Transaction, dataset_id: str, now: int) -> None:
        for source in sources:
            row_files.add_file(tx, dataset_id, source, now if at is None else clock.to_millis(at))

    return _with(file, dataset, add)


def add_generated(
    file: str | Path, dataset: str, count: int, seed: int = 0, at: datetime | None = None
) -> DatasetRows:
    """Add made-up rows, which go on where the dataset's rows end."""

    def add(tx: Transaction, dataset_id: str, now: int) -> None:
        moment = now if at is None else clock.to_millis(at)
        row_files.add_generated(tx, dataset_id, count, seed, moment)

    return _with(file, dataset, add)


def clear_rows(file: str | Path, dataset: str) -> DatasetRows:
    """Forget the rows of the dataset; files that were written stay."""

    def clear(tx: Transaction, dataset_id: str, _now: int) -> None:
        batches.clear(tx, dataset_id)

    return _with(file, dataset, clear)


def read_export_folder(file: str | Path) -> Path | None:
    """The folder to which due runs write, or None."""
    with Store(file) as store, store.transaction() as tx:
        return run_export.folder(tx)


def set_export_folder(file: str | Path, folder: str | Path | None) -> Path | None:
    """Let due runs write to this folder from now on, None: to none. OSError: it cannot be made."""
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
    """Make the runs that are due, which do not have what comes now; the emulator's time."""
    engine = configuration.applied(Engine(from_store=True), tx)
    now = clock.now_millis(tx, engine.real_millis)
    runs.advance(engine, tx, now)
    return now
