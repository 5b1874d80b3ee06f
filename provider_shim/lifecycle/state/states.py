"""Operations on whole states: null and imported states, stored states, and states after an apply."""

from __future__ import annotations

from typing import Any

from provider_shim.lifecycle.state.credentials import REVISION
from provider_shim.lifecycle.state.sandbox import SANDBOX_NAME
from provider_shim.schema.attribute import Presence
from provider_shim.schema.block import Block, Resource
from provider_shim.schema.types import List, Map, Object, Set, Tuple, Type
from provider_shim.schema.values import UNKNOWN, Value, make_set


def null_state(block: Block) -> dict[str, Value]:
    """Return a state in which all attributes are null."""
    return dict.fromkeys((attribute.name for attribute in block.attributes), None)


def import_stub(resource: Resource, identifier: str, sandbox_name: str | None = None) -> dict[str, Value]:
    """Return the state of an import before the first read.

    It has the id, the sandbox, and the defaults of the attributes that are not stored in Flow Service. The
    read replaces what is empty until then.
    """
    state = null_state(resource) | {"id": identifier, SANDBOX_NAME: sandbox_name}
    for attribute in resource.attributes:
        if attribute.presence is Presence.DEFAULT and attribute.json is None:
            state[attribute.name] = attribute.default
        elif attribute.presence is Presence.OPTIONAL_OR_EMPTY:
            state[attribute.name] = attribute.empty
    if REVISION in state:
        state[REVISION] = 0
    return state


def from_stored(kind: Type, stored: Any) -> Value:
    """Convert a stored value to a current type. Removed attributes are dropped, and new ones are null."""
    if stored is None:
        return None
    match kind:
        case Object(attributes):
            return {name: from_stored(each, stored.get(name)) for name, each in attributes.items()}
        case Set(element):
            return make_set(from_stored(element, item) for item in stored)
        case List(element):
            return [from_stored(element, item) for item in stored]
        case Map(element):
            return {key: from_stored(element, item) for key, item in stored.items()}
        case Tuple(elements):
            return [from_stored(each, item) for each, item in zip(elements, stored, strict=True)]
        case _:
            return stored


def fill_unknowns(planned: Value, actual: Value) -> Value:
    """Return the planned value, with its unknown parts replaced by those of the actual value.

    Known values of the plan are unchanged, as Terraform requires. If the service has another value, the next
    refresh shows it as drift. Unknown parts without an actual value become null, because Terraform allows no
    unknown values after an apply.
    """
    if planned is UNKNOWN:
        return actual
    if isinstance(planned, dict) and isinstance(actual, dict):
        return {name: fill_unknowns(value, actual.get(name)) for name, value in planned.items()}
    return unknowns_to_null(planned)


def unknowns_to_null(planned: Value) -> Value:
    """Return the planned value, with its unknown parts replaced by null."""
    if planned is UNKNOWN:
        return None
    if isinstance(planned, dict):
        return {name: unknowns_to_null(value) for name, value in planned.items()}
    if isinstance(planned, list):
        return [unknowns_to_null(value) for value in planned]
    return planned
