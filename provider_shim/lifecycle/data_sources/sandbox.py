"""Reading of `aep_sandbox`."""

from __future__ import annotations

from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.state import json_values
from provider_shim.schema.values import Value


async def read(service: FlowService, config: Value) -> Value:
    """Return a sandbox as Adobe's sandbox management API returns it."""
    sandbox = await service.sandbox(config["name"])
    return {
        "name": json_values.text(sandbox.get("name")),
        "title": json_values.text(sandbox.get("title")),
        "state": json_values.text(sandbox.get("state")),
        "type": json_values.text(sandbox.get("type")),
        "region": json_values.text(sandbox.get("region")),
        "is_default": json_values.flag(sandbox.get("isDefault")),
    }
