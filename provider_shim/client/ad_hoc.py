"""Runs on request: the request to the ad-hoc endpoint and its responses.

No OpenAPI document has this operation for datasets. The request is the one of Adobe's Python SDK `aepp`
(0.6.0) and of the Data Distiller pages. The responses have the form that `aepp` reads, and the error messages
are those that it and the notebooks of aep-cloud-ml-ecosystem look for. The message about a run in progress is
from Adobe's page on activating audiences ad hoc.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from provider_shim.client import responses
from provider_shim.client.errors import FlowServiceError, Invalid, NotReady, RunInProgress
from provider_shim.client.http.http_session import RequestSpec, Response
from provider_shim.client.settings import ClientSettings

AD_HOC_PATH = "/data/core/activation/disflowprovider"
AD_HOC_ACCEPT = "application/vnd.adobe.adhoc.dataset.activation+json; version=1"

_NOT_READY = re.compile(r"not ready for dataset export|wait for \d+ minutes", re.IGNORECASE)
_IN_PROGRESS = re.compile(r"already (?:going on|in progress|running)|run (?:is )?in progress", re.IGNORECASE)
_NOT_ALLOWED = re.compile(r"can ?not be executed for flow ?spec", re.IGNORECASE)


def run_request(settings: ClientSettings, flow_id: str, dataset_ids: Sequence[str]) -> RequestSpec:
    """Build the request that starts a run of these datasets."""
    datasets = [{"id": each} for each in dataset_ids]
    body = {"activationInfo": {"destinations": [{"flowId": flow_id, "datasets": datasets}]}}
    return RequestSpec(
        base=(settings.adhoc_endpoint or settings.endpoint).rstrip("/") + AD_HOC_PATH,
        method="POST",
        path="/adhocrun",
        content=json.dumps(body, separators=(",", ":")).encode(),
        headers={"Accept": AD_HOC_ACCEPT, "Content-Type": "application/json"},
        idempotent=False,
    )


def classify(error: FlowServiceError) -> FlowServiceError:
    """Convert an error to the class that fits its message, because Adobe documents no codes."""
    message = error.message
    error_class: type[FlowServiceError]
    if _NOT_READY.search(message):
        error_class = NotReady
    elif _IN_PROGRESS.search(message):
        error_class = RunInProgress
    elif _NOT_ALLOWED.search(message):
        error_class = Invalid
        message += " Adobe has to allow this organisation to run dataset exports on request: ask its support."
    else:
        return error
    return error_class(
        message,
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        method=error.method,
        path=error.path,
    )


def run_ids(request: RequestSpec, response: Response, flow_id: str) -> dict[str, str]:
    """Read the ids of the started runs, by dataset id. A run's id is the last segment of its `statusURL`.

    Raises `InvalidResponse` if the response contains no run.
    """
    body = responses.json_object(request, response)
    found: dict[str, str] = {}
    for destination in _objects(body.get("destinations")):
        if destination.get("flowId") not in (None, flow_id):
            continue
        for dataset in _objects(destination.get("datasets")):
            run_id = str(dataset.get("statusURL") or "").partition("?")[0].rstrip("/").rpartition("/")[2]
            if isinstance(dataset.get("id"), str) and run_id:
                found[dataset["id"]] = run_id
    if not found:
        raise responses.invalid_response(request, response, "The response contains no run.")
    return found


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
