"""RPCs for actions, as Terraform 1.14 and later call them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from tests.contract.plugin_client import UNKNOWN, packed
from tests.contract.provider_client import errors, serve_provider, with_emulated_provider
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import entity_response, run_with_responses

ACTION = "aep_flow_run"
RUN = "77777777-7777-4777-8777-777777777777"
DATASET = "5ef3e3259ad2a1191ab7dd7d"
NOT_READY = "Following order ID(s) are not ready for dataset export, please wait for 10 minutes and retry."


def config(**given: Any) -> pb.DynamicValue:
    """The action's configuration."""
    start = dict.fromkeys(CATALOGUE.actions[ACTION].type.attributes)
    return packed(start | {"flow_id": samples.FLOW_ID, "dataset_ids": [DATASET]} | given)


def rejection(message: str) -> httpx.Response:
    """An error response in the form of the ad-hoc endpoint."""
    return httpx.Response(400, json={"message": message})


STARTED = httpx.Response(
    200,
    json={
        "destinations": [
            {
                "flowId": samples.FLOW_ID,
                "datasets": [{"id": DATASET, "statusURL": f"https://platform.adobe.io/x/runs/{RUN}"}],
            }
        ]
    },
)


def run_response(status: str) -> httpx.Response:
    """A run with this status."""
    return entity_response({"id": RUN, "metrics": {"statusSummary": {"status": status}}})


def invoke(*responses: httpx.Response, **given: Any) -> list[Any]:
    """Invoke the action with a service that returns these responses in turn. Returns the events."""
    events: list[Any] = []
    remaining = [*responses]

    async def invoke_action(provider: Any) -> None:
        request = pb.InvokeAction.Request(action_type=ACTION, config=config(**given))
        async with serve_provider(provider) as stub:
            events.extend(await stub.InvokeAction(request))

    run_with_responses(lambda _: remaining.pop(0), invoke_action, max_retries=0)
    assert remaining == []
    return events


def progress_messages(events: list[Any]) -> list[str]:
    """The progress messages, after asserting that exactly the last event is a completion."""
    assert [each.WhichOneof("type") for each in events] == ["progress"] * (len(events) - 1) + ["completed"]
    return [each.progress.message for each in events[:-1]]


def test_schema(tmp_path: Path) -> None:
    """The action is offered with its attributes."""
    response = with_emulated_provider(
        tmp_path, lambda stub: stub.GetProviderSchema(pb.GetProviderSchema.Request())
    )

    (name,) = response.action_schemas
    attributes = response.action_schemas[name].schema.block.attributes
    assert name == ACTION
    assert {each.name: each.required for each in attributes} == {
        "flow_id": True,
        "dataset_ids": False,
        "wait_for_completion": False,
        "timeout": False,
    }


def test_a_run() -> None:
    """Each step is reported, and the completion has no diagnostics."""
    events = invoke(
        rejection(NOT_READY),
        STARTED,
        run_response("Processing"),
        run_response("Success"),
        wait_for_completion=True,
    )

    messages = progress_messages(events)
    assert "too new" in messages[0]
    assert RUN in messages[1]
    assert messages[2].endswith("success.")
    assert errors(events[-1].completed) == []


def test_without_waiting() -> None:
    """The action ends as soon as the run was started."""
    events = invoke(STARTED)

    assert len(progress_messages(events)) == 1
    assert errors(events[-1].completed) == []


def test_a_failed_run() -> None:
    """A failed run is an error of the completion."""
    events = invoke(STARTED, run_response("failed"), wait_for_completion=True)

    assert "did not succeed" in errors(events[-1].completed)[0]


def test_the_time_is_up() -> None:
    """The action's timeout limits the wait. The error contains the last message of the service and states
    what is true of actions: nothing is in the state, and how the action is run again.
    """
    events: list[Any] = []

    async def invoke_action(provider: Any) -> None:
        request = pb.InvokeAction.Request(action_type=ACTION, config=config(timeout="50ms"))
        async with serve_provider(provider) as stub:
            events.extend(await stub.InvokeAction(request))

    run_with_responses(lambda _: rejection(NOT_READY), invoke_action)

    (text,) = errors(events[-1].completed)
    assert "Timeout" in text
    assert "not ready" in text
    assert "`timeout`" in text
    assert "An action leaves nothing in Terraform's state" in text
    assert "terraform apply -invoke=action.aep_flow_run.<name>" in text
    assert "state reached so far" not in text


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, []),
        ({"flow_id": UNKNOWN, "dataset_ids": UNKNOWN}, []),
        ({"flow_id": "orders"}, ["flow_id"]),
        ({"dataset_ids": [], "timeout": "soon"}, ["dataset_ids", "timeout"]),
    ],
)
def test_validation(tmp_path: Path, given: dict[str, Any], names: list[str]) -> None:
    """Validate and plan report errors on their attributes, and ignore unknown values."""

    async def rpcs(stub: Any) -> Any:
        validated = await stub.ValidateActionConfig(
            pb.ValidateActionConfig.Request(action_type=ACTION, config=config(**given))
        )
        planned = await stub.PlanAction(pb.PlanAction.Request(action_type=ACTION, config=config(**given)))
        return validated, planned

    for response in with_emulated_provider(tmp_path, rpcs):
        found_at = [each.attribute.steps[0].attribute_name for each in response.diagnostics]
        assert sorted(found_at) == names


def test_mistakes_that_became_known_late() -> None:
    """An invocation validates again before it sends a request."""
    (event,) = invoke(flow_id="orders")

    assert "flow_id" in errors(event.completed)[0]


def test_over_the_emulator(tmp_path: Path) -> None:
    """The emulator, which shares no code with the provider, rejects a flow that does not exist."""

    async def rpcs(stub: Any) -> Any:
        return list(await stub.InvokeAction(pb.InvokeAction.Request(action_type=ACTION, config=config())))

    (event,) = with_emulated_provider(tmp_path, rpcs)
    assert "does not exist" in errors(event.completed)[0]
