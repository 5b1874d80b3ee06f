"""Ad-hoc exports of datasets: runs of a flow outside its schedule.

No OpenAPI file has this operation. Request, response and the texts of errors: Adobe's Python SDK aepp 0.6.0
(``createAdHocDatasetExport``) and the notebooks of 'AEP Cloud ML ecosystem'. The text for a run in progress
is that of the ad-hoc activation of audiences ("Activate audiences on-demand"), with dataset in place of
audience.
"""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.errors import PlainError
from flow_emulator.models import entities, transitions
from flow_emulator.models.context import Context
from flow_emulator.models.flows import flows, runs
from flow_emulator.store import Entity

Order = tuple[Entity, list[str]]
_NOT_READY: Final = (
    "Invalid parameter: Following order ID(s) are not ready for dataset export,"
    " please wait for 10 minutes and retry."
)


def run(context: Context, body: object) -> list[dict[str, Any]]:
    """Run each flow of the body for its datasets; nothing runs when any part of the body is invalid.

    Returns:
        For each flow its id and the run of each dataset.
    """
    orders = [_order(context, each) for each in _destinations(body)]
    if len({flow.id for flow, _ in orders}) < len(orders):
        raise PlainError("Invalid parameter: a flow is twice in activationInfo.destinations.")
    for flow, dataset_ids in orders:
        _require_runnable(context, flow, dataset_ids)
    return [_start(context, flow, dataset_ids) for flow, dataset_ids in orders]


def _start(context: Context, flow: Entity, dataset_ids: list[str]) -> dict[str, Any]:
    made = runs.run_ad_hoc(context, flow, dataset_ids)
    of_each = made if len(made) == len(dataset_ids) else made * len(dataset_ids)
    pairs = zip(dataset_ids, of_each, strict=True)
    return {"flowId": flow.id, "datasets": [{"id": name, "run": run.id} for name, run in pairs]}


def _destinations(body: object) -> list[Any]:
    info = body.get("activationInfo") if isinstance(body, dict) and set(body) == {"activationInfo"} else None
    found = info.get("destinations") if isinstance(info, dict) and set(info) == {"destinations"} else None
    if not isinstance(found, list) or not found:
        raise PlainError(
            'Invalid parameter: the body must be {"activationInfo": {"destinations": [{"flowId": ..., '
            '"datasets": [{"id": ...}]}]}}.'
        )
    return found


def _order(context: Context, asked: object) -> Order:
    if not isinstance(asked, dict) or set(asked) != {"flowId", "datasets"}:
        raise PlainError("Invalid parameter: each destination has exactly flowId and datasets.")
    flow_id, datasets = asked["flowId"], asked["datasets"]
    if not isinstance(flow_id, str) or not isinstance(datasets, list) or not datasets:
        raise PlainError("Invalid parameter: flowId is text, datasets an array of one or more.")
    if not all(isinstance(each, dict) and set(each) == {"id"} for each in datasets):
        raise PlainError("Invalid parameter: each dataset has exactly its id.")
    names = [each["id"] for each in datasets]
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise PlainError("Invalid parameter: the ids of the datasets are texts, each once.")
    flow = entities.find_or_none(context, flows.COLLECTION, flow_id)
    if flow is None or flow.state == entities.DELETING:
        raise PlainError("Invalid parameter: a flow of activationInfo.destinations does not exist.")
    return flow, names


def _require_runnable(context: Context, flow: Entity, dataset_ids: list[str]) -> None:
    if not context.behaviour.adhoc_allowed:
        raise PlainError(
            f"Invalid parameter: Flow for id {flow.id} is incorrect. Error is "
            f"[Adhoc run can not be executed for Flow spec={flow.doc['flowSpec']['id']}.]"
        )
    known = set(runs.datasets_of(context.tx, flow))
    foreign = [name for name in dataset_ids if name not in known]
    if foreign:
        raise PlainError(f"Invalid parameter: Datasets {', '.join(foreign)} are not part of this dataflow.")
    if context.now < flow.meta["createdAt"] + context.behaviour.adhoc_ready_seconds * 1000:
        raise PlainError(_NOT_READY)
    if transitions.final_state(flow) != "enabled":
        raise PlainError(f"Invalid parameter: Flow for id {flow.id} is not enabled.")
    under_way = context.tx.entities.runs_in_progress(flow.id)
    if under_way:
        _refuse_concurrent_run(context, flow, dataset_ids, under_way[0])


def _refuse_concurrent_run(context: Context, flow: Entity, dataset_ids: list[str], run: Entity) -> None:
    """Raise the error for a flow with a run in progress; it counts as a read of that run."""
    transitions.observe(context, run)
    raise PlainError(
        f"Invalid parameter: Run already going on for dataset {', '.join(dataset_ids)}"
        f" for order {flow.id} with run id {run.id}"
    )
