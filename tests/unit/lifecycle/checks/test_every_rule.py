"""Every rule of the descriptions reports a violation, on the right path."""

from __future__ import annotations

from typing import Any

import pytest

from provider_shim.destinations import DESTINATIONS
from provider_shim.lifecycle.checks.validate import check_config
from provider_shim.resources import CATALOGUE
from provider_shim.schema.block import Block
from provider_shim.schema.diagnostics import Severity
from provider_shim.schema.paths import ROOT
from provider_shim.schema.rules import ValueRule
from provider_shim.schema.values import UNKNOWN
from tests.unit import samples
from tests.unit.wrong_values import (
    Across,
    Broken,
    all_block_rules,
    all_broken,
    configured,
    is_always_satisfied,
)
from tools.example_values import EXAMPLE_EXPORTS

BROKEN = list(all_broken())


@pytest.mark.parametrize("broken", BROKEN, ids=[each.title for each in BROKEN])
def test_rules_about_one_attribute(broken: Broken) -> None:
    """The error is on the attribute and has the rule."""
    found = check_config(broken.block, configured(broken), disputed=broken.rule.disputed)

    assert isinstance(broken.rule, ValueRule)
    diagnostics = [each for each in found if f"must {broken.rule.requirement}." in each.detail]
    assert diagnostics, found
    place = str(diagnostics[0].path)
    assert diagnostics[0].severity is Severity.ERROR
    # Terraform's paths can't point into a set, so violations inside a set are reported on the set.
    assert place in (".".join(broken.place), broken.place[0])


@pytest.mark.parametrize("broken", BROKEN, ids=[each.title for each in BROKEN])
def test_the_rest_of_a_partly_unknown_configuration_is_checked(broken: Broken) -> None:
    """A violation is also reported if all other values are unknown."""
    config = configured(broken)
    for name, value in config.items():
        if name != broken.place[0] and value is not None:
            config[name] = UNKNOWN

    found = check_config(broken.block, config, disputed=broken.rule.disputed)

    assert isinstance(broken.rule, ValueRule)
    assert any(f"must {broken.rule.requirement}." in each.detail for each in found)


TWO_METHODS: dict[str, dict[str, Any]] = {
    destination.name: {
        name: value
        for each in EXAMPLE_EXPORTS
        if each.destination is destination
        for name, value in each.credentials.items()
    }
    for destination in DESTINATIONS
    if len(destination.methods) > 1
}
"""For each destination with several methods, the credentials of all of them."""


def _empty_config(name: str) -> tuple[Block, dict[str, Any]]:
    block = CATALOGUE.data_sources[name]
    return block, dict.fromkeys(each.name for each in block.attributes)


BASE, TARGET, FLOW = (
    CATALOGUE.resources[name] for name in ("aep_base_connection", "aep_target_connection", "aep_flow")
)
HALF = {"s3_access_key": samples.ACCESS_KEY}
ACROSS: list[tuple[Block, dict[str, Any]]] = [
    (BASE, samples.base_config(amazon_s3=None)),
    (BASE, samples.base_config(amazon_s3=HALF)),
    *((BASE, samples.base_config(name, **{name: block})) for name, block in TWO_METHODS.items()),
    (BASE, samples.base_config("data_landing_zone", encryption={"public_key": "YWJj"})),
    (TARGET, samples.target_config(sftp=samples.PLACES["sftp"])),
    (TARGET, samples.target_config(file_type="JSON", compression="NONE")),
    (FLOW, samples.flow_config(destination=None)),
    (FLOW, samples.flow_config(flow_spec_id="354d6aad-4754-46e4-a576-1b384561c440")),
    (FLOW, samples.flow_config(schedule=samples.SCHEDULE | {"interval": 5})),
    (FLOW, samples.flow_config(schedule=samples.SCHEDULE | {"interval": 8})),
    (FLOW, samples.flow_config(schedule=samples.SCHEDULE | {"end_time": "2031-01-01T00:00:00Z"})),
    *(_empty_config(name) for name in ("aep_connection_spec", "aep_flow_spec", "aep_flow")),
]
"""Configurations that violate the rules across attributes, written by hand."""

RULES = [each for each in all_block_rules() if not is_always_satisfied(each.rule)]


@pytest.mark.parametrize(
    "across", RULES, ids=[f"{'.'.join(each.place)} {type(each.rule).__name__}" for each in RULES]
)
def test_rules_across_attributes(across: Across) -> None:
    """A row of the table violates each rule, and the violation is reported."""
    diagnostics = [
        problem
        for block, config in ACROSS
        if block is across.block
        for problem in across.rule.check(_value_at(config, across.place[1:]), ROOT)
        if problem.detail
        in [each.detail for each in check_config(block, config, disputed=across.rule.disputed)]
    ]

    assert diagnostics


def _value_at(config: dict[str, Any], place: tuple[str, ...]) -> Any:
    for name in place:
        config = config[name]
    return config
