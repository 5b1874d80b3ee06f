"""Merging of the write-only values of a configuration into a planned state, for requests."""

from __future__ import annotations

from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block import Resource
from provider_shim.schema.values import Value


def with_write_only(resource: Resource, state: Value, config: Value) -> Value:
    """Return the state with the write-only values of the configuration. It must not be stored."""
    return _merged(resource.attributes, state, config)


def _merged(attributes: tuple[Attribute, ...], state: Value, config: Value) -> dict[str, Value]:
    return {
        attribute.name: _value(attribute, state[attribute.name], config[attribute.name])
        for attribute in attributes
    }


def _value(attribute: Attribute, state: Value, config: Value) -> Value:
    if attribute.write_only:
        return config
    nested = attribute.nested
    if nested is not None and nested.nesting is Nesting.SINGLE and state is not None and config is not None:
        return _merged(nested.attributes, state, config)
    return state
