"""Facts from an entity's JSON that are not in its Terraform state."""

from __future__ import annotations

from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.values import Value

DELETING = "delete-finalizing"
"""The state of an entity that is being deleted (Flow Service error reference)."""


def method_of(resource: Resource, state: Value, body: json_mapping.JsonObject) -> str | None:
    """Return Adobe's name for the authentication method of an entity in this state.

    The parameters are more reliable than `auth.specName`, because Adobe's samples show the name of the
    password method together with an SSH key (migration guide for cloud storage destinations).
    """
    destination = json_mapping.selected_destination(resource, state)
    nested = None if destination is None else resource.attribute(destination.attribute).nested
    if destination is None or nested is None:
        return None
    json_paths = {each.name: each.json.path for each in nested.attributes if each.json is not None}
    for method in destination.methods:
        if all(json_mapping.get(body, json_paths[name]) is not None for name in method.attributes):
            return method.spec_name
    name = json_mapping.get(body, "auth.specName")
    return name if isinstance(name, str) else None
