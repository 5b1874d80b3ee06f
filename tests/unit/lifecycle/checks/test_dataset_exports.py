"""A dataset that the sandbox can't export is an error, and only where a source connection adds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from provider_shim.client.entities import Collection
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.resources import common
from provider_shim.schema.diagnostics import Diagnostic
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    created_response,
    error_response,
    other_client,
    run_on_emulator,
    run_with_responses,
)

ORDERS = {"id": "64b7e8acdd522e6190ac9567", "name": "Orders"}
DEVICES = {"id": "5ef3e3259ad2a1191ab7dd7d", "name": "AAM Devices Data"}
TYPO = {"id": "64b7e8acdd522e6190ac9568", "name": "Orderz"}
GONE = {"id": "f" * 24, "name": "Old orders"}


def source(provider: AepProvider) -> Terraform:
    """Return a source connection that does not exist yet."""
    return Terraform(provider, "aep_source_connection")


def config(*datasets: dict[str, str]) -> dict[str, Any]:
    """Return the configuration of a source connection of these datasets."""
    return samples.source_config(datasets=[*datasets])


def not_exportable(diagnostics: list[Diagnostic]) -> list[str]:
    """Return the details of the errors about datasets, which are all on `datasets`."""
    found = [each for each in diagnostics if each.summary == "The dataset can't be exported"]
    assert all(str(each.path) == "datasets" for each in found)
    return [each.detail for each in found]


async def created_by_another(folder: Path, *datasets: dict[str, str]) -> str:
    """Create a source connection with Flow Service directly, which accepts any datasets."""
    client = other_client(folder)
    body = {
        "name": "orders",
        "connectionSpec": {"id": common.DATA_LAKE_SPEC, "version": "1.0"},
        "params": {"datasets": [{"dataSetId": each["id"], "name": each["name"]} for each in datasets]},
    }
    written = await client.create(Collection.SOURCE_CONNECTIONS, body)
    await client.aclose()
    return written.id


def test_the_first_create_reports_it(tmp_path: Path) -> None:
    """A plan of a new object makes no request, so the create reports a dataset that can't be exported, with
    the ones that may be meant. Nothing is created.
    """

    async def steps(provider: AepProvider) -> None:
        terraform = source(provider)
        plan = await terraform.plan(config(DEVICES, TYPO))
        assert plan.diagnostics == []

        response = await terraform.send(config(DEVICES, TYPO), plan)

        (detail,) = not_exportable(response.diagnostics)
        assert f'The dataset "Orderz" with the id {TYPO["id"]}' in detail
        assert f'Did you mean {ORDERS["id"]} ("Orders")' in detail
        assert "aep_datasets" in detail
        assert "An access label on the dataset" in detail
        assert response.new_state is None
        client = other_client(tmp_path)
        assert [each async for each in client.list(Collection.SOURCE_CONNECTIONS)] == []
        await client.aclose()

    run_on_emulator(tmp_path, steps)


def test_a_plan_reports_it_if_the_process_has_a_session(tmp_path: Path) -> None:
    """After a refresh the plan reports it, for a new source connection and for an added dataset."""

    async def steps(provider: AepProvider) -> None:
        existing = source(provider)
        await existing.apply(config(ORDERS))
        await provider.configure_provider("1.11.4", None)
        await existing.refresh()

        new = await source(provider).plan(config(TYPO) | {"name": "another"})
        assert len(not_exportable(new.diagnostics)) == 1
        changed = await existing.plan(config(ORDERS, TYPO))
        assert changed.requires_replace
        assert len(not_exportable(changed.diagnostics)) == 1
        assert not_exportable((await existing.plan(config(ORDERS, DEVICES))).diagnostics) == []

    run_on_emulator(tmp_path, steps)


@pytest.mark.parametrize("create_before_destroy", [True, False])
def test_a_dataset_that_was_exportable_stops_nothing(create_before_destroy: bool, tmp_path: Path) -> None:
    """A source connection with a dataset that can't be exported any more is imported, refreshed and planned,
    and replaced by one that has it still.
    """

    async def steps(provider: AepProvider) -> None:
        identifier = await created_by_another(tmp_path, GONE)
        terraform = source(provider)
        await terraform.import_object(identifier)
        await terraform.assert_empty_plan(config(GONE))
        more = config(GONE, ORDERS)
        plan = await terraform.plan(more)
        assert plan.requires_replace
        assert not_exportable(plan.diagnostics) == []
        second = await Terraform(provider, terraform.type_name, None, plan.planned_private).plan(more)
        assert not_exportable(second.diagnostics) == []

        await provider.configure_provider(
            "1.11.4",
            None,
        )  # the process that applies
        if create_before_destroy:
            replacement = source(provider)
        else:
            await terraform.send(None, await terraform.plan(None))
            replacement = terraform
        response = await replacement.send(more, await replacement.plan(more))

        assert not_exportable(response.diagnostics) == []

    run_on_emulator(tmp_path, steps, AEP_EXISTING_NAMES="ignore")


@pytest.mark.parametrize("response", [error_response(403, "FLOW-2118-403"), httpx.Response(200, text="?")])
def test_datasets_that_cannot_be_listed_are_left_to_flow_service(response: httpx.Response) -> None:
    """Without the permission to list datasets, a source connection is created nevertheless."""

    def respond(request: httpx.Request) -> httpx.Response:
        return response if request.method == "GET" else created_response(samples.SOURCE_ID)

    async def steps(provider: AepProvider) -> None:
        for _ in range(2):
            terraform = source(provider)
            await terraform.apply(config(GONE))
            assert terraform.state["id"] == samples.SOURCE_ID

    requests = run_with_responses(respond, steps, max_retries=0)

    assert len([each for each in requests if each.url.path.endswith("/configs")]) == 1
