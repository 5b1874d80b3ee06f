"""Terraform's own consistency rules, applied to our answers before Terraform applies them.

Terraform blames a provider that breaks them with "Provider produced inconsistent result after apply" and an
attribute, sometimes much later. With `FLOWBRIDGE_SELF_CHECK` set, as in the tests, the provider finds it
first and says the place. The rules are those that Terraform 1.11 was seen to apply.
"""

from __future__ import annotations

from collections.abc import Iterator

from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    ApplyResourceChangeResponse,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
)
from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block import Block
from provider_shim.schema.diagnostics import Diagnostic, error, has_errors
from provider_shim.schema.paths import ROOT, AttributeName, Path
from provider_shim.schema.values import UNKNOWN, Value, is_wholly_known


def of_plan(
    block: Block, request: PlanResourceChangeRequest, response: PlanResourceChangeResponse
) -> list[Diagnostic]:
    """What is wrong with an answer to a plan."""
    if has_errors(response.diagnostics):
        return []
    if request.proposed_new_state is None:
        return [] if response.planned_state is None else [_broken(ROOT, "a destroy must plan null")]
    if response.planned_state is None:
        return [_broken(ROOT, "only a destroy may plan null")]
    found = list(
        _planned(block.attributes, request.config, request.prior_state, response.planned_state, ROOT)
    )
    return found + [
        _broken(place, "the replacement is asked for at a place that the resource does not have")
        for place in response.requires_replace
        if not _exists(block.attributes, place)
    ]


def of_apply(
    block: Block, request: ApplyResourceChangeRequest, response: ApplyResourceChangeResponse
) -> list[Diagnostic]:
    """What is wrong with an answer to an apply. Beside an error the state may differ from the plan, but it
    must be wholly known all the same.
    """
    if response.new_state is None:
        made = request.planned_state is not None and not has_errors(response.diagnostics)
        return [_broken(ROOT, "nothing came of a plan that was not a destroy")] if made else []
    found = list(of_state(block, response.new_state))
    if not has_errors(response.diagnostics):
        if request.planned_state is None:
            return [*found, _broken(ROOT, "a destroy must leave null")]
        found += _kept(request.planned_state, response.new_state, ROOT)
    return found


def of_state(block: Block, state: Value) -> Iterator[Diagnostic]:
    """What is wrong with a state that is to be stored."""
    if not is_wholly_known(state):
        yield _broken(ROOT, "a stored state has something unknown in it")
    yield from _shape(block.attributes, state, ROOT)


def _broken(place: Path, rule: str) -> Diagnostic:
    return error(
        "Self-check", f"The provider broke a rule of Terraform's at {place or 'the root'}: {rule}.", place
    )


def _planned(
    attributes: tuple[Attribute, ...], config: Value, prior: Value, planned: Value, inside: Path
) -> Iterator[Diagnostic]:
    yield from _shape(attributes, planned, inside)
    for attribute in attributes:
        place = inside.attribute(attribute.name)
        given, value = config.get(attribute.name), planned.get(attribute.name)
        before = None if prior is None else prior.get(attribute.name)
        nested = attribute.nested
        if attribute.write_only:
            continue  # `_shape` has looked
        if given is None:
            if not attribute.computed and value is not None:
                yield _broken(place, "it is neither configured nor computed, so it must be planned null")
        elif nested is not None and nested.nesting is Nesting.SINGLE and isinstance(given, dict):
            if not isinstance(value, dict):
                yield _broken(place, "it is configured and must be planned")
            else:
                yield from _planned(nested.attributes, given, before, value, place)
        elif value != given and (before is None or value != before):
            yield _broken(place, "it is configured, so the configured or the prior value must be planned")


def _shape(attributes: tuple[Attribute, ...], value: Value, inside: Path) -> Iterator[Diagnostic]:
    """Every attribute is there and no other, and write-only ones are null."""
    names = {attribute.name for attribute in attributes}
    if set(value) != names:
        yield _broken(inside, f"its attributes are not those of the schema: {set(value) ^ names}")
    for attribute in attributes:
        part = value.get(attribute.name)
        place = inside.attribute(attribute.name)
        if attribute.write_only and part is not None:
            yield _broken(place, "it is write-only and must be null")
        if attribute.nested is None or part is None or part is UNKNOWN:
            continue
        for item in part if isinstance(part, list) else [part]:
            if item is not UNKNOWN:
                yield from _shape(attribute.nested.attributes, item, place)


def _kept(planned: Value, actual: Value, place: Path) -> list[Diagnostic]:
    """What was known in the plan comes back unchanged."""
    if planned is UNKNOWN:
        return []
    if isinstance(planned, dict) and isinstance(actual, dict):
        return [
            problem
            for name, value in planned.items()
            for problem in _kept(value, actual.get(name), place.attribute(name))
        ]
    if isinstance(planned, list) and not is_wholly_known(planned):
        return []  # which element became which can't be told
    return [] if planned == actual else [_broken(place, "it was known in the plan and came back changed")]


def _exists(attributes: tuple[Attribute, ...], place: Path) -> bool:
    for step in place.steps:
        if not isinstance(step, AttributeName):
            return False
        found = next((each for each in attributes if each.name == step.name), None)
        if found is None:
            return False
        attributes = found.nested.attributes if found.nested else ()
    return bool(place.steps)
