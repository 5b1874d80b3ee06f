"""Large inputs take time in proportion to their size: the provider answers Ctrl-C whatever it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import msgpack  # type: ignore[import-untyped]
import pytest

from provider_shim.lifecycle.checks.validate import check_config
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import PlanResourceChangeRequest
from provider_shim.protocol.encoding.msgpack_codec import decode, encode
from provider_shim.resources import CATALOGUE
from provider_shim.schema import json_mapping
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import run_with_responses
from tests.unit.linear_time import assert_linear

pytestmark = pytest.mark.thorough

SOURCE = CATALOGUE.resources["aep_source_connection"]
Dataset = Callable[[int], dict[str, Any]]

DATASETS: dict[str, Dataset] = {
    "valid": lambda number: {"id": f"{number:024x}", "name": f"Orders {number}"},
    "of one id": lambda number: {"id": "5ef3e3259ad2a1191ab7dd7d", "name": f"Orders {number}"},
    "malformed": lambda number: {"id": f"x{number}", "name": ""},
}


def config(dataset: Dataset, count: int) -> dict[str, Any]:
    """The configuration of a source connection of so many datasets."""
    return samples.source_config(datasets=[dataset(number) for number in range(count)])


@pytest.mark.parametrize("name", DATASETS)
def test_ten_thousand_datasets_validate_in_proportion_to_their_number(name: str) -> None:
    """Decoding, validation and encoding of a set take time in proportion to the number of its elements."""
    small, large = (msgpack.packb(config(DATASETS[name], count)) for count in (1_000, 10_000))

    def validate(data: bytes) -> None:
        value = decode(data, SOURCE.type)
        check_config(SOURCE, value)
        encode(value, SOURCE.type)

    assert_linear(validate, small, large)


@pytest.mark.parametrize("key", ["dataSetId", "name"])
def test_ten_thousand_datasets_are_read_in_proportion_to_their_number(key: str) -> None:
    """A response that leaves out a value of each dataset is completed from the state in time."""

    def state_and_body(count: int) -> tuple[dict[str, Any], dict[str, Any]]:
        state = config(DATASETS["valid"], count)
        body = json_mapping.to_json(SOURCE, state)
        body["params"]["datasets"] = [{key: each[key]} for each in body["params"]["datasets"]]
        return state, body

    def read(given: tuple[dict[str, Any], dict[str, Any]]) -> None:
        state, body = given
        assert json_mapping.from_json(SOURCE, body, state)["datasets"] == state["datasets"]

    assert_linear(read, state_and_body(1_000), state_and_body(10_000))


async def plan_after_a_read(provider: AepProvider, planned: dict[str, Any]) -> list[str]:
    """Plan a source connection when the process has a session. Returns the errors about datasets."""
    look_up = samples.filled(CATALOGUE.data_sources["aep_datasets"].attributes, {})
    await provider.read_data_source("aep_datasets", look_up)
    response = await provider.plan_resource_change(
        PlanResourceChangeRequest(
            type_name=SOURCE.type_name, prior_state=None, proposed_new_state=planned, config=planned
        )
    )
    return [each.detail for each in response.diagnostics if each.summary == "The dataset can't be exported"]


def test_many_datasets_that_can_t_be_exported_are_a_few_errors() -> None:
    """The first ones get an error each, with similar datasets; one more error counts the others.

    Names are long and alike, so that a comparison of all with all would take hours.
    """
    listed = [{"id": f"{number:024x}", "name": f"Orders {number} " + "x" * 1_000} for number in range(3_000)]
    found: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        is_first = request.url.params.get("start") in (None, "0")
        return httpx.Response(200, json={"items": listed if is_first else []})

    async def steps(provider: AepProvider) -> None:
        planned = config(
            lambda number: {"id": f"{number + 10**9:024x}", "name": "Orders 7 " + "x" * 50_000}, 200
        )
        found.extend(await plan_after_a_read(provider, planned))

    run_with_responses(respond, steps)

    assert len(found) == 6
    assert "Did you mean" in found[0]
    assert "195 more datasets are not among those" in found[-1]
