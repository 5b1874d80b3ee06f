"""Runs on request: what the answers of the ad-hoc endpoint mean.

No OpenAPI document has the call for datasets. The shapes are those that Adobe's Python SDK `aepp` (0.6.0)
reads, and the texts of the refusals those that it and the notebooks of aep-cloud-ml-ecosystem look for; a run
that is under way is told in the words of Adobe's page on activating audiences ad hoc.
"""

from __future__ import annotations

import re
from typing import Any

from provider_shim.client import responses
from provider_shim.client.errors import FlowServiceError, Invalid, NotReady, RunInProgress
from provider_shim.client.http.session import RequestSpec, Response

_NOT_READY = re.compile(r"not ready for dataset export|wait for \d+ minutes", re.IGNORECASE)
_IN_PROGRESS = re.compile(r"already (?:going on|in progress|running)|run (?:is )?in progress", re.IGNORECASE)
_NOT_ALLOWED = re.compile(r"can ?not be executed for flow ?spec", re.IGNORECASE)


def classify(error: FlowServiceError) -> FlowServiceError:
    """A refusal as what a caller can do about it. Only its text tells: Adobe documents no codes."""
    message = error.message
    kind: type[FlowServiceError]
    if _NOT_READY.search(message):
        kind = NotReady
    elif _IN_PROGRESS.search(message):
        kind = RunInProgress
    elif _NOT_ALLOWED.search(message):
        kind = Invalid
        message += " Adobe has to allow this organisation to run dataset exports on request: ask its support."
    else:
        return error
    return kind(
        message,
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        method=error.method,
        path=error.path,
    )


def runs(request: RequestSpec, response: Response, flow_id: str) -> dict[str, str]:
    """The ids of the runs by the ids of their datasets; a run's id ends its `statusURL`."""
    body = responses.json_object(request, response)
    found: dict[str, str] = {}
    for destination in _objects(body.get("destinations")):
        if destination.get("flowId") not in (None, flow_id):
            continue
        for dataset in _objects(destination.get("datasets")):
            run = str(dataset.get("statusURL") or "").partition("?")[0].rstrip("/").rpartition("/")[2]
            if isinstance(dataset.get("id"), str) and run:
                found[dataset["id"]] = run
    if not found:
        raise responses.invalid_response(request, response, "The answer names no run.")
    return found


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
