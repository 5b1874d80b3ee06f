"""The files of one run: written under temporary names, then renamed together.

A program that watches the folder never sees half a file, and a failed run leaves no file. Adobe's names are
random. Their endings are those of the tutorial 'Export datasets' (2026 text), their form is that of the files
of a recorded export.
"""

from __future__ import annotations

import gzip
import json
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flow_emulator import private_files
from flow_emulator.exports import batches, parquet
from flow_emulator.exports.batches import Batch
from flow_emulator.store import Transaction

ROWS_PER_FILE: Final = 100_000
"""Rows of a file. A dataset of at most 50,000 records is always one file (release notes of June 2026); Adobe
documents no other size.
"""
_GZIP_LEVEL: Final = 6
_NAMES: Final = uuid.UUID("0b5f0c0e-3f5c-4a0e-9a46-6d3b8f1f2c55")


@dataclass(frozen=True, slots=True)
class Format:
    """A target connection's file type and compression; enums are compared without regard to case."""

    parquet: bool
    gzip: bool

    @classmethod
    def of(cls, params: dict[str, Any]) -> Format:
        """Return the format in the parameters of a target connection."""
        return cls(params["datasetFileType"].upper() == "PARQUET", params["compression"].upper() == "GZIP")

    @property
    def ending(self) -> str:
        """The ending of a file's name."""
        if self.parquet:
            return ".gz.parquet" if self.gzip else ".parquet"
        return ".json.gz" if self.gzip else ".json"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that a run wrote: its path, its number of rows, and its size in bytes."""

    path: Path
    rows: int
    size: int


@dataclass
class PendingFiles:
    """Files under temporary names. Leaving the context deletes those that were not published."""

    _waiting: list[tuple[Path, Path]] = field(default_factory=list)
    _published: list[Path] = field(default_factory=list)

    def put(self, path: Path, content: bytes) -> None:
        """Write the content beside ``path``, under a hidden temporary name."""
        hidden = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._waiting.append((hidden, path))
        private_files.write_file(hidden, content)

    def publish(self) -> None:
        """Rename all files, in the order of their creation: the manifest comes last."""
        while self._waiting:
            hidden, path = self._waiting[0]
            hidden.replace(path)
            self._published.append(path)
            del self._waiting[0]
        self._published.clear()

    def __enter__(self) -> PendingFiles:
        return self

    def __exit__(self, *_exception: object) -> None:
        for leftover in (*(hidden for hidden, _ in self._waiting), *self._published):
            leftover.unlink(missing_ok=True)


def write_dataset(
    pending: PendingFiles, tx: Transaction, found: Sequence[Batch], folder: Path, form: Format, key: str
) -> tuple[list[ExportFile], int]:
    """Write the batches of one dataset as files of bounded size.

    The names depend on ``key`` only, so that a run that is repeated after a crash overwrites its own files.

    Returns:
        The files, and the number of bytes read.
    """
    written, input_bytes = [], 0
    for number, group in enumerate(_groups(found)):
        contents = [(batch.kind == batches.PARQUET, batches.content(tx, batch)) for batch in group]
        ndjson = b"" if form.parquet else b"".join(_ndjson(*each) for each in contents)
        content = parquet.write_parquet(contents, gzip=form.gzip) if form.parquet else ndjson
        if form.gzip and not form.parquet:
            content = gzip.compress(ndjson, _GZIP_LEVEL, mtime=0)
        unique = uuid.uuid5(_NAMES, f"{key}/{number}")
        path = folder / f"part-{number:05}-{unique}-c000{form.ending}"
        pending.put(path, content)
        written.append(ExportFile(path, sum(batch.rows for batch in group), len(content)))
        input_bytes += len(ndjson) if ndjson else sum(len(each) for _, each in contents)
    return written, input_bytes


def manifest(
    flow_id: str, run_id: str, scheduled: str, sink_path: str, files: Sequence[ExportFile]
) -> tuple[str, bytes]:
    """Return name and content of a manifest, as in the sample on the catalogue pages of cloud destinations.

    The destination's id is the flow's ("Edit destinations" tutorial); ``scheduled`` is RFC 3339 in UTC.
    """
    results = [{"sinkPath": sink_path, "name": file.path.name, "size": file.size} for file in files]
    body = {"flowRunId": run_id, "scheduledTime": scheduled, "exportResults": results}
    return f"manifest-{flow_id}-{run_id}.json", json.dumps(body, separators=(",", ":")).encode()


def _ndjson(is_parquet: bool, content: bytes) -> bytes:
    return b"".join(parquet.lines(content)) if is_parquet else content


def _groups(found: Sequence[Batch]) -> Iterator[list[Batch]]:
    group: list[Batch] = []
    for batch in found:
        if group and sum(each.rows for each in group) + batch.rows > ROWS_PER_FILE:
            yield group
            group = []
        group.append(batch)
    if group:
        yield group
