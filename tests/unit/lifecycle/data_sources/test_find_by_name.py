"""Data sources that look up one object by its name, or list all of a kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import ReadDataSourceResponse
from provider_shim.resources import CATALOGUE
from provider_shim.schema.paths import path
from tests.unit.lifecycle.fake_terraform import error_response, run_on_emulator, run_with_responses
from tests.unit.lifecycle.session.test_request_counts import create_export
from tests.unit.samples import filled


async def look_up(provider: AepProvider, type_name: str, **given: Any) -> ReadDataSourceResponse:
    """Read a data source with this configuration."""
    return await provider.read_data_source(
        type_name, filled(CATALOGUE.data_sources[type_name].attributes, given)
    )


def test_one_dataset(tmp_path: Path) -> None:
    """A dataset is found by its name; the error for an unknown name has similar names."""

    async def steps(provider: AepProvider) -> None:
        found = (await look_up(provider, "aep_dataset", name="Orders")).state
        assert found["id"] == "64b7e8acdd522e6190ac9567"
        assert found["format"] == "parquet"

        (problem,) = (await look_up(provider, "aep_dataset", name="Order")).diagnostics
        assert problem.path == path("name")
        assert "'Orders'" in problem.detail

    run_on_emulator(tmp_path, steps)


def test_several_datasets_of_a_name() -> None:
    """A name of several datasets is an error with their ids."""
    items = [{"id": letter * 24, "name": "Orders"} for letter in "ab"]

    async def steps(provider: AepProvider) -> None:
        (problem,) = (await look_up(provider, "aep_dataset", name="Orders")).diagnostics
        assert "a" * 24 in problem.detail
        assert "b" * 24 in problem.detail

    run_with_responses(
        lambda _: httpx.Response(200, json={"items": items, "pageInfo": {"hasNext": False}}), steps
    )


def test_flows(tmp_path: Path) -> None:
    """All export flows are listed with their attributes, and filters select among them."""

    async def steps(provider: AepProvider) -> None:
        first = {type_name: state for type_name, state, _ in await create_export(provider, 1)}
        await create_export(provider, 2)
        flow = first["aep_flow"]

        flows = (await look_up(provider, "aep_flows")).state["flows"]
        assert [each["name"] for each in flows] == ["flow 1", "flow 2"]
        assert flows[0]["id"] == flow["id"]
        assert flows[0]["schedule"] == flow["schedule"]
        assert flows[0]["source_connection_id"] == first["aep_source_connection"]["id"]
        assert flows[0]["target_connection_id"] == first["aep_target_connection"]["id"]
        assert flows[0]["last_run"] is None
        assert flows[0]["enabled"] is True

        async def names(**given: str) -> list[str]:
            found = (await look_up(provider, "aep_flows", **given)).state["flows"]
            return [each["name"] for each in found]

        assert await names(name="flow 2") == ["flow 2"]
        assert await names(destination="amazon_s3") == []
        assert await names(state="ENABLED") == ["flow 1", "flow 2"]

        assert (await look_up(provider, "aep_flow", id=flow["id"])).state == flows[0]
        assert (await look_up(provider, "aep_flow", name="flow 1")).state == flows[0]
        (problem,) = (await look_up(provider, "aep_flow", name="flow 3")).diagnostics
        assert problem.path == path("name")

    run_on_emulator(tmp_path, steps)


def test_a_flow_of_another_kind() -> None:
    """A flow that exports no datasets is read without the values that it does not have."""
    body = {
        "id": "f",
        "name": "profiles",
        "flowSpec": {"id": "another"},
        "state": "disabled",
        "scheduleParams": {"interval": "15", "frequency": "minute", "startTime": "soon"},
        "lastRunDetails": {"id": "r", "state": "success", "startedAtUTC": 1700000000000},
    }

    async def steps(provider: AepProvider) -> None:
        state = (await look_up(provider, "aep_flow", id="11111111-0000-4000-8000-000000000001")).state
        assert state["destination"] is None
        assert state["enabled"] is False
        assert state["schedule"]["interval"] == 15
        assert state["schedule"]["start_time"] is None
        assert state["last_run"] == {
            "id": "r",
            "status": "success",
            "started_at": "2023-11-14T22:13:20Z",
            "completed_at": None,
        }

    run_with_responses(lambda _: httpx.Response(200, json={"items": [body]}), steps)


def test_base_connections(tmp_path: Path) -> None:
    """Base connections are listed by destination and name, without their credentials."""

    async def steps(provider: AepProvider) -> None:
        await create_export(provider, 1)
        found = (await look_up(provider, "aep_base_connections")).state["base_connections"]
        assert [(each["name"], each["destination"]) for each in found] == [("base 1", "data_landing_zone")]
        assert found[0]["authentication_method"] is None

        none = await look_up(provider, "aep_base_connections", destination="sftp")
        assert none.state["base_connections"] == []

    run_on_emulator(tmp_path, steps)


def test_sandboxes(tmp_path: Path) -> None:
    """The sandbox of the configuration is read, or that of the given name; a missing one is an error."""

    async def steps(provider: AepProvider) -> None:
        assert (await look_up(provider, "aep_sandbox")).state["name"] == "prod"
        assert (await look_up(provider, "aep_sandbox", name="dev")).state["name"] == "dev"
        assert (await look_up(provider, "aep_sandbox", name="nowhere")).diagnostics

    run_on_emulator(tmp_path, steps)


def test_rejections() -> None:
    """A rejected request is an error."""

    async def steps(provider: AepProvider) -> None:
        (problem,) = (await look_up(provider, "aep_sandbox")).diagnostics
        assert problem.summary == "Missing permission"

    run_with_responses(lambda _: error_response(403, "FLOW-2120-403"), steps)
