"""Reading of data sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.resources import CATALOGUE
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    entity_response,
    error_response,
    run_on_emulator,
    run_with_responses,
)
from tests.unit.samples import filled


def config(type_name: str, **given: Any) -> Any:
    """The configuration of a data source."""
    return filled(CATALOGUE.data_sources[type_name].attributes, given)


def test_datasets(tmp_path: Path) -> None:
    """All datasets are listed in order, and filters select among them."""

    async def steps(provider: AepProvider) -> None:
        everything = (await provider.read_data_source("aep_datasets", config("aep_datasets"))).state[
            "datasets"
        ]
        assert everything == sorted(everything, key=lambda each: (each["name"], each["id"]))
        one = config("aep_datasets", name="Orders")
        (found_one,) = (await provider.read_data_source("aep_datasets", one)).state["datasets"]
        assert found_one in everything
        some = config("aep_datasets", state="enabled")
        states = {
            each["state"]
            for each in (await provider.read_data_source("aep_datasets", some)).state["datasets"]
        }
        assert states == {"ENABLED"}

    run_on_emulator(tmp_path, steps)


@pytest.mark.parametrize("destination", samples.ACCOUNTS)
def test_specs(destination: str, tmp_path: Path) -> None:
    """A destination's specs are found by its name, with the known authentication methods."""

    async def steps(provider: AepProvider) -> None:
        spec = config("aep_connection_spec", destination=destination)
        state = (await provider.read_data_source("aep_connection_spec", spec)).state
        (destination_block,) = [
            each
            for each in CATALOGUE.resources["aep_base_connection"].destination_blocks
            if each.attribute == destination
        ]
        assert state["id"] == destination_block.spec_id
        assert set(state["authentication_methods"]) >= {each.spec_name for each in destination_block.methods}
        assert json.loads(state["document"])["id"] == destination_block.spec_id
        flow_spec = config("aep_flow_spec", destination=destination)
        state = (await provider.read_data_source("aep_flow_spec", flow_spec)).state
        assert destination_block.spec_id in state["target_connection_spec_ids"]
        by_id = config("aep_flow_spec", id=state["id"])
        assert (await provider.read_data_source("aep_flow_spec", by_id)).state["name"] == state["name"]

    run_on_emulator(tmp_path, steps)


RUN: dict[str, Any] = {
    "id": "run-1",
    "createdAt": 1796083200123,
    "metrics": {
        "durationSummary": {"startedAtUTC": 1796083201000, "completedAtUTC": 1796083202000},
        "statusSummary": {"status": "Success", "errors": [{"code": 7, "message": "m"}]},
        "recordSummary": {"inputRecordCount": 3, "outputRecordCount": 2},
    },
}


def runs(items: list[Any], limit: int | None = None, *, more: bool = False) -> Any:
    """Return the response of `aep_flow_runs` for a page of runs."""
    results: list[Any] = []

    def page(request: httpx.Request) -> httpx.Response:
        links = {"next": {"href": f"/runs?continuationToken={len(requests)}"}} if more else {}
        requests.append(request)
        return httpx.Response(200, json={"items": items, "_links": links})

    requests: list[httpx.Request] = []

    async def steps(provider: AepProvider) -> None:
        given = config("aep_flow_runs", flow_id=samples.FLOW_ID, limit=limit)
        results.append(await provider.read_data_source("aep_flow_runs", given))

    run_with_responses(page, steps, lists=page)
    return results[0]


def test_run() -> None:
    """A run's counts and times are converted; absent values are null."""
    (run,) = runs([RUN]).state["runs"]

    assert run == {
        "id": "run-1",
        "status": "success",
        "created_at": "2026-12-01T00:00:00Z",
        "started_at": "2026-12-01T00:00:01Z",
        "completed_at": "2026-12-01T00:00:02Z",
        "input_records": 3,
        "output_records": 2,
        "failed_records": None,
        "output_bytes": None,
        "output_files": None,
        "errors": [{"code": "7", "message": "m"}],
    }


@pytest.mark.parametrize(("limit", "expected"), [(1, 1), (3, 3), (250, 250), (None, 100)])
def test_limit(limit: int | None, expected: int) -> None:
    """At most `limit` runs are read, also from several pages."""
    page = [RUN] * 100

    assert len(runs(page, limit, more=True).state["runs"]) == expected


@pytest.mark.parametrize(
    "unexpected",
    [
        {"id": "r"},
        {"id": "r", "metrics": []},
        {"id": "r", "metrics": {"statusSummary": "ok", "durationSummary": 3}},
        {"id": "r", "createdAt": "yesterday"},
        {"id": "r", "createdAt": 10**30},
        {"id": "r", "metrics": {"statusSummary": {"errors": ["x"]}}},
        {"id": "r", "metrics": {"statusSummary": {"errors": "x"}}},
        {"id": "r", "metrics": {"recordSummary": {"inputRecordCount": "many"}}},
        {"id": 5},
        {"name": "without an id"},
    ],
)
def test_unexpected_runs(unexpected: dict[str, Any]) -> None:
    """A run with undocumented values is read without them."""
    (run,) = runs([unexpected]).state["runs"]

    assert run["input_records"] is None
    assert run["status"] == "unknown"


def test_failure() -> None:
    """A rejected request is an error."""

    async def steps(provider: AepProvider) -> None:
        spec = config("aep_connection_spec", destination="sftp")
        response = await provider.read_data_source("aep_connection_spec", spec)
        assert len(response.diagnostics) == 1

    run_with_responses(lambda _: error_response(404, "FLOW-2100-404"), steps)


@pytest.mark.parametrize(
    "document", [{"id": "a"}, {"id": "a", "authSpec": ["x"]}, {"id": "a", "authSpec": "x"}]
)
def test_unexpected_specs(document: dict[str, Any]) -> None:
    """A spec with undocumented values is read without authentication methods."""

    async def steps(provider: AepProvider) -> None:
        spec = config("aep_connection_spec", destination="sftp")
        response = await provider.read_data_source("aep_connection_spec", spec)
        assert response.state["authentication_methods"] == []

    run_with_responses(lambda _: entity_response(document), steps)
