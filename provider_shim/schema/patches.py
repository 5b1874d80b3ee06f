"""JSON Patch operations that change a Flow Service entity from one state to another."""

from __future__ import annotations

from typing import Any

from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.values import Value

CREDENTIALS_PATH = "auth.params"
"""Dotted path of a base connection's credentials. They are sent as a whole with `add`, which replaces the
previous ones (OpenAPI 'Flow Service - Destinations', patchConnectionById; edit-destination.md)."""


def operations(resource: Resource, prior: Value, planned: Value) -> list[dict[str, Any]]:
    """Return an operation with the complete new value for each of the resource's `patch_paths` that differs.

    Credentials are left to `credentials_operation`.
    """
    before, after = json_mapping.to_json(resource, prior), json_mapping.to_json(resource, planned)
    patch = []
    for json_path in resource.patch_paths:
        if json_path == CREDENTIALS_PATH:
            continue
        null_json = _null_json(resource, json_path)
        old, new = _value(before, json_path, null_json), _value(after, json_path, null_json)
        if old != new:
            patch.append(_operation(json_path, None if old == null_json else old, new))
    return patch


def _null_json(resource: Resource, json_path: str) -> Any:
    """Return the JSON value of null for the attribute at this path."""
    for attribute in resource.attributes:
        if attribute.json is not None and attribute.json.path == json_path:
            return attribute.json.codec.null_json
    return None


def _value(body: JsonObject, json_path: str, null_json: Any) -> Any:
    value = json_mapping.get(body, json_path)
    return null_json if value is None else value


def _operation(json_path: str, old: Any, new: Any) -> dict[str, Any]:
    """Return the operation that sets the value. If the old one is empty, Flow Service may have none, and
    rejects `replace`; `add` replaces one as well (RFC 6902, 4.1)."""
    if new is None:
        return {"op": "remove", "path": pointer(json_path)}
    return {"op": "add" if old is None else "replace", "path": pointer(json_path), "value": new}


def credentials_operation(resource: Resource, state_with_secrets: Value) -> dict[str, Any]:
    """Return the operation that sends the complete credentials."""
    value = json_mapping.get(json_mapping.to_json(resource, state_with_secrets), CREDENTIALS_PATH)
    return {"op": "add", "path": pointer(CREDENTIALS_PATH), "value": value}


def pointer(json_path: str) -> str:
    """Return the JSON Pointer of a dotted path."""
    return "/" + json_path.replace(".", "/")
