"""Reading of `aep_connection_spec` and `aep_flow_spec`."""

from __future__ import annotations

import json

from provider_shim.client.flow_service import FlowService
from provider_shim.destinations import BY_NAME
from provider_shim.lifecycle.state import json_values
from provider_shim.schema import json_mapping
from provider_shim.schema.values import Value


async def read_connection_spec(service: FlowService, config: Value) -> Value:
    """Return the connection spec of this destination or id."""
    destination = BY_NAME.get(config["destination"])
    spec_id = destination.connection_spec if destination else config["id"]
    document = await service.connection_spec(spec_id)
    methods = json_values.texts(
        [method.get("name") for method in json_values.objects(document.get("authSpec"))]
    )
    return config | _common(document) | {"authentication_methods": methods}


async def read_flow_spec(service: FlowService, config: Value) -> Value:
    """Return the flow spec of this destination or id."""
    destination = BY_NAME.get(config["destination"])
    document = await service.flow_spec(destination.flow_spec if destination else config["id"])
    return (
        config
        | _common(document)
        | {
            "source_connection_spec_ids": json_values.texts(document.get("sourceConnectionSpecIds")),
            "target_connection_spec_ids": json_values.texts(document.get("targetConnectionSpecIds")),
        }
    )


def _common(document: json_mapping.JsonObject) -> dict[str, Value]:
    return {
        "id": document["id"],
        "name": json_values.text(document.get("name")),
        "version": json_values.text(document.get("version")),
        "provider_id": json_values.text(document.get("providerId")),
        "document": json.dumps(document, sort_keys=True),
    }
