"""Terraform's rules about plans and applies, in an independent implementation for the tests.

They are those of the plugin protocol's documentation and of Terraform 1.11's behaviour; the provider's own
self-check is another reading of the same rules, and neither knows the other.
"""

from __future__ import annotations

from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.values import UNKNOWN, Value, is_wholly_known


def check_plan(attributes: tuple[Attribute, ...], prior: Value, config: Value, planned: Value) -> None:
    """Assert that the plan has configured or prior values, and null if neither configured nor computed."""
    assert {*planned} == {each.name for each in attributes}
    for each in attributes:
        before = None if prior is None else prior[each.name]
        given, then = config[each.name], planned[each.name]
        if each.write_only:
            assert then is None, f"{each.name} is write-only"
        elif given is None:
            assert each.computed or then is None, f"{each.name} is neither set nor computed"
        elif each.nested and each.nested.nesting is Nesting.SINGLE and isinstance(given, dict):
            check_plan(each.nested.attributes, before, given, then)
        else:
            is_prior = before is not None and then == before
            assert then is given or then == given or is_prior, f"{each.name} is not as configured"


def check_apply(planned: Value, after: Value, place: str = "") -> None:
    """Assert that known values of the plan are unchanged, and none is unknown."""
    assert is_wholly_known(after), place
    if planned is UNKNOWN:
        return
    if isinstance(planned, dict) and isinstance(after, dict):
        assert {*planned} == {*after}, place
        for name, value in planned.items():
            check_apply(value, after[name], f"{place}.{name}")
    elif is_wholly_known(planned):
        assert planned == after, place
