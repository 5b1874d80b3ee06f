"""What an entity tells of itself beyond its state."""

from __future__ import annotations

from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.values import Value

DELETING = "delete-finalizing"
"""The state of an entity that is being deleted (Flow Service error reference)."""


def method_of(resource: Resource, state: Value, body: json_mapping.JsonObject) -> str | None:
    """The Adobe name of the authentication method of an entity that is in this state.

    Which parameters it has says more than `auth.specName`, because Adobe's samples show the name of the
    password method beside an SSH key (migration guide for cloud storage destinations).
    """
    destination = json_mapping.selected_destination(resource, state)
    nested = None if destination is None else resource.attribute(destination.attribute).nested
    if destination is None or nested is None:
        return None
    requires_replace = {each.name: each.json.path for each in nested.attributes if each.json is not None}
    for method in destination.methods:
        if all(json_mapping.get(body, requires_replace[name]) is not None for name in method.attributes):
            return method.spec_name
    name = json_mapping.get(body, "auth.specName")
    return name if isinstance(name, str) else None
