"""What only reads ends after ten minutes, and at once after Ctrl-C, whatever the server does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import ListRequest, ReadResourceRequest
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic
from tests.unit import samples, virtual_time
from tests.unit.lifecycle.fake_terraform import run_with_responses
from tests.unit.samples import filled

Read = Callable[[AepProvider], Awaitable[list[Diagnostic]]]


def data_source(type_name: str, **given: Any) -> Read:
    """Return a read of a data source."""

    async def read(provider: AepProvider) -> list[Diagnostic]:
        config = filled(CATALOGUE.data_sources[type_name].attributes, given)
        return (await provider.read_data_source(type_name, config)).diagnostics

    return read


async def list_flows(provider: AepProvider) -> list[Diagnostic]:
    """List the flows that can be imported."""
    config = filled(CATALOGUE.list_resources["aep_flow"].attributes, {})
    request = ListRequest(type_name="aep_flow", config=config, include_resource_object=False, limit=0)
    return [problem async for listed in provider.list_resource(request) for problem in listed.diagnostics]


async def open_landing_zone(provider: AepProvider) -> list[Diagnostic]:
    """Open the ephemeral resource that sends a request."""
    name = "aep_data_landing_zone_credentials"
    config = filled(CATALOGUE.ephemeral_resources[name].attributes, {})
    return (await provider.open_ephemeral_resource(name, config)).diagnostics


async def refresh(provider: AepProvider) -> list[Diagnostic]:
    """Read a managed resource."""
    request = ReadResourceRequest(
        type_name="aep_flow", current_state=samples.flow_config(id=samples.FLOW_ID), private=b""
    )
    return (await provider.read_resource(request)).diagnostics


async def import_flow(provider: AepProvider) -> list[Diagnostic]:
    """Import a flow."""
    return (await provider.import_resource_state("aep_flow", samples.FLOW_ID)).diagnostics


READS = {
    "aep_flows": data_source("aep_flows"),
    "aep_flow": data_source("aep_flow", name="orders"),
    "aep_base_connections": data_source("aep_base_connections"),
    "aep_flow_runs": data_source("aep_flow_runs", flow_id=samples.FLOW_ID, limit=1000),
    "aep_datasets": data_source("aep_datasets"),
    "aep_connection_spec": data_source("aep_connection_spec", destination="sftp"),
    "aep_sandbox": data_source("aep_sandbox"),
    "list": list_flows,
    "ephemeral": open_landing_zone,
    "refresh": refresh,
    "import": import_flow,
}


@pytest.mark.parametrize("name", READS)
def test_a_read_ends_after_ten_minutes(name: str) -> None:
    """Each request of this server is just quick enough, and there is always a next one."""
    found: list[Diagnostic] = []
    times: list[float] = []
    numbers = iter(range(10**9))

    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(25)
        number = next(numbers)
        if request.url.path.endswith(("/connectionSpecs", "/configs", "flows", "connections", "runs")):
            body = {
                "items": [{"id": f"x{number}", "name": "x", "state": "enabled"}],
                "_links": {"next": {"href": f"?continuationToken={number}"}},
                "pageInfo": {"hasNext": True},
            }
            return httpx.Response(200, json=body)
        return httpx.Response(503)

    async def steps(provider: AepProvider) -> None:
        found.extend(await READS[name](provider))
        times.append(asyncio.get_running_loop().time())

    run_with_responses(slow, steps, lists=slow, max_retries=100, runner=virtual_time.run)
    (problem,) = [each for each in found if each.summary != "An object was left out"]
    assert problem.summary == "Timeout"
    assert "it took longer than 10 minutes. Nothing was changed." in problem.detail
    assert times == [600.0]


@pytest.mark.parametrize("name", READS)
def test_a_read_ends_at_once_after_ctrl_c(name: str) -> None:
    """A request that hangs doesn't keep Terraform from ending."""
    found: list[Diagnostic] = []
    times: list[float] = []

    async def silent(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(50)
        raise AssertionError("not cancelled")

    async def steps(provider: AepProvider) -> None:
        reading = asyncio.ensure_future(READS[name](provider))
        await asyncio.sleep(5)
        await provider.stop()
        found.extend(await reading)
        times.append(asyncio.get_running_loop().time())

    run_with_responses(silent, steps, lists=silent, runner=virtual_time.run)
    (problem,) = found
    assert problem.summary == "Interrupted"
    assert times == [5.0]
