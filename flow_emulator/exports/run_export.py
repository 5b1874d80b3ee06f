"""Writing the files of a due run: its rows, its folders, and the numbers for its metrics.

The files are written inside the transaction that creates the run, so they exist before a client can see the
run. If the process ends in between, the run is created again and writes files of the same names.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flow_emulator import clock, private_files
from flow_emulator.exports import batches, export_files, folders
from flow_emulator.exports.export_files import ExportFile, Format, PendingFiles
from flow_emulator.exports.parquet import ParquetMissingError
from flow_emulator.exports.row_json import RowError
from flow_emulator.models.flows import schedules
from flow_emulator.specs.catalogue import Catalogue
from flow_emulator.store import Entity, Transaction

_RUNS: Final = uuid.UUID("d1c1a3f4-8d0b-4b0c-8c8e-5a5c3a0f7b10")


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What a run wrote: records by dataset, files, bytes read and written; ``problem`` when it failed."""

    records: Mapping[str, int] = field(default_factory=dict)
    files: int = 0
    input_bytes: int = 0
    output_bytes: int = 0
    problem: str = ""


def folder(tx: Transaction) -> Path | None:
    """Return the folder to which runs write, or None when they write no files."""
    found = tx.sql.execute("SELECT path FROM export_folder").fetchone()
    return None if found is None else Path(found[0])


def set_folder(tx: Transaction, path: Path | str | None) -> Path | None:
    """Set the folder to which later runs write, and create it; None: they write no files.

    The store keeps the absolute path, so that every process on a file writes to the same folder.

    Raises:
        OSError: The folder cannot be created.
    """
    if path is None:
        tx.sql.execute("DELETE FROM export_folder")
        return None
    absolute = Path(path).resolve()
    private_files.create_folder(absolute)
    tx.sql.execute("DELETE FROM export_folder")
    tx.sql.execute("INSERT INTO export_folder VALUES (?)", (str(absolute),))
    return absolute


def next_run_id(tx: Transaction, flow: Entity) -> str:
    """Return the id of the flow's next run, which is the same until that run is stored."""
    number = flow.meta.get("runCount", 0) + 1
    while tx.entities.has("runs", run_id := str(uuid.uuid5(_RUNS, f"{flow.id}/{number}"))):
        number += 1
    flow.meta["runCount"] = number
    return run_id


def export(
    catalogue: Catalogue, tx: Transaction, flow: Entity, dataset_ids: list[str], run_id: str, due: int
) -> ExportResult | None:
    """Write the files of a due run, and record in the flow what was exported.

    A run whose files cannot be written has a ``problem``; the next run then exports its rows too.

    Returns:
        What was written, or None without an export folder.
    """
    root = folder(tx)
    if root is None:
        return None
    try:
        exported = _Run(catalogue, tx, flow, run_id, due).write(root, dataset_ids)
    except (folders.OutsideFolderError, ParquetMissingError, RowError) as problem:
        return ExportResult(problem=str(problem))
    except OSError as problem:
        return ExportResult(problem=f"The files cannot be written: {problem.strerror or problem}.")
    ended, newest = batches.watermark(tx, due)
    seen = flow.meta.setdefault("exported", {})
    for dataset in exported.records:
        before = seen.get(dataset, (0, 0))
        seen[dataset] = [max(ended, before[0]), max(newest, before[1])]
    return exported


class _Run:
    """One run while its files are written."""

    def __init__(self, catalogue: Catalogue, tx: Transaction, flow: Entity, run_id: str, due: int) -> None:
        self._tx, self._flow, self._run_id, self._due = tx, flow, run_id, due
        # By a switch a flow keeps the target connection as it was at the flow's creation.
        kept = flow.meta.get("target")
        self._target = kept or self._connection("targetConnections", flow.doc["targetConnectionIds"][0])
        self._source = self._connection("sourceConnections", flow.doc["sourceConnectionIds"][0])
        account = self._connection("connections", self._target["baseConnectionId"])
        self._account: dict[str, Any] = (account.get("auth") or {}).get("params") or {}
        spec_id = self._target["connectionSpec"]["id"]
        self._destination = catalogue.connection_specs[spec_id]["name"]
        self._location_params = catalogue.location_params(spec_id)

    def write(self, root: Path, dataset_ids: list[str]) -> ExportResult:
        """Write all files, the manifests last."""
        params, moment = self._target["params"], clock.to_datetime(self._due)
        form, path = Format.of(params), folders.segments(self._location_params.path_in(params))
        place = folders.place(self._location_params, params, self._account, self._flow.sandbox)
        records: dict[str, int] = {}
        by_folder: dict[tuple[str, ...], list[ExportFile]] = {}
        input_bytes = 0
        with PendingFiles() as pending:
            for dataset, name in self._names(dataset_ids).items():
                below = (
                    *path,
                    *folders.segments(folders.render(self._template(), self._values(dataset, name), moment)),
                )
                found = batches.new_since(self._tx, dataset, self._due, self._since(dataset))
                records[dataset] = sum(batch.rows for batch in found)
                if not found:
                    continue
                into = folders.inside(root, [*place, *below])
                written, size = export_files.write_dataset(
                    pending, self._tx, found, into, form, f"{self._run_id}/{dataset}"
                )
                by_folder.setdefault(below, []).extend(written)
                input_bytes += size
            if params.get("includeFileManifest"):
                self._put_manifests(pending, by_folder)
            pending.publish()
        everything = [file for each in by_folder.values() for file in each]
        return ExportResult(records, len(everything), input_bytes, sum(file.size for file in everything))

    def _put_manifests(
        self, pending: PendingFiles, by_folder: Mapping[tuple[str, ...], list[ExportFile]]
    ) -> None:
        scheduled = clock.to_text(self._due)
        for below, written in by_folder.items():
            sink = "/" + "/".join(below)
            name, content = export_files.manifest(self._flow.id, self._run_id, scheduled, sink, written)
            pending.put(written[0].path.with_name(name), content)

    def _since(self, dataset: str) -> batches.Watermark | None:
        if self._flow.doc["scheduleParams"].get("exportMode") == schedules.FULL:
            return None
        seen = self._flow.meta.get("exported", {}).get(dataset)
        return None if seen is None else (seen[0], seen[1])

    def _names(self, dataset_ids: list[str]) -> dict[str, str]:
        """Return the names of the run's datasets in the source connection, by their ids."""
        listed = {each["dataSetId"]: each["name"] for each in self._source["params"]["datasets"]}
        return {dataset: listed.get(dataset, dataset) for dataset in dataset_ids}

    def _template(self) -> str:
        schedule = self._flow.doc["scheduleParams"]
        return str(
            schedule.get("foldernameTemplate")
            or schedule.get("folderNameTemplate")
            or folders.DEFAULT_TEMPLATE
        )

    def _values(self, dataset: str, name: str) -> dict[str, str]:
        flow = self._flow
        return {
            "DATASET_ID": dataset,
            "DATASET_NAME": name,
            "DESTINATION": self._destination,
            "DESTINATION_NAME": self._destination,
            "DESTINATION_INSTANCE_NAME": flow.doc["name"],
            "DESTINATION_INSTANCE_ID": flow.id,
            "SANDBOX_NAME": flow.sandbox,
            "ORGANIZATION_NAME": flow.org,
        }

    def _connection(self, collection: str, entity_id: str) -> dict[str, Any]:
        found = self._tx.entities.get(collection, self._flow.org, self._flow.sandbox, entity_id)
        return {} if found is None else found.doc
