"""Runs of a flow on request by `aep_flow_run_trigger`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    ApplyResourceChangeResponse,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
    ReadResourceRequest,
)
from provider_shim.lifecycle.self_check import rules
from provider_shim.schema.values import UNKNOWN
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    entity_response,
    error_response,
    not_found_response,
    request_json,
    run_with_responses,
)
from tests.unit.lifecycle.terraform_rules import check_apply, check_plan

TRIGGER = "aep_flow_run_trigger"
RUN = "77777777-7777-4777-8777-777777777777"
OTHER_RUN = "88888888-8888-4888-8888-888888888888"
ORDERS, CUSTOMERS = "5ef3e3259ad2a1191ab7dd7d", "5ef3e3259ad2a1191ab7dd7e"
AD_HOC = "/data/core/activation/disflowprovider/adhocrun"
NOT_READY = "Following order ID(s) are not ready for dataset export, please wait for 10 minutes and retry."
UNDER_WAY = "Invalid parameter: Run already going on for dataset d for order o with run id r"


def config(**given: Any) -> Any:
    """A trigger's configuration."""
    return samples.resource_config(TRIGGER, **({"flow_id": samples.FLOW_ID} | given))


def rejection(message: str, status: int = 400) -> httpx.Response:
    """Return an error response in the format of the ad-hoc endpoint."""
    return httpx.Response(status, json={"message": message})


def started(**runs: str) -> httpx.Response:
    """Return the response of the ad-hoc endpoint, with the ids of the runs by those of the datasets."""
    datasets = [
        {"id": dataset, "statusURL": f"https://platform.adobe.io/data/foundation/flowservice/runs/{run}"}
        for dataset, run in (runs or {ORDERS: RUN}).items()
    ]
    body = {"destinations": [{"flowId": samples.FLOW_ID, "datasets": datasets}]}
    return httpx.Response(200, json=body)


class Service:
    """Flow Service with one flow of two datasets, and responses to ad-hoc requests and reads of runs."""

    def __init__(self, *ad_hoc: httpx.Response, runs: tuple[Any, ...] = ()) -> None:
        self.ad_hoc = [*ad_hoc]
        self.runs = [*runs]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return the next response."""
        path = request.url.path
        if path == AD_HOC:
            return self.ad_hoc.pop(0)
        if "/runs/" in path:
            respond = self.runs.pop(0)
            return respond if isinstance(respond, httpx.Response) else run(path.rpartition("/")[2], respond)
        if "/flows/" in path:
            return entity_response({"id": samples.FLOW_ID, "sourceConnectionIds": [samples.SOURCE_ID]})
        datasets = [{"dataSetId": CUSTOMERS, "name": "C"}, {"dataSetId": ORDERS, "name": "O"}]
        return entity_response({"id": samples.SOURCE_ID, "params": {"datasets": datasets}})


def run(identifier: str, status: str | None, *errors: dict[str, str]) -> httpx.Response:
    """Return a run with this status."""
    summary = {"status": status, "errors": [*errors]}
    return entity_response({"id": identifier, "metrics": {"statusSummary": summary} if status else {}})


async def plan(provider: AepProvider, given: Any, prior: Any = None) -> PlanResourceChangeResponse:
    """Plan, and check the plan by both implementations of Terraform's rules."""
    request = PlanResourceChangeRequest(
        type_name=TRIGGER, prior_state=prior, proposed_new_state=given, config=given
    )
    response = await provider.plan_resource_change(request)
    resource = provider.catalogue.resources[TRIGGER]
    assert rules.of_plan(resource, request, response) == []
    if given is not None:
        check_plan(resource.attributes, prior, given, response.planned_state)
    return response


async def apply(provider: AepProvider, given: Any, prior: Any = None) -> ApplyResourceChangeResponse:
    """Plan and apply."""
    planned = (await plan(provider, given, prior)).planned_state
    request = ApplyResourceChangeRequest(
        type_name=TRIGGER, prior_state=prior, planned_state=planned, config=given
    )
    response = await provider.apply_resource_change(request)
    assert rules.of_apply(provider.catalogue.resources[TRIGGER], request, response) == []
    if not response.diagnostics:
        check_apply(planned, response.new_state)
    return response


def created_response(
    service: Callable[[httpx.Request], Any], **given: Any
) -> tuple[ApplyResourceChangeResponse, list[httpx.Request]]:
    """Return the response to a create, and the requests."""
    responses = []

    async def steps(provider: AepProvider) -> None:
        responses.append(await apply(provider, config(**given)))

    requests = run_with_responses(service, steps, max_retries=0)
    return responses[0], requests


def test_the_request() -> None:
    """A create sends one request with the documented body, and the run's id is in the state."""
    respond, requests = created_response(Service(started()), dataset_ids=[ORDERS])

    assert respond.diagnostics == []
    assert respond.new_state["id"] == RUN
    assert respond.new_state["run_ids"] == [RUN]
    assert respond.new_state["wait_for_completion"] is False
    (request,) = requests
    assert (request.method, str(request.url)) == ("POST", f"https://platform.adobe.io{AD_HOC}")
    assert request.headers["accept"] == "application/vnd.adobe.adhoc.dataset.activation+json; version=1"
    assert request.headers["content-type"] == "application/json"
    assert request_json(request) == {
        "activationInfo": {"destinations": [{"flowId": samples.FLOW_ID, "datasets": [{"id": ORDERS}]}]}
    }


def test_all_datasets_of_the_flow() -> None:
    """Without `dataset_ids`, all datasets of the flow are exported, and runs are in their order."""
    service = Service(started(**{CUSTOMERS: OTHER_RUN, ORDERS: RUN}))

    respond, requests = created_response(service)

    assert respond.new_state["run_ids"] == [RUN, OTHER_RUN]
    assert respond.new_state["dataset_ids"] is None
    datasets = request_json(requests[-1])["activationInfo"]["destinations"][0]["datasets"]
    assert datasets == [{"id": ORDERS}, {"id": CUSTOMERS}]


def test_datasets_that_share_a_run() -> None:
    """A run of several datasets is in the state once."""
    respond, _ = created_response(Service(started(**{CUSTOMERS: RUN, ORDERS: RUN})))

    assert respond.new_state["run_ids"] == [RUN]


@pytest.mark.parametrize("words", [NOT_READY, UNDER_WAY])
def test_what_passes_is_waited_for(words: str) -> None:
    """A create waits while the flow is too new or has another run, and then runs it once."""
    service = Service(rejection(words), rejection(words), started())

    respond, requests = created_response(service, dataset_ids=[ORDERS])

    assert respond.diagnostics == []
    assert respond.new_state["run_ids"] == [RUN]
    assert len(requests) == 3


def test_the_time_is_up() -> None:
    """A flow that is not ready within the timeout is an error with the last rejection, without a state."""

    def service(_: httpx.Request) -> httpx.Response:
        return rejection(NOT_READY)

    respond, _ = created_response(service, dataset_ids=[ORDERS], timeouts={"create": "0.05s"})

    (problem,) = respond.diagnostics
    assert problem.summary == "Timeout"
    assert "not ready for dataset export" in problem.detail
    assert "`timeouts.create`" in problem.detail
    assert "No run was started. Nothing is in Terraform's state" in problem.detail
    assert respond.new_state is None


def test_a_damaged_plan_has_the_default_timeout() -> None:
    """A planned timeout that is no duration, which no plan of the provider has, doesn't stop the run."""
    given = config(dataset_ids=[ORDERS])
    planned = given | {"timeouts": {"create": "soon"}, "wait_for_completion": False}

    async def steps(provider: AepProvider) -> None:
        request = ApplyResourceChangeRequest(
            type_name=TRIGGER, prior_state=None, planned_state=planned, config=given
        )
        response = await provider.apply_resource_change(request)
        assert response.diagnostics == []
        assert response.new_state["run_ids"] == [RUN]

    run_with_responses(Service(started()), steps)


def test_the_time_is_up_during_the_request() -> None:
    """If the time is up before Flow Service has responded, the error states that the run may have started."""

    async def service(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    respond, requests = created_response(service, dataset_ids=[ORDERS], timeouts={"create": "0.05s"})

    (problem,) = respond.diagnostics
    assert (problem.summary, len(requests)) == ("Timeout", 1)
    assert "The run may have started nevertheless" in problem.detail
    assert "No run was started" not in problem.detail


def test_the_time_is_up_before_the_end_of_the_run() -> None:
    """If a run has not ended in time, the error states that it goes on and what the next apply does."""
    service = Service(started(), runs=("Processing",) * 100_000)

    respond, _ = created_response(
        service, dataset_ids=[ORDERS], wait_for_completion=True, timeouts={"create": "0.05s"}
    )

    (problem,) = respond.diagnostics
    assert "The run goes on in Flow Service." in problem.detail
    assert "terraform untaint" in problem.detail
    assert respond.new_state["run_ids"] == [RUN]


def test_ctrl_c_ends_the_waiting() -> None:
    """Ctrl-C ends the wait for a flow at once."""
    providers: list[AepProvider] = []
    responses = []

    async def service(_: httpx.Request) -> httpx.Response:
        await providers[0].stop()
        return rejection(NOT_READY)

    async def steps(provider: AepProvider) -> None:
        providers.append(provider)
        responses.append(await apply(provider, config(dataset_ids=[ORDERS])))

    requests = run_with_responses(service, steps)

    assert responses[0].diagnostics[0].summary == "Interrupted"
    assert responses[0].new_state is None
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("respond", "diagnostics"),
    [
        (rejection("Adhoc run can not be executed for Flow spec=x"), "has to allow this organisation"),
        (rejection("Datasets d are not part of this dataflow."), "not part of this dataflow"),
        (error_response(403, "FLOW-2118-403"), "permission"),
        (httpx.Response(200, json={"destinations": []}), "may have started"),
        (httpx.Response(200, text="ok"), "may have started"),
        (httpx.Response(504), "may have started"),
    ],
)
def test_final_rejections(respond: httpx.Response, diagnostics: str) -> None:
    """A rejection that waiting can't change is reported at once, and the request is not repeated."""
    response, requests = created_response(Service(respond), dataset_ids=[ORDERS])

    (problem,) = response.diagnostics
    assert diagnostics in problem.detail
    assert samples.FLOW_ID in problem.summary + problem.detail
    assert response.new_state is None
    assert len(requests) == 1


def test_a_flow_that_is_not_there() -> None:
    """A flow that does not exist is reported on `flow_id`."""
    response, _ = created_response(lambda _: not_found_response())

    assert [str(each.path) for each in response.diagnostics] == ["flow_id"]


@pytest.mark.parametrize(
    "body",
    [{}, {"sourceConnectionIds": []}, {"sourceConnectionIds": [samples.SOURCE_ID]}],
)
def test_a_flow_without_datasets(body: dict[str, Any]) -> None:
    """A flow whose datasets can't be determined is an error."""
    response, _ = created_response(lambda _: entity_response({"id": samples.SOURCE_ID} | body))

    (problem,) = response.diagnostics
    assert problem.summary == "Flow Service returned an unexpected response"


def test_waiting_for_the_end() -> None:
    """It waits until every run has ended, also for one that does not exist yet."""
    service = Service(started(), runs=(not_found_response(), None, "Processing", "Success"))

    respond, requests = created_response(service, dataset_ids=[ORDERS], wait_for_completion=True)

    assert respond.diagnostics == []
    assert respond.new_state["run_ids"] == [RUN]
    assert len(requests) == 5


def test_a_run_that_fails() -> None:
    """A failed run is an error with Adobe's reason, and its id stays in the state."""
    reason = {"code": "CONNECTOR-2001-500", "message": "no such bucket"}
    service = Service(started(), runs=(run(RUN, "failed", reason),))

    respond, _ = created_response(service, dataset_ids=[ORDERS], wait_for_completion=True)

    (problem,) = respond.diagnostics
    assert "CONNECTOR-2001-500: no such bucket" in problem.detail
    assert respond.new_state["run_ids"] == [RUN]


def test_an_end_that_can_not_be_read() -> None:
    """An error while waiting keeps the runs' ids, and states that the runs continue."""
    service = Service(started(), runs=(error_response(403, "FLOW-2118-403"),))

    respond, _ = created_response(service, dataset_ids=[ORDERS], wait_for_completion=True)

    (problem,) = respond.diagnostics
    assert RUN in problem.detail
    assert "still running" in problem.detail
    assert respond.new_state["run_ids"] == [RUN]


def test_later_operations() -> None:
    """Reads, updates and destroys send no requests; a changed trigger replaces the resource."""
    diagnostics: list[Any] = []

    async def steps(provider: AepProvider) -> None:
        state = (await apply(provider, config(dataset_ids=[ORDERS], triggers={"day": "1"}))).new_state
        read = await provider.read_resource(
            ReadResourceRequest(type_name=TRIGGER, current_state=state, private=b"{}")
        )
        assert (read.new_state, read.private, read.diagnostics) == (state, b"{}", [])

        same = await plan(provider, config(dataset_ids=[ORDERS], triggers={"day": "1"}), state)
        assert (same.planned_state, same.requires_replace) == (state, [])

        later = config(dataset_ids=[ORDERS], triggers={"day": "1"}, wait_for_completion=True)
        changed = await apply(provider, later, state)
        assert changed.new_state == state | {"wait_for_completion": True}

        changes = (
            config(dataset_ids=[ORDERS], triggers={"day": "2"}),
            config(dataset_ids=[CUSTOMERS], triggers={"day": "1"}),
            config(dataset_ids=[ORDERS], triggers=UNKNOWN),
            config(flow_id=UNKNOWN, dataset_ids=[ORDERS], triggers={"day": "1"}),
        )
        plans = [await plan(provider, given, state) for given in changes]
        diagnostics.extend([str(each) for each in planned.requires_replace] for planned in plans)

        assert (await apply(provider, None, state)).new_state is None
        imported = await provider.import_resource_state(TRIGGER, RUN)
        assert [each.summary for each in imported.diagnostics] == ["Nothing to import"]

    requests = run_with_responses(Service(started()), steps)

    assert diagnostics == [["triggers"], ["dataset_ids"], ["triggers"], ["flow_id"]]
    assert len(requests) == 1


def test_mistakes_are_found_before_anything_is_sent() -> None:
    """A malformed id, no dataset and a malformed time are reported on their attributes."""
    diagnostics: list[str] = []

    async def steps(provider: AepProvider) -> None:
        wrong = config(flow_id="orders", dataset_ids=[], timeouts={"create": "soon"})
        diagnostics.extend(str(each.path) for each in await provider.validate_resource_config(TRIGGER, wrong))

    assert run_with_responses(Service(), steps) == []
    assert sorted(diagnostics) == ["dataset_ids", "flow_id", "timeouts.create"]
