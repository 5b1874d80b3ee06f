"""The files of one run: written under other names first, then given their own all at once.

A program that watches the folder never sees half a file, and a run that fails leaves none. Names: random in
Adobe's, with the endings that the tutorial 'Export datasets' (2026 text) gives; the form is that of the files
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

from flow_emulator.exports import batches, parquet
from flow_emulator.exports.batches import Batch
from flow_emulator.store import Transaction

ROWS_PER_FILE: Final = 100_000
_GZIP_LEVEL: Final = 6
_NAMES: Final = uuid.UUID("0b5f0c0e-3f5c-4a0e-9a46-6d3b8f1f2c55")


@dataclass(frozen=True, slots=True)
class Format:
    """A target connection's file type and compression; enums are compared without regard to case."""

    parquet: bool
    gzip: bool

    @classmethod
    def of(cls, params: dict[str, Any]) -> Format:
        """Read them from the parameters of a target connection."""
        return cls(params["datasetFileType"].upper() == "PARQUET", params["compression"].upper() == "GZIP")

    @property
    def ending(self) -> str:
        """How a file's name ends."""
        if self.parquet:
            return ".gz.parquet" if self.gzip else ".parquet"
        return ".json.gz" if self.gzip else ".json"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file of a run."""

    path: Path
    rows: int
    size: int


@dataclass
class PendingFiles:
    """Files that wait for their names; as a context it takes away what was not published."""

    _waiting: list[tuple[Path, Path]] = field(default_factory=list)
    _published: list[Path] = field(default_factory=list)

    def put(self, path: Path, content: bytes) -> None:
        """Write the content beside ``path``, under a name that no loader takes."""
        hidden = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._waiting.append((hidden, path))
        hidden.write_bytes(content)

    def publish(self) -> None:
        """Give all files their names, in the order in which they came: the last tells that all are there."""
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
    """Put the batches of one dataset on the shelf as files of bounded size; these, and the bytes read.

    ``key`` makes the names: the same key gives the same names, so that a run that is made again after a crash
    overwrites its own files.
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
    """Name and content of a manifest, as the sample on the catalogue pages of the cloud destinations has it.

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
