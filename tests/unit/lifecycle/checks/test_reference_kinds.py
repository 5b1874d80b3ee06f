"""An id of an object of another kind is reported on its attribute, before the object is created."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from provider_shim.client.entities import Collection
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.state.states import null_state
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic, Severity
from provider_shim.schema.values import Value
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import Terraform, other_client, run_on_emulator

ZONE = "data_landing_zone"
Ids = dict[str, str]


async def create_export(provider: AepProvider) -> Ids:
    """Create a complete export, and return the ids by kind."""

    async def create(type_name: str, config: Value) -> str:
        terraform = Terraform(provider, type_name)
        await terraform.apply(config)
        return str(terraform.state["id"])

    ids = {
        "source": await create("aep_source_connection", samples.source_config()),
        "base": await create("aep_base_connection", samples.base_config(ZONE)),
    }
    ids["target"] = await create(
        "aep_target_connection", samples.target_config(ZONE, base_connection_id=ids["base"])
    )
    ids["flow"] = await create("aep_flow", flow_config(ids))
    return ids


def flow_config(ids: Ids, source: str = "source", target: str = "target") -> dict[str, Value]:
    """Return a flow that refers to the objects of these kinds."""
    return samples.flow_config(
        name=f"from {source} to {target}",
        destination=ZONE,
        source_connection_id=ids[source],
        target_connection_id=ids[target],
    )


def target_config(ids: Ids, base: str) -> dict[str, Value]:
    """Return a target connection that refers to the object of this kind."""
    return samples.target_config(ZONE, name=f"of {base}", base_connection_id=ids[base])


CASES: dict[str, tuple[str, Callable[[Ids], Value], dict[str, str]]] = {
    "source and target swapped": (
        "aep_flow",
        lambda ids: flow_config(ids, "target", "source"),
        {
            "source_connection_id": "source_connection_id and target_connection_id are swapped",
            "target_connection_id": "target_connection_id and source_connection_id are swapped",
        },
    ),
    "base connection as the target": (
        "aep_flow",
        lambda ids: flow_config(ids, target="base"),
        {"target_connection_id": "aep_target_connection.<name>.id"},
    ),
    "flow as the source": (
        "aep_flow",
        lambda ids: flow_config(ids, source="flow"),
        {"source_connection_id": 'the id of the flow "from source to target"'},
    ),
    "target as the base": (
        "aep_target_connection",
        lambda ids: target_config(ids, "target"),
        {"base_connection_id": 'the id of the target connection "place"'},
    ),
}


def assert_reported(diagnostics: list[Diagnostic], expected: dict[str, str]) -> None:
    """Assert that there is one error on each attribute, with this text."""
    errors = {str(each.path): each for each in diagnostics if each.severity is Severity.ERROR}
    assert {*errors} == {*expected}
    for name, text in expected.items():
        assert errors[name].summary.startswith("Not the id of a ")
        assert text in errors[name].detail


def run(folder: Path, steps: Callable[[AepProvider, Ids], Coroutine[Any, Any, None]]) -> None:
    """Run the steps in the process that has created an export."""

    async def both(provider: AepProvider) -> None:
        await steps(provider, await create_export(provider))

    run_on_emulator(folder, both)


@pytest.mark.parametrize("case", CASES)
def test_the_plan_reports_an_id_that_this_process_knows(case: str, tmp_path: Path) -> None:
    """A plan reports the id of an object of another kind that this process has read."""
    type_name, config, expected = CASES[case]

    async def steps(provider: AepProvider, ids: Ids) -> None:
        plan = await Terraform(provider, type_name).plan(config(ids))

        assert_reported(plan.diagnostics, expected)

    run(tmp_path, steps)


@pytest.mark.parametrize("case", CASES)
def test_a_create_looks_at_what_the_process_does_not_know(case: str, tmp_path: Path) -> None:
    """A process that knows none of the ids plans without a request, and reports them before the create."""
    type_name, config, expected = CASES[case]

    async def steps(provider: AepProvider, ids: Ids) -> None:
        await provider.configure_provider("1.11.4", None)  # as a new process
        terraform = Terraform(provider, type_name)
        plan = await terraform.plan(config(ids))
        assert [each for each in plan.diagnostics if each.severity is Severity.ERROR] == []

        response = await terraform.send(config(ids), plan)

        assert response.new_state is None
        assert_reported(response.diagnostics, expected)
        other = other_client(tmp_path)
        for collection in (Collection.FLOWS, Collection.TARGET_CONNECTIONS):
            assert len([each async for each in other.list(collection)]) == 1
        await other.aclose()

    run(tmp_path, steps)


def test_right_ids_and_unchanged_ones_are_no_errors(tmp_path: Path) -> None:
    """Ids of the right kinds pass, and so does an id that exists nowhere: Flow Service decides about it."""

    async def steps(provider: AepProvider, ids: Ids) -> None:
        # the emulator has a flow between these connections already
        settings = null_state(CATALOGUE.provider) | {"existing_names": "ignore"}
        await provider.configure_provider("1.11.4", settings)
        flow = Terraform(provider, "aep_flow")
        await flow.apply(flow_config(ids) | {"name": "another"})
        assert flow.state["id"]

        nowhere = flow_config(ids | {"nowhere": samples.SOURCE_ID}, source="nowhere")
        other = Terraform(provider, "aep_flow")
        response = await other.send(nowhere, await other.plan(nowhere))
        assert [each.summary.startswith("Not the id") for each in response.diagnostics] == [False]

    run(tmp_path, steps)
