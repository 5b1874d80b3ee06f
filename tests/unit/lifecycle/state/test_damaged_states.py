"""States that are damaged or were edited by hand: an error that names the attribute, or nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provider_shim.lifecycle.importing.move_state import move_state
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import MoveResourceStateRequest, PlanResourceChangeRequest
from provider_shim.lifecycle.state.identity import upgrade as upgrade_identity
from provider_shim.lifecycle.state.stored_state import unusable_change, unusable_values, upgrade
from provider_shim.resources import CATALOGUE
from provider_shim.schema.values import UNKNOWN, Value
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import Terraform, error_paths, run_on_emulator

SOURCE = CATALOGUE.resources["aep_source_connection"]
STATE = samples.source_config(id=samples.SOURCE_ID, deletion_protection=False)
NamePath = tuple[str | int, ...]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id": None}, "id must be the id of the object, and is null"),
        ({"id": ""}, 'id must be the id of the object, and is ""'),
        ({"id": 5}, "id must be a text, and is 5"),
        ({"id": {"a": 1}}, "id must be a text, and is an object"),
        ({"deletion_protection": "yes"}, 'deletion_protection must be true or false, and is "yes"'),
        ({"name": ["a"]}, "name must be a text, and is a list"),
        ({"name": "\ud800"}, 'name must be a text, and is "?"'),
        ({"datasets": "a"}, 'datasets must be a list, and is "a"'),
        ({"datasets": [None]}, "datasets[0] must be an object, and is null"),
        ({"datasets": [{"id": 7, "name": "a"}]}, "datasets[0].id must be a text, and is 7"),
        ({"timeouts": 5}, "timeouts must be an object, and is 5"),
        (
            {"name": 1, "description": 2},
            "name must be a text, and is 1; description must be a text, and is 2",
        ),
    ],
)
def test_an_unusable_value_is_one_error_that_names_the_attribute(
    changes: dict[str, Any], sentence: str
) -> None:
    """The error has the attribute, what it must be, its value, and both ways out."""
    (problem,) = unusable_values(SOURCE, STATE | changes)

    assert sentence in problem.detail
    assert str(problem.path) == sentence.partition(" ")[0]
    assert "terraform.tfstate.backup" in problem.detail
    identifier = (STATE | changes)["id"]
    known = identifier if isinstance(identifier, str) and identifier else "<id>"
    assert problem.detail.endswith(f"terraform import aep_source_connection.<name> {known}")


@pytest.mark.parametrize("stored", [None, [], "text", 5])
def test_a_state_that_is_no_object_is_an_error(stored: Any) -> None:
    """A state of another shape is reported as a whole."""
    (problem,) = unusable_values(SOURCE, stored)

    assert "the whole state must be an object" in problem.detail


def test_a_malformed_time_in_a_state_is_an_error() -> None:
    """A text that Flow Service's JSON can't have is reported like a value of another type."""
    flow = samples.flow_config(id=samples.FLOW_ID)
    flow["schedule"] |= {"start_time": "soon"}

    (problem,) = unusable_values(CATALOGUE.resources["aep_flow"], flow)

    assert 'schedule.start_time must be a value that Flow Service knows, and is "soon"' in problem.detail


@pytest.mark.parametrize("changes", [{"id": None}, {"id": ""}])
def test_a_state_without_id_is_an_error_in_every_rpc(changes: dict[str, Any], tmp_path: Path) -> None:
    """A read, a plan and a destroy name the id, send nothing, and keep the state."""
    state = STATE | changes

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, SOURCE.type_name, state=state)
        responses: list[Any] = [
            await terraform.refresh(),
            await provider.plan_resource_change(terraform.plan_request(samples.source_config())),
            await provider.apply_resource_change(terraform.apply_request(None, None)),
        ]
        for response in responses:
            assert error_paths(response.diagnostics) == ["id"]
        assert terraform.state == state

    run_on_emulator(tmp_path, steps)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": None}, "name must be known, and not null. It is null."),
        ({"name": UNKNOWN}, "name must be known, and not null. It is unknown."),
        ({"timeouts": {"create": UNKNOWN, "update": None, "delete": None}}, "timeouts.create must be known"),
        ({"datasets": [UNKNOWN]}, "datasets must be known, and not null. It is unknown."),
        ({"datasets": [{"id": None, "name": "a"}]}, "datasets.id must be known, and not null. It is null."),
    ],
)
def test_a_damaged_plan_is_an_error_on_the_attribute(
    changes: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    """What a plan of the provider always has is checked before anything is sent."""

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, SOURCE.type_name)
        config = samples.source_config()
        response = await provider.apply_resource_change(terraform.apply_request(config | changes, config))
        (problem,) = response.diagnostics
        assert problem.detail.startswith(sentence)
        assert response.new_state is None

    run_on_emulator(tmp_path, steps)


def test_a_malformed_time_in_a_plan_is_an_error_on_the_attribute() -> None:
    """A text that Flow Service's JSON can't have is not sent."""
    planned = samples.flow_config()
    planned["schedule"] |= {"start_time": "soon"}

    (problem,) = unusable_change(CATALOGUE.resources["aep_flow"], None, planned)

    assert str(problem.path) == "schedule.start_time"
    assert problem.summary == "Invalid schedule.start_time"


def test_a_planned_id_does_not_replace_that_of_the_created_object(tmp_path: Path) -> None:
    """The id in the response to a create is in the state, whatever a damaged plan has."""

    async def steps(provider: AepProvider) -> None:
        objects: list[str] = []
        for type_name, given in (
            ("aep_source_connection", samples.source_config()),
            ("aep_base_connection", samples.base_config()),
        ):
            made = Terraform(provider, type_name)
            await made.apply(given)
            objects.append(made.state["id"])
        target = Terraform(provider, "aep_target_connection")
        await target.apply(samples.target_config(base_connection_id=objects[1]))
        references = {"source_connection_id": objects[0], "target_connection_id": target.state["id"]}
        flow, config = Terraform(provider, "aep_flow"), samples.flow_config(**references)
        plan = await flow.plan(config)
        planned = plan.planned_state | {"id": None, "enabled": False}
        response = await provider.apply_resource_change(flow.apply_request(planned, config))
        assert isinstance(response.new_state["id"], str)
        assert error_paths(response.diagnostics) == []

    run_on_emulator(tmp_path, steps)


def test_half_a_character_in_a_stored_identity_is_null() -> None:
    """What is not a text can't be encoded, and the next read completes it."""
    stored = {"id": "\ud800", "sandbox_name": "prod"}

    response = upgrade_identity(SOURCE, 0, stored)

    assert response.upgraded_identity == {"id": None, "sandbox_name": "prod", "organization_id": None}


def test_a_damaged_state_is_not_moved() -> None:
    """A state under another address of the provider is checked in the same way."""
    response = move_state(
        CATALOGUE.resources,
        MoveResourceStateRequest(
            source_provider_address="registry.acme.example/platform/aep",
            source_type_name=SOURCE.type_name,
            source_schema_version=0,
            source_state=STATE | {"id": None},
            target_type_name=SOURCE.type_name,
        ),
    )

    assert response.target_state is None
    assert "id must be the id of the object" in response.diagnostics[0].detail


WRONG_VALUES: tuple[Any, ...] = (None, "", 5, -1, True, "x", [], {}, [None], {"a": None}, "\ud800", 10**400)


def name_paths(value: Value, parent: NamePath = ()) -> Iterator[NamePath]:
    """Yield the paths of all values inside a state."""
    parts: Any = (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    )
    for key, part in parts:
        yield (*parent, key)
        yield from name_paths(part, (*parent, key))


def damaged(state: Value) -> Iterator[Value]:
    """Yield the state with one wrong value, for each attribute and each wrong value."""
    for name_path in name_paths(state):
        for wrong in WRONG_VALUES:
            copied = copy.deepcopy(state)
            holder = copied
            for name in name_path[:-1]:
                holder = holder[name]
            holder[name_path[-1]] = wrong
            yield json.loads(json.dumps(copied))


async def use(provider: AepProvider, type_name: str, state: Value, private: bytes, config: Value) -> None:
    """Read, plan and apply from a state, as Terraform does with and without a refresh."""
    terraform = Terraform(provider, type_name, state=state, private=private)
    for desired in (None, config):
        plan = await provider.plan_resource_change(
            PlanResourceChangeRequest(
                type_name=type_name,
                prior_state=state,
                proposed_new_state=desired,
                config=desired,
                prior_private=private,
            )
        )
    await terraform.refresh()
    if not plan.requires_replace:
        terraform.state = state
        await terraform.send(config, plan)


@pytest.mark.thorough
def test_no_wrong_value_in_a_state_is_an_internal_error(tmp_path: Path) -> None:
    """Any value at any place of a state is an error of `upgrade`, or is read, planned and applied."""

    async def steps(provider: AepProvider) -> None:
        configs: dict[str, Any] = {}
        objects: dict[str, Terraform] = {}

        async def make(type_name: str, config: Any) -> Any:
            objects[type_name] = Terraform(provider, type_name)
            configs[type_name] = config
            await objects[type_name].apply(config)
            return objects[type_name].state["id"]

        source = await make("aep_source_connection", samples.source_config())
        base = await make("aep_base_connection", samples.base_config("amazon_s3"))
        target = await make("aep_target_connection", samples.target_config(base_connection_id=base))
        flow = samples.flow_config(source_connection_id=source, target_connection_id=target)
        await make("aep_flow", flow)
        for type_name, each in objects.items():
            for state in damaged(each.state):
                response = upgrade(CATALOGUE.resources[type_name], 0, state)
                if not response.diagnostics:
                    await use(provider, type_name, response.upgraded_state, each.private, configs[type_name])

    run_on_emulator(tmp_path, steps)
