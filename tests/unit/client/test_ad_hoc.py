"""What the client asks of Adobe's services beside Flow Service."""

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
    MissingCredentials,
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


def test_a_token_with_its_end(stage: Any) -> None:
    """The token is handed out with its end, the same one as long as it is good."""
    service = stage.service()
    stage.token_script.append(
        httpx.Response(200, json={"access_token": "token-a", "token_type": "bearer", "expires_in": 86399})
    )

    async def twice() -> Any:
        return await service.access_token(), await service.access_token()

    first, second = asyncio.run(twice())

    assert first == second == ("token-a", 1_800_000_000.0 + 86399)
    assert len(stage.token_requests) == 1
    assert stage.requests == []


@pytest.mark.parametrize("lifetime", [{}, {"expires_in": None}])
def test_a_token_without_an_end(stage: Any, lifetime: dict[str, Any]) -> None:
    """Where the server does not say when it ends, that is not known."""
    stage.token_script.append(httpx.Response(200, json={"access_token": "token-a"} | lifetime))

    assert asyncio.run(stage.service().access_token()) == ("token-a", None)


def test_a_given_token(stage: Any) -> None:
    """A token that was made elsewhere is handed on."""
    service = stage.service(access_token="given", client_secret=None)

    assert asyncio.run(service.access_token()) == ("given", None)
    assert stage.token_requests == []


def test_no_token_without_credentials(stage: Any) -> None:
    """Missing settings are named before anything is sent."""
    with pytest.raises(MissingCredentials):
        asyncio.run(stage.service(client_secret=None).access_token())


def test_the_landing_zone(stage: Any) -> None:
    """The answer is given as it is; its secrets are taken out of later messages, its names are not."""
    body = {
        "credentials": {"awsSecretAccessKey": "zone-secret-key", "awsSessionToken": "zone-session"},
        "dlzPath": {"bucketName": "dlz-bucket"},
        "dlzProvider": "Amazon S3",
    }
    stage.script.append(httpx.Response(200, json=body))
    service = stage.service()

    assert asyncio.run(service.landing_zone_credentials()) == body
    (request,) = stage.requests
    assert request.method == "GET"
    assert request.url.path == "/data/foundation/connectors/landingzone/credentials"
    assert dict(request.url.params) == {"type": "dlz_destination"}
    said = service.scrub("zone-secret-key zone-session dlz-bucket Amazon S3")
    assert said == "*** *** dlz-bucket Amazon S3"


def ran(stage: Any, *answers: Any, **settings: Any) -> dict[str, str]:
    """The runs that come of a request for two datasets."""
    stage.script.extend(answers)
    return asyncio.run(stage.service(**settings).run_now(FLOW, ["a", "b"]))


def runs(*datasets: dict[str, Any], **more: Any) -> httpx.Response:
    """The answer of the ad-hoc endpoint."""
    return httpx.Response(200, json={"destinations": [{"flowId": FLOW, "datasets": [*datasets]} | more]})


def test_a_run(stage: Any) -> None:
    """The body is the documented one, and each run's id is the last part of its address."""
    address = "https://platform.adobe.io/data/foundation/flowservice/runs/"

    found = ran(
        stage, runs({"id": "a", "statusURL": f"{address}1"}, {"id": "b", "statusURL": f"{address}2/?x=3"})
    )

    assert found == {"a": "1", "b": "2"}
    assert stage.requests[0].url.path == "/data/core/activation/disflowprovider/adhocrun"
    assert stage.body() == {
        "activationInfo": {"destinations": [{"flowId": FLOW, "datasets": [{"id": "a"}, {"id": "b"}]}]}
    }


def test_a_server_of_its_own(stage: Any) -> None:
    """Runs on request can be asked for elsewhere; an address that can't be used is named."""
    answer = runs({"id": "a", "statusURL": "https://x/runs/1"})

    assert ran(stage, answer, adhoc_endpoint="https://adhoc.example.org/") == {"a": "1"}
    assert stage.requests[0].url.host == "adhoc.example.org"
    with pytest.raises(InvalidSettings, match="adhoc_endpoint"):
        ran(stage, adhoc_endpoint="adhoc")


@pytest.mark.parametrize(
    ("answer", "kind"),
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
        (runs({"id": "a", "statusURL": None}), InvalidResponse),
        (runs({"id": "a", "statusURL": "https://x/runs/1"}, flowId="another"), InvalidResponse),
    ],
)
def test_refused_runs(stage: Any, answer: Any, kind: type[FlowServiceError]) -> None:
    """A refusal is told by its text, whatever its status, and nothing is sent twice."""
    with pytest.raises(kind):
        ran(stage, answer)

    assert len(stage.requests) == 1
    assert stage.sleeps == []


def test_throttling_is_retried(stage: Any) -> None:
    """A throttled request started nothing, so it is sent again."""
    address = "https://platform.adobe.io/data/foundation/flowservice/runs/"

    assert ran(stage, httpx.Response(429), runs({"id": "a", "statusURL": f"{address}1"})) == {"a": "1"}
    assert len(stage.requests) == 2
