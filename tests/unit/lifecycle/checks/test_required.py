"""Every required argument of the catalogue that is null is an error on that argument."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from provider_shim.lifecycle.checks import required
from provider_shim.lifecycle.checks.validate import check_config
from provider_shim.lifecycle.provider_api import Completed, PlanResourceChangeRequest
from provider_shim.main import make_provider
from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block import Block, Resource
from provider_shim.schema.diagnostics import Severity
from provider_shim.schema.types import BOOL, NUMBER, STRING, List, Map, Set, Type
from provider_shim.schema.values import UNKNOWN, Value
from tests.unit import samples
from tests.unit.wrong_values import all_blocks

Place = tuple[str, ...]


def _filled(kind: Type) -> Value:
    """Return a value of the type without nulls. Rules about its content do not matter here."""
    match kind:
        case List(element) | Set(element):
            return [_filled(element)]
        case Map(element):
            return {"key": _filled(element)}
    return {STRING: "text", NUMBER: 1, BOOL: True}[kind]  # type: ignore[index]


def _complete(attributes: tuple[Attribute, ...]) -> dict[str, Value]:
    """Return an object in which every attribute has a value, also the nested ones."""
    complete: dict[str, Value] = {}
    for each in attributes:
        if each.nested is None:
            complete[each.name] = _filled(each.type)
        else:
            inner = _complete(each.nested.attributes)
            complete[each.name] = inner if each.nested.nesting is Nesting.SINGLE else [inner]
    return complete


def _required(attributes: tuple[Attribute, ...], inside: Place = ()) -> Iterator[Place]:
    for each in attributes:
        if each.required:
            yield (*inside, each.name)
        if each.nested is not None:
            yield from _required(each.nested.attributes, (*inside, each.name))


def _with(config: Value, place: Place, value: Value) -> Value:
    """Return a copy of the configuration with a value at the place; in collections in the only element."""
    if isinstance(config, list):
        return [_with(item, place, value) for item in config]
    name, *rest = place
    return config | {name: _with(config[name], tuple(rest), value) if rest else value}


REQUIRED = [(block, place) for block in all_blocks() for place in _required(block.attributes)]
IDS = [f"{type(block).__name__} {block.type_name}.{'.'.join(place)}" for block, place in REQUIRED]


def _paths(block: Block, config: Value) -> list[str]:
    return [str(each.path) for each in required.missing(block, config)]


def test_the_table_has_the_required_arguments() -> None:
    """The table has required arguments of resources, data sources, actions, nested objects and sets."""
    assert {
        "Resource aep_flow.schedule",
        "Resource aep_flow.schedule.interval",
        "Resource aep_source_connection.datasets",
        "Resource aep_source_connection.datasets.name",
        "Resource aep_base_connection.adls_gen2.url",
        "Resource aep_base_connection.encryption.public_key",
        "Trigger aep_flow_run_trigger.flow_id",
        "DataSource aep_flow_runs.flow_id",
        "Action aep_flow_run.flow_id",
    } <= {*IDS}


@pytest.mark.parametrize(("block", "place"), REQUIRED, ids=IDS)
def test_a_null_is_an_error_on_the_argument(block: Block, place: Place) -> None:
    """A required argument that is null is one error, which validation reports with the argument's path."""
    config = _with(_complete(block.attributes), place, None)

    (problem,) = required.missing(block, config)

    assert str(problem.path) == ".".join(place)
    assert problem.severity is Severity.ERROR
    assert problem.summary == f"Missing {'.'.join(place)}"
    assert "null" in problem.detail
    assert problem in check_config(block, config)


@pytest.mark.parametrize(("block", "place"), REQUIRED, ids=IDS)
def test_an_unknown_value_passes(block: Block, place: Place) -> None:
    """A required argument whose value is not known yet is no error."""
    assert _paths(block, _with(_complete(block.attributes), place, UNKNOWN)) == []


@pytest.mark.parametrize("block", all_blocks(), ids=[each.type_name for each in all_blocks()])
def test_optional_arguments_may_be_null(block: Block) -> None:
    """A configuration in which all optional arguments are null and all required ones are set is complete."""
    config = {
        each.name: _complete((each,))[each.name] if each.required else None for each in block.attributes
    }

    assert _paths(block, config) == []


@pytest.mark.parametrize(
    "datasets", [[None], [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}, None]], ids=["only", "second"]
)
def test_a_null_element_is_an_error(datasets: list[Any]) -> None:
    """A null in a set of objects or of strings is an error on the set; a map may have null values."""
    source = samples.source_config() | {"datasets": datasets}
    run = samples.resource_config(
        "aep_flow_run_trigger", flow_id=samples.FLOW_ID, dataset_ids=[None], triggers={"a": None}
    )

    assert _paths(CATALOGUE.resources["aep_source_connection"], source) == ["datasets"]
    assert _paths(CATALOGUE.resources["aep_flow_run_trigger"], run) == ["dataset_ids"]


def test_the_error_names_the_element_of_a_set() -> None:
    """Two datasets without a name give two errors, each with the id of its dataset."""
    ids = ("5ef3e3259ad2a1191ab7dd7d", "5ef3e324052581191aa6a466")
    config = samples.source_config(datasets=[{"id": each} for each in ids])

    details = [each.detail for each in required.missing(CATALOGUE.resources["aep_source_connection"], config)]

    assert sorted(next(each for each in ids if each in detail) for detail in details) == sorted(ids)


RESOURCES = [(block, place) for block, place in REQUIRED if isinstance(block, Resource)]


@pytest.mark.parametrize(
    ("block", "place"), RESOURCES, ids=[f"{block.type_name}.{'.'.join(place)}" for block, place in RESOURCES]
)
@pytest.mark.parametrize("disputed_rules", ["error", "warning"])
def test_the_plan_reports_what_was_unknown_at_validate(
    block: Resource, place: Place, disputed_rules: str
) -> None:
    """A plan with a required argument that is null fails, whatever `disputed_rules` is."""
    config = _with(_complete(block.attributes), place, None)

    async def plan() -> list[str]:
        provider = make_provider({"AEP_DISPUTED_RULES": disputed_rules})
        assert await provider.configure_provider("1.11.4", None) == []
        response = await provider.plan_resource_change(
            PlanResourceChangeRequest(
                type_name=block.type_name, prior_state=None, proposed_new_state=config, config=config
            )
        )
        return [str(each.path) for each in response.diagnostics if each.severity is Severity.ERROR]

    assert ".".join(place) in asyncio.run(plan())


def test_an_action_without_a_flow_sends_nothing() -> None:
    """An action whose required argument turns out to be null ends with the error on it."""
    config: dict[str, Value] = dict.fromkeys(
        each.name for each in CATALOGUE.actions["aep_flow_run"].attributes
    )

    async def invoke() -> list[Any]:
        provider = make_provider({})
        assert [str(each.path) for each in await provider.plan_action("aep_flow_run", config)] == ["flow_id"]
        return [event async for event in provider.invoke_action("aep_flow_run", config)]

    (event,) = asyncio.run(invoke())

    assert isinstance(event, Completed)
    assert [str(each.path) for each in event.diagnostics] == ["flow_id"]
