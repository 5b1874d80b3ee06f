"""`aep_sandbox`."""

from __future__ import annotations

from provider_shim.client.flow_service import FlowService
from provider_shim.schema.values import Value


async def read(service: FlowService, config: Value) -> Value:
    """A sandbox as Adobe's sandbox management API has it."""
    found = await service.sandbox(config["name"])
    return {
        "name": found.get("name"),
        "title": found.get("title"),
        "state": found.get("state"),
        "type": found.get("type"),
        "region": found.get("region"),
        "is_default": found.get("isDefault"),
    }
