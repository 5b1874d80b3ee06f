"""Terraform's rules about the responses of a provider, stated over the schema and the values on the wire.

The rules are those of Terraform 1.11: `AssertPlanValid`, `AssertObjectCompatible` and `ProposedNew` in
hashicorp/terraform, `internal/plans/objchange`, as described in its documentation of the plugin protocol's
resource instance change lifecycle. They know nothing of the provider's descriptions.
"""

from __future__ import annotations

from typing import Any

import msgpack  # type: ignore[import-untyped]

from tests.contract.provider_schema import Attributes, SchemaAttribute

UNKNOWN = msgpack.ExtType(0, b"\x00")


def is_unknown(value: Any) -> bool:
    """True for an unknown value, with refinements or without."""
    return isinstance(value, msgpack.ExtType)


def is_wholly_known(value: Any) -> bool:
    """True if no part of the value is unknown."""
    if isinstance(value, dict):
        return all(is_wholly_known(each) for each in value.values())
    if isinstance(value, list):
        return all(is_wholly_known(each) for each in value)
    return not is_unknown(value)


def assert_conforms(attributes: Attributes, value: Any, place: str = "") -> None:
    """Assert that a value is an object of these attributes, in which write-only ones are null."""
    assert isinstance(value, dict), place
    assert {*value} == {each.name for each in attributes}, place
    for each in attributes:
        part, here = value[each.name], f"{place}.{each.name}"
        if each.write_only:
            assert part is None, f"{here} is write-only"
        if part is None or is_unknown(part):
            continue
        if not each.nesting:
            _assert_type(each.type, part, here)
        else:
            for item in _items(each, part):
                if not is_unknown(item):
                    assert_conforms(each.nested, item, here)


def _items(attribute: SchemaAttribute, value: Any) -> list[Any]:
    match attribute.nesting:
        case "single":
            return [value]
        case "map":
            return [*value.values()]
    assert isinstance(value, list)
    return value


def _assert_type(kind: Any, value: Any, place: str) -> None:
    if value is None or is_unknown(value):
        return
    match kind:
        case "string":
            assert isinstance(value, str), place
        case "bool":
            assert isinstance(value, bool), place
        case "number":
            assert isinstance(value, int | float | str), place
            assert not isinstance(value, bool), place
        case ["map", element]:
            for each in value.values():
                _assert_type(element, each, place)
        case ["list" | "set", element]:
            for each in value:
                _assert_type(element, each, place)
        case _:
            raise AssertionError(f"{place}: a rule for the type {kind} is missing")


def proposed_new(attributes: Attributes, prior: Any, config: Any) -> Any:
    """What Terraform proposes: the configuration, with prior values where only the provider sets a value."""
    if not isinstance(config, dict):
        return config
    proposed: dict[str, Any] = {}
    for each in attributes:
        given = config[each.name]
        before = prior[each.name] if isinstance(prior, dict) else None
        if each.write_only:
            proposed[each.name] = None
        elif given is None and each.computed:
            proposed[each.name] = before
        elif each.nesting == "single":
            proposed[each.name] = proposed_new(each.nested, before, given)
        else:
            proposed[each.name] = given
    return proposed


def assert_plan_valid(attributes: Attributes, prior: Any, config: Any, planned: Any, place: str = "") -> None:
    """Assert that a plan has what is configured, or the prior value, and null where nothing may set one."""
    if not place:
        assert_conforms(attributes, planned)
    for each in attributes:
        given, then, here = config[each.name], planned[each.name], f"{place}.{each.name}"
        before = prior[each.name] if isinstance(prior, dict) else None
        if each.write_only:
            continue  # null, as `assert_conforms` has found
        if given is None:
            assert each.computed or then is None, f"{here} is neither configured nor computed, but planned"
        elif each.nesting == "single" and isinstance(given, dict) and isinstance(then, dict):
            assert_plan_valid(each.nested, before, given, then, here)
        elif then != given:
            assert before is not None, f"{here} is not planned as configured"
            assert then == before, f"{here} is neither planned as configured nor as it was"
    if not place:
        _assert_unknown_only_if_computed(attributes, config, planned)


def _assert_unknown_only_if_computed(
    attributes: Attributes, config: Any, planned: Any, place: str = ""
) -> None:
    for each in attributes:
        given = None if config is None else config[each.name]
        then, here = planned[each.name], f"{place}.{each.name}"
        if is_unknown(then):
            assert is_unknown(given) or (given is None and each.computed), f"{here} is planned as unknown"
        elif each.nesting == "single" and isinstance(then, dict) and not is_unknown(given):
            _assert_unknown_only_if_computed(each.nested, given, then, here)


def assert_compatible(planned: Any, actual: Any, place: str = "") -> None:
    """Assert that whatever was known at first is the same later."""
    if is_unknown(planned):
        return
    if isinstance(planned, dict) and isinstance(actual, dict):
        assert {*planned} == {*actual}, place
        for name, value in planned.items():
            assert_compatible(value, actual[name], f"{place}.{name}")
    elif is_wholly_known(planned):
        assert planned == actual, f"{place} was planned as {planned!r} and is {actual!r}"
    else:
        assert len(planned) >= len(actual), place


def assert_applied(attributes: Attributes, planned: Any, actual: Any) -> None:
    """Assert that a state after an apply is complete, and as planned."""
    assert_conforms(attributes, actual)
    assert is_wholly_known(actual), actual
    assert_compatible(planned, actual)


def assert_paths_exist(
    attributes: Attributes, paths: list[tuple[str, ...]], prior: Any, planned: Any
) -> None:
    """Assert that the paths of `requires_replace` are those of attributes whose values change."""
    for path in paths:
        inner, before, after = attributes, prior, planned
        for name in path:
            attribute = next((each for each in inner if each.name == name), None)
            assert attribute is not None, f"requires_replace has the unknown path {path}"
            before = before[name] if isinstance(before, dict) else None
            after = after[name] if isinstance(after, dict) else None
            inner = attribute.nested
        assert before != after, f"requires_replace has {path}, which does not change"
