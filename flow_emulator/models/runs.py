"""Runs: one for each scheduled time of an enabled flow that the clock has passed.

Their shape: OpenAPI 'Flow Service - Destinations' (2024-11-13), Flow_Run, and the tutorial's sample.
Records are made-up numbers that depend on dataset and time only, so every machine shows the same.
"""

from __future__ import annotations

import hashlib
import heapq
from typing import Any, Final

from flow_emulator.etags import etag
from flow_emulator.models import entities, schedules
from flow_emulator.models.scope import Engine, Scope
from flow_emulator.store import Data, Entity

COLLECTION: Final = "runs"
_CLIENT: Final = "aep_activation_batch"
_BYTES_PER_RECORD: Final = 120


def advance(engine: Engine, data: Data, now: int) -> int:
    """Make the runs that are due at ``now`` in all sandboxes, the earliest first; how many it made.

    At most ``max_runs_per_move`` for one flow; what is left is made when somebody asks again.
    """
    waiting = [(flow.due_at or 0, flow.seq, flow) for flow in data.due_flows(now)]
    heapq.heapify(waiting)
    made: dict[str, int] = {}
    while waiting:
        due, seq, flow = heapq.heappop(waiting)
        _run(engine, data, flow, due)
        made[flow.id] = made.get(flow.id, 0) + 1
        again = flow.due_at is not None and flow.due_at <= now
        if again and made[flow.id] < engine.behaviour.max_runs_per_move:
            heapq.heappush(waiting, (flow.due_at or 0, seq, flow))
        else:
            data.update(flow)
    return sum(made.values())


def show(scope: Scope, entity: Entity) -> dict[str, Any]:
    """A run as a GET shows it: without its end and its counts while it is under way."""
    run = {**entities.show(scope, entity), "flowId": entity.parent, **entity.doc}
    del run["version"]
    metrics = dict(entity.doc["metrics"])
    if metrics["durationSummary"]["completedAtUTC"] <= scope.now:
        run["state"] = "success"
        return run
    started = {"startedAtUTC": metrics["durationSummary"]["startedAtUTC"]}
    run["metrics"] = {"durationSummary": started, "statusSummary": {"status": "processing", "errors": []}}
    return {**run, "state": "inProgress"}


def _run(engine: Engine, data: Data, flow: Entity, due: int) -> None:
    schedule = flow.doc["scheduleParams"]
    source_id = flow.doc["sourceConnectionIds"][0]
    source = data.get("sourceConnections", flow.org, flow.sandbox, source_id)
    names = [each["dataSetId"] for each in source.doc["params"]["datasets"]] if source else []
    full = schedule.get("exportMode") == schedules.FULL or "lastRun" not in flow.meta
    completed = due + engine.behaviour.run_duration_seconds * 1000
    run_id = engine.new_id()
    run = Entity(
        COLLECTION,
        flow.org,
        flow.sandbox,
        run_id,
        {
            "flowSpec": flow.doc["flowSpec"],
            "providerRefId": hashlib.sha256(run_id.encode()).hexdigest()[:32],
            "metrics": _metrics(flow, _records(names, due, full=full), due, completed),
            "activities": [],
        },
        state="success",
        parent=flow.id,
        etag=etag(data.next_number(), completed),
        meta={"createdAt": due, "updatedAt": completed, "createdBy": _CLIENT, "updatedBy": _CLIENT},
    )
    data.insert(run)
    flow.meta |= {
        "ranUntil": due,
        "ranOnce": True,
        "lastRun": {"id": run_id, "state": "success", "startedAtUTC": due, "completedAtUTC": completed},
    }
    flow.due_at = schedules.next_due(schedule, due, ran=True)


def _records(dataset_ids: list[str], due: int, *, full: bool) -> dict[str, int]:
    """How many records each dataset exports: all of it, or what came since the run before."""
    return {
        name: 1000 + _number(name) % 49_000 if full else _number(f"{name}@{due}") % 500
        for name in dataset_ids
    }


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _metrics(flow: Entity, records: dict[str, int], started: int, completed: int) -> dict[str, Any]:
    total = sum(records.values())
    size = total * _BYTES_PER_RECORD
    return {
        "durationSummary": {"startedAtUTC": started, "completedAtUTC": completed},
        "sizeSummary": {"inputBytes": size, "outputBytes": size},
        "recordSummary": {
            "inputRecordCount": total,
            "outputRecordCount": total,
            "skippedRecordCount": 0,
            "failedRecordCount": 0,
            "sourceSummaries": [_summary(flow.doc["sourceConnectionIds"][0], records, "inputRecordCount")],
            "targetSummaries": [_summary(flow.doc["targetConnectionIds"][0], records, "outputRecordCount")],
        },
        "fileSummary": {"inputFileCount": 0, "outputFileCount": len(records)},
        "latencySummary": {},
        "statusSummary": {"status": "success", "errors": []},
    }


def _summary(connection_id: str, records: dict[str, int], field: str) -> dict[str, Any]:
    return {
        "id": connection_id,
        field: sum(records.values()),
        "entitySummaries": [{"id": f"dataset:{name}", field: count} for name, count in records.items()],
    }
