"""Reading of `aep_sandbox`."""

from __future__ import annotations

from provider_shim.client.flow_service import FlowService
from provider_shim.schema.values import Value


async def read(service: FlowService, config: Value) -> Value:
    """Return a sandbox as Adobe's sandbox management API returns it."""
    sandbox = await service.sandbox(config["name"])
    return {
        "name": sandbox.get("name"),
        "title": sandbox.get("title"),
        "state": sandbox.get("state"),
        "type": sandbox.get("type"),
        "region": sandbox.get("region"),
        "is_default": sandbox.get("isDefault"),
    }
