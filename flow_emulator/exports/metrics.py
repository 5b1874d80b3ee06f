"""The metrics of a run, from what it wrote.

Shape: OpenAPI 'Flow Service - Destinations' (2024-11-13), Flow_Run, and the tutorial's sample. The code of a
failed run is the emulator's own, in the form that the OpenAPI file has for such codes.
"""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.exports.run_export import ExportResult
from flow_emulator.store import Entity

NOT_WRITTEN: Final = "EMU-1001-500"


def export_metrics(flow: Entity, exported: ExportResult, started: int, completed: int) -> dict[str, Any]:
    """Return the ``metrics`` of a run; times in epoch milliseconds."""
    total = sum(exported.records.values())
    errors = [{"code": NOT_WRITTEN, "message": exported.problem}] if exported.problem else []
    return {
        "durationSummary": {"startedAtUTC": started, "completedAtUTC": completed},
        "sizeSummary": {"inputBytes": exported.input_bytes, "outputBytes": exported.output_bytes},
        "recordSummary": {
            "inputRecordCount": total,
            "outputRecordCount": total,
            "skippedRecordCount": 0,
            "failedRecordCount": 0,
            "sourceSummaries": [_summary(flow.doc["sourceConnectionIds"][0], exported, "inputRecordCount")],
            "targetSummaries": [_summary(flow.doc["targetConnectionIds"][0], exported, "outputRecordCount")],
        },
        "fileSummary": {"inputFileCount": 0, "outputFileCount": exported.files},
        "latencySummary": {},
        "statusSummary": {"status": "failed" if errors else "success", "errors": errors},
    }


def _summary(connection_id: str, exported: ExportResult, field: str) -> dict[str, Any]:
    # The tutorial's sample shows this count beside a source's records; a target has none.
    skipped = {"skippedRecordCount": 0} if field == "inputRecordCount" else {}
    return {
        "id": connection_id,
        field: sum(exported.records.values()),
        **skipped,
        "entitySummaries": [
            {"id": f"dataset:{name}", field: count} for name, count in exported.records.items()
        ],
    }
