"""Reading of `aep_flow_runs`."""

from __future__ import annotations

from provider_shim.client.flow_service import Collection, FlowService
from provider_shim.lifecycle.state import json_values
from provider_shim.schema import json_mapping
from provider_shim.schema.values import Value

_DEFAULT_LIMIT = 100
_PAGE = 100

_STATUSES = {
    "waiting": "queued",
    "queued": "queued",
    "scheduled": "queued",
    "processing": "running",
    "inprogress": "running",
    "in_progress": "running",
    "success": "success",
    "completed": "success",
    "partialsuccess": "partial",
    "partial_success": "partial",
    "partial_failure": "partial",
    "failed": "failed",
}
"""The provider's status of a run by Adobe's, in lower case. Adobe's are from the OpenAPI files 'Flow Service
- Destinations' and '- Sources', from sort-and-filter.md, and from the samples of all three."""

_COUNTS = {
    "input_records": "recordSummary.inputRecordCount",
    "output_records": "recordSummary.outputRecordCount",
    "failed_records": "recordSummary.failedRecordCount",
    "output_bytes": "sizeSummary.outputBytes",
    "output_files": "fileSummary.outputFileCount",
}


async def read(service: FlowService, config: Value) -> Value:
    """Return the newest runs of a flow, at most `limit`."""
    limit = int(config["limit"] or _DEFAULT_LIMIT)
    entities = service.list(
        Collection.RUNS,
        filters=[f"flowId=={config['flow_id']}"],
        orderby="-createdAt",
        limit=min(limit, _PAGE),
    )
    runs: list[Value] = []
    async for run in entities:
        runs.append(to_state(run))
        if len(runs) == limit:
            break
    return config | {"runs": runs}


def status_of(status: object) -> str:
    """Return `queued`, `running`, `success`, `partial`, `failed` or `unknown` for Adobe's status."""
    return _STATUSES.get(str(status).lower(), "unknown")


def to_state(run: json_mapping.JsonObject) -> dict[str, Value]:
    """Return the state of one run."""
    metrics = run.get("metrics")
    status = json_mapping.get(metrics, "statusSummary.status")
    completed = json_mapping.get(metrics, "durationSummary.completedAtUTC")
    if completed is None:  # the name in the OpenAPI file's schema, but not in its example and the tutorial
        completed = json_mapping.get(metrics, "durationSummary.stoppedAtUTC")
    return {
        "id": json_values.text(run.get("id")),
        "status": status_of(status),
        "created_at": json_values.time(run.get("createdAt")),
        "started_at": json_values.time(json_mapping.get(metrics, "durationSummary.startedAtUTC")),
        "completed_at": json_values.time(completed),
        **{name: json_values.count(json_mapping.get(metrics, field)) for name, field in _COUNTS.items()},
        "errors": [
            {"code": json_values.text(each.get("code")), "message": json_values.text(each.get("message"))}
            for each in json_values.objects(json_mapping.get(metrics, "statusSummary.errors"))
        ],
    }
