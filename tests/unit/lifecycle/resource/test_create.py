"""The id of a created object is in the state, whatever fails after the create."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.schema.diagnostics import Severity, has_errors
from provider_shim.schema.values import Value
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    created_response,
    entity_response,
    error_response,
    request_json,
    run_with_responses,
)

S3 = "4fce964d-3f37-408f-9778-e597338a21ee"
TARGET = {"id": samples.TARGET_ID, "name": "t", "connectionSpec": {"id": S3}, "params": {}}
SOURCE = {"id": samples.SOURCE_ID, "name": "s", "params": {}}
ENTITY: dict[str, Any] = {
    "id": samples.FLOW_ID,
    "name": "flow",
    "state": "enabled",
    "flowSpec": {"id": "269ba276-16fc-47db-92b0-c1049a3c131f"},
    "sourceConnectionIds": [samples.SOURCE_ID],
    "targetConnectionIds": [samples.TARGET_ID],
    "scheduleParams": {
        "exportMode": "FIRST_FULL_THEN_INCREMENTAL",
        "timeUnit": "hour",
        "interval": 3,
        "startTime": 1953849600,
        "endTime": 1985472000,
    },
}


async def hang(_: httpx.Request) -> httpx.Response:
    """Never respond."""
    await asyncio.Event().wait()
    raise AssertionError


def flow_server(read: Callable[[httpx.Request], Any], action: Any = None) -> Callable[[httpx.Request], Any]:
    """Return a Flow Service whose responses to reads of a flow and to actions are given by the test."""

    def respond(request: httpx.Request) -> Any:
        if "/targetConnections/" in request.url.path:
            return entity_response(TARGET)
        if "/sourceConnections/" in request.url.path:
            return entity_response(SOURCE)
        if request.url.path.endswith("/action"):
            return action(request) if action else httpx.Response(200, json={"id": samples.FLOW_ID})
        if request.method == "POST":
            return created_response(samples.FLOW_ID)
        return read(request)

    return respond


def created(respond: Callable[[httpx.Request], Any], config: Value, *, stop: bool = False) -> Terraform:
    """Return a flow after its create."""
    results: list[Terraform] = []

    async def steps(provider: AepProvider) -> None:
        flow = Terraform(provider, "aep_flow")
        results.append(flow)
        if stop:
            asyncio.get_running_loop().call_later(0.02, lambda: asyncio.ensure_future(provider.stop()))
        await asyncio.wait_for(flow.send(config, await flow.plan(config)), 5)

    run_with_responses(respond, steps, max_retries=1, request_timeout=0.2)
    return results[0]


STRANGE = {
    "interval": ENTITY | {"scheduleParams": {"interval": "often"}},
    "end": ENTITY | {"scheduleParams": ENTITY["scheduleParams"] | {"endTime": 10**30}},
    "spec": ENTITY | {"flowSpec": {"id": ["x"]}},
    "name": ENTITY | {"name": {}},
    "sources": ENTITY | {"sourceConnectionIds": [1, 2]},
    "state": ENTITY | {"state": "enabled", "scheduleParams": []},
}


def _response(body: dict[str, Any], _: httpx.Request) -> httpx.Response:
    return entity_response(body)


READS: dict[str, Callable[[httpx.Request], Any]] = {
    "500": lambda _: error_response(500, "FLOW-1102-500"),
    "404": lambda _: error_response(404, "FLOW-1439-404"),
    "sandbox": lambda _: error_response(404, "FLOW-2100-404"),
    "no JSON": lambda _: httpx.Response(200, text="<html>"),
    "not found": lambda _: httpx.Response(200, json={"items": []}),
    "hangs": hang,
    **{name: partial(_response, body) for name, body in STRANGE.items()},
}


@pytest.mark.parametrize("name", READS)
def test_read_back_fails(name: str) -> None:
    """If the new flow can't be read back, its id is in the state, with a warning."""
    config = samples.flow_config(schedule=samples.SCHEDULE | {"end_time": None})
    flow = created(flow_server(READS[name]), config)

    assert flow.state["id"] == samples.FLOW_ID
    assert not has_errors(flow.diagnostics)
    assert name == "state" or flow.diagnostics


def test_our_own_fault() -> None:
    """A bug in the provider after the create does not lose the id."""

    def broken(_: httpx.Request) -> httpx.Response:
        raise RuntimeError("example")

    flow = created(flow_server(broken), samples.flow_config())

    assert flow.state["id"] == samples.FLOW_ID
    assert [each.summary for each in flow.diagnostics] == ["Internal error in the provider (please report)"]


def test_stopped_while_waiting() -> None:
    """Ctrl-C during the wait for the new flow ends it soon, with the id."""
    config = samples.flow_config()
    flow = created(
        flow_server(lambda _: entity_response(ENTITY | {"state": "initializing"})), config, stop=True
    )

    assert flow.state["id"] == samples.FLOW_ID
    assert any("interrupted" in each.detail for each in flow.diagnostics)


def test_time_is_up() -> None:
    """The id is kept after a timeout."""
    config = samples.flow_config(timeouts={"create": "50ms"})
    flow = created(flow_server(lambda _: entity_response(ENTITY | {"state": "initializing"})), config)

    assert flow.state["id"] == samples.FLOW_ID
    assert any("`timeouts`" in each.detail for each in flow.diagnostics)


@pytest.mark.parametrize(
    "action",
    [lambda _: error_response(400, "FLOW-1422-400"), lambda _: error_response(500, "FLOW-1102-500"), hang],
)
def test_disabling_fails(action: Any) -> None:
    """If a new flow can't be disabled, it is kept: a warning, not an error, which would taint the flow.

    The state has the planned value, which Terraform requires; the next refresh reads the actual one.
    """
    flow = created(
        flow_server(lambda _: entity_response(ENTITY), action),
        samples.flow_config(enabled=False, timeouts={"create": "1s"}),
    )

    assert flow.state["id"] == samples.FLOW_ID
    assert flow.state["enabled"] is False
    assert [each.severity for each in flow.diagnostics] == [Severity.WARNING]
    assert "disables it in place" in flow.diagnostics[-1].detail


@pytest.mark.parametrize("had_effect", [True, False])
@pytest.mark.parametrize("status", [500, 503, 504, None])
def test_a_lost_action_is_read_and_repeated_if_needed(had_effect: bool, status: int | None) -> None:
    """After a failure that may have come after its effect, the flow is read; only what is undone is sent
    again, because Flow Service rejects an action that does not fit the flow's state.
    """
    state = {"state": "enabled"}
    actions: list[str] = []

    def action(request: httpx.Request) -> httpx.Response:
        actions.append(request.url.params["op"])
        if len(actions) == 1:
            if had_effect:
                state["state"] = "disabled"
            if status is None:
                raise httpx.ReadError("reset")
            return error_response(status, "FLOW-1102-500")
        assert state["state"] == "enabled", "a second action does not fit the state"
        state["state"] = "disabled"
        return httpx.Response(200, json={"id": samples.FLOW_ID})

    flow = created(
        flow_server(lambda _: entity_response(ENTITY | state), action), samples.flow_config(enabled=False)
    )

    assert flow.diagnostics == []
    assert flow.state["enabled"] is False
    assert state["state"] == "disabled"
    assert len(actions) == (1 if had_effect else 2)


@pytest.mark.parametrize(
    ("respond", "words"),
    [
        (hang, '"orders" may have been created'),
        (lambda _: httpx.Response(200, text="<html>"), '"orders" may have been created'),
        (lambda _: error_response(403, "403025"), ""),
        (lambda _: error_response(404, "FLOW-2100-404"), "sandbox"),
        (lambda _: error_response(400, "FLOW-1413-400"), ""),
    ],
)
def test_create_fails(respond: Any, words: str) -> None:
    """A create without an id leaves no state; if its outcome is unknown, the error states that."""
    diagnostics: list[Any] = []

    async def steps(provider: AepProvider) -> None:
        source = Terraform(provider, "aep_source_connection")
        config = samples.source_config()
        response = await source.send(config, await source.plan(config))
        assert response.new_state is None
        diagnostics.extend(response.diagnostics)

    posts = [
        each for each in run_with_responses(respond, steps, request_timeout=0.1) if each.method == "POST"
    ]

    assert [each.severity for each in diagnostics] == [Severity.ERROR]
    assert words in diagnostics[0].detail
    assert len(posts) == 1


def test_connection_costs_one_request() -> None:
    """A connection is created by one POST, without a read of the new object."""

    async def steps(provider: AepProvider) -> None:
        base = Terraform(provider, "aep_base_connection")
        await base.apply(samples.base_config("data_landing_zone"))
        assert base.state["id"] == samples.BASE_ID

    requests = run_with_responses(lambda _: created_response(samples.BASE_ID), steps)
    paths = [each.url.path.rpartition("/")[2] for each in requests]

    assert paths in (["connections"], ["connections", "connections"])  # at most one list before the first one
    assert request_json(requests[-1]) == {
        "name": "account",
        "connectionSpec": {"id": "10440537-2a7b-4583-ac39-ed38d4b848e8", "version": "1.0"},
    }


def test_flow_without_its_target() -> None:
    """A flow with a missing target connection is an error on that attribute, and is not created."""
    diagnostics: list[str] = []

    async def steps(provider: AepProvider) -> None:
        flow = Terraform(provider, "aep_flow")
        config = samples.flow_config()
        response = await flow.send(config, await flow.plan(config))
        diagnostics.extend(str(each.path) for each in response.diagnostics)

    requests = run_with_responses(lambda _: error_response(404, "FLOW-1439-404"), steps)

    assert diagnostics == ["target_connection_id"]
    assert {each.method for each in requests} == {"GET"}
