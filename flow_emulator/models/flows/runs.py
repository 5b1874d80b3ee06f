"""Runs: one for each scheduled time of an enabled flow that has passed.

Shape: OpenAPI 'Flow Service - Destinations' (2024-11-13), Flow_Run, and the tutorial's sample. With an export
folder a run writes files and counts their records. Without one its numbers are invented; they depend on
dataset and time only, so they are the same on every machine.
"""

from __future__ import annotations

import hashlib
import heapq
from typing import Any, Final

from flow_emulator.etags import etag
from flow_emulator.exports import metrics, run_export
from flow_emulator.models import entities, transitions
from flow_emulator.models.context import Context, Engine
from flow_emulator.models.flows import schedules
from flow_emulator.store import Entity, Transaction

COLLECTION: Final = "runs"
IN_PROGRESS: Final = "inProgress"
SUCCESS: Final = "success"
FAILED: Final = "failed"
_CLIENT: Final = "aep_activation_batch"
_BYTES_PER_RECORD: Final = 120
MOST_AT_ONCE: Final = 5000


def advance(engine: Engine, tx: Transaction, now: int) -> int:
    """Bring all sandboxes to the time ``now``: end transitions, and create the runs that are due.

    The earliest run is created first. A flow gets at most ``max_runs_per_move`` runs, and all flows together
    about :data:`MOST_AT_ONCE`, so that no request takes long; the others are created at the next request.

    Returns:
        The number of runs created.
    """
    transitions.advance(tx, now)
    waiting = [(flow.due_at or 0, flow.seq, flow) for flow in tx.entities.due_flows(now)]
    heapq.heapify(waiting)
    total, made = 0, dict[str, int]()
    while waiting and total < MOST_AT_ONCE:
        due, seq, flow = heapq.heappop(waiting)
        if schedules.is_over(flow.doc["scheduleParams"], due):
            _disable(tx, flow, due)
            continue
        total += _run(engine, tx, flow, due, now)
        made[flow.id] = made.get(flow.id, 0) + 1
        again = flow.due_at is not None and flow.due_at <= now
        if again and made[flow.id] < engine.behaviour.max_runs_per_move:
            heapq.heappush(waiting, (flow.due_at or 0, seq, flow))
        else:
            tx.entities.update(flow)
    for _, _, flow in waiting:
        if flow.id in made:
            tx.entities.update(flow)
    return total


def show(context: Context, entity: Entity) -> dict[str, Any]:
    """Return a run as a GET shows it, without its end and its counts while it is in progress."""
    run = {**entities.show(context, entity), "flowId": entity.parent, **entity.doc}
    del run["version"]
    if entity.state != IN_PROGRESS:
        return run
    started = {"startedAtUTC": entity.doc["metrics"]["durationSummary"]["startedAtUTC"]}
    run["metrics"] = {"durationSummary": started, "statusSummary": {"status": "processing", "errors": []}}
    return run


def datasets_of(tx: Transaction, flow: Entity) -> list[str]:
    """Return the ids of the datasets that a flow exports."""
    source_id = flow.doc["sourceConnectionIds"][0]
    source = tx.entities.get("sourceConnections", flow.org, flow.sandbox, source_id)
    return [each["dataSetId"] for each in source.doc["params"]["datasets"]] if source else []


def run_ad_hoc(context: Context, flow: Entity, dataset_ids: list[str]) -> list[Entity]:
    """Run a flow for some of its datasets now, outside its schedule, and store runs and flow."""
    made = _new_runs(context.engine, context.tx, flow, dataset_ids, context.now)
    ends_at = transitions.end_time(context, context.behaviour.run_duration_seconds)
    for run in made:
        transitions.enter(
            run, IN_PROGRESS, run.state, observations=context.behaviour.adhoc_reads, ends_at=ends_at
        )
        context.tx.entities.insert(run)
        _remember_last_run(flow, run)
    context.tx.entities.update(flow)
    return made


def _run(engine: Engine, tx: Transaction, flow: Entity, due: int, now: int) -> int:
    """Create the run or runs of a scheduled time, and return their number."""
    made = _new_runs(engine, tx, flow, datasets_of(tx, flow), due)
    ends_at = due + engine.behaviour.run_duration_seconds * 1000
    for run in made:
        if ends_at > now:
            observations = engine.behaviour.run_reads
            transitions.enter(run, IN_PROGRESS, run.state, observations=observations, ends_at=ends_at)
        tx.entities.insert(run)
        _remember_last_run(flow, run)
    flow.meta |= {"ranUntil": due, "ranOnce": True}
    flow.due_at = schedules.next_event(flow.doc["scheduleParams"], due, engine.behaviour, ran=True)
    return len(made)


def _disable(tx: Transaction, flow: Entity, moment: int) -> None:
    """Disable a flow whose end time has passed."""
    flow.due_at = None
    if "pending" in flow.meta:
        flow.meta["pending"]["then"] = "disabled"
    else:
        flow.state = "disabled"
        flow.meta["updatedAt"] = moment
        flow.etag = etag(tx.next_number(), moment)
    tx.entities.update(flow)


def _remember_last_run(flow: Entity, run: Entity) -> None:
    """Store the last run in the flow."""
    numbers = run.doc["metrics"]
    ended_as = numbers["statusSummary"]["status"]
    flow.meta["lastRun"] = {"id": run.id, "state": ended_as, **numbers["durationSummary"]}


def _new_runs(engine: Engine, tx: Transaction, flow: Entity, names: list[str], due: int) -> list[Entity]:
    """Return one run for all datasets, or by the switch one for each; they are not stored yet."""
    groups = [[name] for name in names] if engine.behaviour.one_run_per == "dataset" else [names]
    return [_new_run(engine, tx, flow, group, due) for group in groups]


def _new_run(engine: Engine, tx: Transaction, flow: Entity, names: list[str], due: int) -> Entity:
    full = flow.doc["scheduleParams"].get("exportMode") == schedules.FULL or "lastRun" not in flow.meta
    completed = due + engine.behaviour.run_duration_seconds * 1000
    run_id = run_export.next_run_id(tx, flow)
    exported = run_export.export(engine.catalogue, tx, flow, names, run_id, due)
    if exported is None:
        exported = _without_files(_records(names, due, full=full))
    numbers = metrics.export_metrics(flow, exported, due, completed)
    return Entity(
        COLLECTION,
        flow.org,
        flow.sandbox,
        run_id,
        {
            "flowSpec": flow.doc["flowSpec"],
            "providerRefId": hashlib.sha256(run_id.encode()).hexdigest()[:32],
            "metrics": numbers,
            "activities": [],
        },
        state=FAILED if exported and exported.problem else SUCCESS,
        parent=flow.id,
        etag=etag(tx.next_number(), completed),
        meta={"createdAt": due, "updatedAt": completed, "createdBy": _CLIENT, "updatedBy": _CLIENT},
    )


def _records(dataset_ids: list[str], due: int, *, full: bool) -> dict[str, int]:
    """Return how many records each dataset exports: all of them, or those since the previous run."""
    return {
        name: 1000 + _hash_number(name) % 49_000 if full else _hash_number(f"{name}@{due}") % 500
        for name in dataset_ids
    }


def _without_files(records: dict[str, int]) -> run_export.ExportResult:
    """Return what a run with so many records would have written: one file for each dataset."""
    size = sum(records.values()) * _BYTES_PER_RECORD
    return run_export.ExportResult(records, files=len(records), input_bytes=size, output_bytes=size)


def _hash_number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
