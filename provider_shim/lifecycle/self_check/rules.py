"""Terraform's consistency rules, applied to the provider's responses before Terraform applies them.

Terraform reports a violation as "Provider produced inconsistent result after apply" with an attribute,
sometimes much later. With `FLOWBRIDGE_SELF_CHECK` set, as in the tests, the provider reports it first, with
the attribute path. The rules are those that Terraform 1.11 was observed to apply.
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
    """Return the violations in the response to a plan."""
    if has_errors(response.diagnostics):
        return []
    if request.proposed_new_state is None:
        return [] if response.planned_state is None else [_broken(ROOT, "a destroy must plan null")]
    if response.planned_state is None:
        return [_broken(ROOT, "only a destroy may plan null")]
    violations = list(
        _planned(block.attributes, request.config, request.prior_state, response.planned_state, ROOT)
    )
    return violations + [
        _broken(attribute_path, "requires_replace has the path of an attribute that does not exist")
        for attribute_path in response.requires_replace
        if not _exists(block.attributes, attribute_path)
    ]


def of_apply(
    block: Block, request: ApplyResourceChangeRequest, response: ApplyResourceChangeResponse
) -> list[Diagnostic]:
    """Return the violations in the response to an apply.

    In case of errors the state may differ from the plan, but it must be wholly known.
    """
    if response.new_state is None:
        missing = request.planned_state is not None and not has_errors(response.diagnostics)
        return [_broken(ROOT, "only a destroy may return null")] if missing else []
    violations = list(of_state(block, response.new_state))
    if not has_errors(response.diagnostics):
        if request.planned_state is None:
            return [*violations, _broken(ROOT, "a destroy must return null")]
        violations += _changed(request.planned_state, response.new_state, ROOT)
    return violations


def of_state(block: Block, state: Value) -> Iterator[Diagnostic]:
    """Yield the violations in a state that Terraform will store."""
    if not is_wholly_known(state):
        yield _broken(ROOT, "a stored state has unknown values")
    yield from _shape(block.attributes, state, ROOT)


def _broken(attribute_path: Path, rule: str) -> Diagnostic:
    return error(
        "Self-check",
        f"The provider violates a rule of Terraform's at {attribute_path or 'the root'}: {rule}.",
        attribute_path,
    )


def _planned(
    attributes: tuple[Attribute, ...], config: Value, prior: Value, planned: Value, parent_path: Path
) -> Iterator[Diagnostic]:
    yield from _shape(attributes, planned, parent_path)
    for attribute in attributes:
        attribute_path = parent_path.attribute(attribute.name)
        given, value = config.get(attribute.name), planned.get(attribute.name)
        before = None if prior is None else prior.get(attribute.name)
        nested = attribute.nested
        if attribute.write_only:
            continue  # checked by `_shape`
        if given is None:
            if not attribute.computed and value is not None:
                yield _broken(
                    attribute_path, "it is neither configured nor computed and must be planned null"
                )
        elif nested is not None and nested.nesting is Nesting.SINGLE and isinstance(given, dict):
            if not isinstance(value, dict):
                yield _broken(attribute_path, "it is configured and must be planned")
            else:
                yield from _planned(nested.attributes, given, before, value, attribute_path)
        elif value != given and (before is None or value != before):
            yield _broken(attribute_path, "it is configured: that or the prior value must be planned")


def _shape(attributes: tuple[Attribute, ...], value: Value, parent_path: Path) -> Iterator[Diagnostic]:
    """Yield missing and additional attributes, and write-only ones that are not null."""
    names = {attribute.name for attribute in attributes}
    if set(value) != names:
        yield _broken(parent_path, f"its attributes are not those of the schema: {set(value) ^ names}")
    for attribute in attributes:
        part = value.get(attribute.name)
        attribute_path = parent_path.attribute(attribute.name)
        if attribute.write_only and part is not None:
            yield _broken(attribute_path, "it is write-only and must be null")
        if attribute.nested is None or part is None or part is UNKNOWN:
            continue
        for item in part if isinstance(part, list) else [part]:
            if item is not UNKNOWN:
                yield from _shape(attribute.nested.attributes, item, attribute_path)


def _changed(planned: Value, actual: Value, attribute_path: Path) -> list[Diagnostic]:
    """Return the values that were known in the plan and differ after the apply."""
    if planned is UNKNOWN:
        return []
    if isinstance(planned, dict) and isinstance(actual, dict):
        return [
            problem
            for name, value in planned.items()
            for problem in _changed(value, actual.get(name), attribute_path.attribute(name))
        ]
    if isinstance(planned, list) and not is_wholly_known(planned):
        return []  # the planned elements can't be matched with the actual ones
    return [] if planned == actual else [_broken(attribute_path, "it was known in the plan and has changed")]


def _exists(attributes: tuple[Attribute, ...], attribute_path: Path) -> bool:
    for step in attribute_path.steps:
        if not isinstance(step, AttributeName):
            return False
        attribute = next((each for each in attributes if each.name == step.name), None)
        if attribute is None:
            return False
        attributes = attribute.nested.attributes if attribute.nested else ()
    return bool(attribute_path.steps)
