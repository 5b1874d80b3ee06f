"""Runs on request, from Adobe's ad-hoc endpoint."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from provider_shim.client.errors import (
    FlowServiceError,
    Invalid,
    InvalidResponse,
    InvalidSettings,
    NotReady,
    PermissionDenied,
    ResponseLost,
    RunInProgress,
)

FLOW = "44444444-4444-4444-8444-444444444444"
NOT_READY = (
    "Invalid parameter: Following order ID(s) are not ready for dataset export, please wait for 10 minutes "
    "and retry."
)


def run_now(server: Any, *responses: Any, **settings: Any) -> dict[str, str]:
    """Request runs of two datasets, and return their ids."""
    server.responses.extend(responses)
    return asyncio.run(server.client(**settings).run_now(FLOW, ["a", "b"]))


def runs_response(*datasets: dict[str, Any], **more: Any) -> httpx.Response:
    """A response of the ad-hoc endpoint."""
    return httpx.Response(200, json={"destinations": [{"flowId": FLOW, "datasets": [*datasets]} | more]})


def test_a_run(server: Any) -> None:
    """The body is the documented one, and each run's id is the last segment of its URL."""
    address = "https://platform.adobe.io/data/foundation/flowservice/runs/"

    found = run_now(
        server,
        runs_response({"id": "a", "statusURL": f"{address}1"}, {"id": "b", "statusURL": f"{address}2/?x=3"}),
    )

    assert found == {"a": "1", "b": "2"}
    assert server.requests[0].url.path == "/data/core/activation/disflowprovider/adhocrun"
    assert server.body() == {
        "activationInfo": {"destinations": [{"flowId": FLOW, "datasets": [{"id": "a"}, {"id": "b"}]}]}
    }


def test_a_separate_endpoint(server: Any) -> None:
    """Runs on request can have their own endpoint; an invalid URL is an error."""
    response = runs_response({"id": "a", "statusURL": "https://x/runs/1"})

    assert run_now(server, response, adhoc_endpoint="https://adhoc.example.org/") == {"a": "1"}
    assert server.requests[0].url.host == "adhoc.example.org"
    with pytest.raises(InvalidSettings, match="adhoc_endpoint"):
        run_now(server, adhoc_endpoint="adhoc")


@pytest.mark.parametrize(
    ("response", "error_class"),
    [
        (httpx.Response(400, json={"message": NOT_READY}), NotReady),
        (httpx.Response(400, text=NOT_READY), NotReady),
        (httpx.Response(409, json={"errorMessage": "Run already going on for dataset a"}), RunInProgress),
        (httpx.Response(400, json={"message": "A run is already in progress"}), RunInProgress),
        (httpx.Response(400, json={"message": "Adhoc run can not be executed for Flow spec=x"}), Invalid),
        (httpx.Response(403, json={"error_code": "403025"}), FlowServiceError),
        (httpx.Response(403, json={"message": "no"}), PermissionDenied),
        (httpx.Response(400, json={"message": "other"}), Invalid),
        (httpx.Response(504), ResponseLost),
        (httpx.ReadTimeout("slow"), ResponseLost),
        (httpx.Response(200, json={"destinations": []}), InvalidResponse),
        (runs_response({"id": "a", "statusURL": None}), InvalidResponse),
        (runs_response({"id": "a", "statusURL": "https://x/runs/1"}, flowId="another"), InvalidResponse),
    ],
)
def test_rejected_runs(server: Any, response: Any, error_class: type[FlowServiceError]) -> None:
    """An error is classified by its message, and nothing is sent twice."""
    with pytest.raises(error_class):
        run_now(server, response)

    assert len(server.requests) == 1
    assert server.sleeps == []


def test_throttling_is_retried(server: Any) -> None:
    """A throttled request started nothing, so it is sent again."""
    address = "https://platform.adobe.io/data/foundation/flowservice/runs/"

    assert run_now(server, httpx.Response(429), runs_response({"id": "a", "statusURL": f"{address}1"})) == {
        "a": "1"
    }
    assert len(server.requests) == 2
