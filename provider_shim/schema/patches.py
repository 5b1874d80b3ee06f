"""The JSON Patch that brings a Flow Service entity from one state to another."""

from __future__ import annotations

from typing import Any

from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.values import Value

CREDENTIALS_PLACE = "auth.params"
"""Where a base connection keeps its credentials. They are sent whole with `add`, which overrides what was
there (OpenAPI 'Flow Service - Destinations', patchConnectionById; edit-destination.md)."""


def operations(resource: Resource, prior: Value, planned: Value) -> list[dict[str, Any]]:
    """The operations for every place that differs, each with the complete new value.

    Credentials are not among them: `credentials_operation` makes theirs.
    """
    before, after = json_mapping.to_json(resource, prior), json_mapping.to_json(resource, planned)
    found = []
    for place in resource.patch_paths:
        if place == CREDENTIALS_PLACE:
            continue
        absent = _absent_value(resource, place)
        old, new = _value(before, place, absent), _value(after, place, absent)
        if old != new:
            found.append(_operation(place, json_mapping.get(before, place), new))
    return found


def _absent_value(resource: Resource, place: str) -> Any:
    """Return what null is in the JSON of the attribute at this place, as its codec states."""
    for attribute in resource.attributes:
        if attribute.json is not None and attribute.json.path == place:
            return attribute.json.codec.null_json
    return None


def _value(body: JsonObject, place: str, absent: Any) -> Any:
    value = json_mapping.get(body, place)
    return absent if value is None else value


def _operation(place: str, old: Any, new: Any) -> dict[str, Any]:
    if new is None:
        return {"op": "remove", "path": pointer(place)}
    return {"op": "add" if old is None else "replace", "path": pointer(place), "value": new}


def credentials_operation(resource: Resource, state_with_secrets: Value) -> dict[str, Any]:
    """The operation that sends the complete credentials."""
    value = json_mapping.get(json_mapping.to_json(resource, state_with_secrets), CREDENTIALS_PLACE)
    return {"op": "add", "path": pointer(CREDENTIALS_PLACE), "value": value}


def pointer(place: str) -> str:
    """The JSON Pointer of a dotted place."""
    return "/" + place.replace(".", "/")
