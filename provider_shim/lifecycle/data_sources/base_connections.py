"""Reading of `aep_base_connections`."""

from __future__ import annotations

from provider_shim.client.flow_service import Collection, FlowService
from provider_shim.destinations import BY_CONNECTION_SPEC
from provider_shim.lifecycle.state import json_values
from provider_shim.resources.managed.base_connection import BASE_CONNECTION
from provider_shim.schema import json_mapping
from provider_shim.schema.values import Value


async def read(service: FlowService, config: Value) -> Value:
    """Return the matching connections to destinations of dataset exports. Never reads their `auth.params`."""
    connections = service.list(Collection.CONNECTIONS, filters=[BASE_CONNECTION.list_filter], limit=100)
    states = [_state(connection) async for connection in connections]
    wanted = [
        state
        for state in states
        if config["destination"] in (None, state["destination"]) and config["name"] in (None, state["name"])
    ]
    wanted.sort(key=lambda state: (str(state["name"] or ""), str(state["id"])))
    return config | {"base_connections": wanted}


def _state(connection: json_mapping.JsonObject) -> dict[str, Value]:
    destination = BY_CONNECTION_SPEC.get(str(json_mapping.get(connection, "connectionSpec.id")))
    return {
        "id": json_values.text(connection.get("id")),
        "name": json_values.text(connection.get("name")),
        "description": json_values.text(connection.get("description")) or None,
        "destination": destination.name if destination else None,
        "authentication_method": json_values.text(json_mapping.get(connection, "auth.specName")),
        "state": json_values.text(connection.get("state")),
        "created_at": json_values.time(connection.get("createdAt")),
        "updated_at": json_values.time(connection.get("updatedAt")),
    }
