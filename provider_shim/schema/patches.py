"""The JSON Patch that brings a Flow Service entity from one state to another."""

from __future__ import annotations

from typing import Any

from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.values import Value

CREDENTIALS_PLACE = "auth.params"
"""Where a base connection keeps its credentials. They are sent whole with `add`, which overrides what was
there (OpenAPI 'Flow Service - Destinations', patchConnectionById; edit-destination.md)."""


def operations(resource: Resource, prior: Value, planned: Value) -> list[dict[str, Any]]:
    """The operations for every place that differs, each with the complete new value.

    Credentials are not among them: `credentials_operation` makes theirs.
    """
    before, after = json_mapping.to_json(resource, prior), json_mapping.to_json(resource, planned)
    return [
        _operation(place, json_mapping.get(before, place), json_mapping.get(after, place))
        for place in resource.patch_paths
        if place != CREDENTIALS_PLACE
        and _differs(json_mapping.get(before, place), json_mapping.get(after, place))
    ]


def _differs(before: Any, after: Any) -> bool:
    """An empty text and an absent one are the same to the service."""
    return bool((before or None) != (after or None))


def _operation(place: str, before: Any, after: Any) -> dict[str, Any]:
    if after is None:
        # Emptied instead of removed: the service answers an absent text as an empty one anyway.
        return {"op": "replace", "path": pointer(place), "value": ""}
    return {"op": "add" if before is None else "replace", "path": pointer(place), "value": after}


def credentials_operation(resource: Resource, state_with_secrets: Value) -> dict[str, Any]:
    """The operation that sends the complete credentials."""
    value = json_mapping.get(json_mapping.to_json(resource, state_with_secrets), CREDENTIALS_PLACE)
    return {"op": "add", "path": pointer(CREDENTIALS_PLACE), "value": value}


def pointer(place: str) -> str:
    """The JSON Pointer of a dotted place."""
    return "/" + place.replace(".", "/")
