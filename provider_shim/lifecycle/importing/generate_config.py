"""Generated configuration for an existing object.

Configuration that Terraform generates by itself has every attribute that is optional and computed, including
defaults and all attributes of a group of equivalents.
"""

from __future__ import annotations

from provider_shim.schema.attribute import Attribute, Nesting, Presence
from provider_shim.schema.block import Resource
from provider_shim.schema.values import Value


def of_state(resource: Resource, state: Value) -> Value:
    """Return the configuration for a state, without secrets, computed and redundant values."""
    if state is None:
        return None
    config = _object(resource.attributes, state)
    for group in resource.equivalents:
        given = [name for name in group if config[name] is not None]
        config |= dict.fromkeys(given[1:])
    return config


def _object(attributes: tuple[Attribute, ...], state: Value) -> dict[str, Value]:
    return {attribute.name: _configured(attribute, state[attribute.name]) for attribute in attributes}


def _configured(attribute: Attribute, value: Value) -> Value:
    if value is None or attribute.write_only or attribute.presence is Presence.COMPUTED:
        return None
    if attribute.presence is Presence.DEFAULT and value == attribute.default:
        return None
    if attribute.presence is Presence.OPTIONAL_OR_EMPTY and value == attribute.empty:
        return None
    if attribute.nested is None:
        return value
    inner = attribute.nested.attributes
    if attribute.nested.nesting is Nesting.SINGLE:
        return _object(inner, value)
    if attribute.nested.nesting is Nesting.MAP:
        return {key: _object(inner, item) for key, item in value.items()}
    return [_object(inner, item) for item in value]
