"""Reading of `aep_flow` and `aep_flows`."""

from __future__ import annotations

from provider_shim.client.flow_service import Collection, FlowService
from provider_shim.destinations import BY_FLOW_SPEC
from provider_shim.lifecycle.data_sources.find_by_name import single_match
from provider_shim.lifecycle.data_sources.flow_runs import status_of
from provider_shim.lifecycle.state import json_values
from provider_shim.resources.managed.flow import FLOW, SCHEDULE
from provider_shim.schema import json_mapping
from provider_shim.schema.attribute import Attribute
from provider_shim.schema.values import Value


async def read(service: FlowService, config: Value) -> Value:
    """Return the matching flows among those that export datasets, which are selected by their flow specs."""
    flows = [flow for flow in await _exports(service) if _matches(flow, config)]
    flows.sort(key=lambda flow: (str(flow.get("name") or ""), str(flow.get("id"))))
    return config | {"flows": [_state(flow) for flow in flows]}


async def read_one(service: FlowService, config: Value) -> Value:
    """Return the flow of this id or name. Raises `NotExactlyOneMatch`."""
    if config["id"] is not None:
        return _state((await service.read(Collection.FLOWS, config["id"])).body)
    flows = await _exports(service)
    matches = [flow for flow in flows if flow.get("name") == config["name"]]
    names = [str(flow.get("name")) for flow in flows]
    return _state(single_match("flow", matches, str(config["name"]), names))


async def _exports(service: FlowService) -> list[json_mapping.JsonObject]:
    return [flow async for flow in service.list(Collection.FLOWS, filters=[FLOW.list_filter], limit=100)]


def _matches(flow: json_mapping.JsonObject, config: Value) -> bool:
    name, state, destination = config["name"], config["state"], config["destination"]
    return (
        (name is None or flow.get("name") == name)
        and (state is None or str(flow.get("state") or "").lower() == state.lower())
        and (destination is None or _destination(flow) == destination)
    )


def _state(flow: json_mapping.JsonObject) -> dict[str, Value]:
    return {
        "id": json_values.text(flow.get("id")),
        "name": json_values.text(flow.get("name")),
        "description": json_values.text(flow.get("description")) or None,
        "state": json_values.text(flow.get("state")),
        "enabled": flow.get("state") not in ("disabled", "disabling"),
        "destination": _destination(flow),
        "flow_spec_id": json_values.text(json_mapping.get(flow, "flowSpec.id")),
        "source_connection_id": _first(flow.get("sourceConnectionIds")),
        "target_connection_id": _first(flow.get("targetConnectionIds")),
        "schedule": _schedule(flow),
        "last_run": _last_run(flow.get("lastRunDetails")),
        "created_at": json_values.time(flow.get("createdAt")),
        "updated_at": json_values.time(flow.get("updatedAt")),
    }


def _destination(flow: json_mapping.JsonObject) -> str | None:
    destination = BY_FLOW_SPEC.get(str(json_mapping.get(flow, "flowSpec.id")))
    return destination.name if destination else None


def _first(identifiers: object) -> Value:
    return json_values.text(identifiers[0]) if isinstance(identifiers, list) and identifiers else None


def _schedule(flow: json_mapping.JsonObject) -> Value:
    """Return the schedule as the resource reads it. Values of an unexpected form are null."""
    nested = SCHEDULE.nested
    if nested is None or not isinstance(flow.get("scheduleParams"), dict):
        return None
    return {attribute.name: _schedule_value(attribute, flow) for attribute in nested.attributes}


def _schedule_value(attribute: Attribute, flow: json_mapping.JsonObject) -> Value:
    if attribute.json is None:
        return None
    for json_path in (attribute.json.path, *attribute.json.aliases):
        value = json_mapping.get(flow, json_path)
        if value is not None:
            try:
                return attribute.json.codec.decode(value)
            except ValueError:
                return None
    return None


def _last_run(run: object) -> Value:
    if not isinstance(run, dict):
        return None
    return {
        "id": json_values.text(run.get("id")),
        "status": status_of(run.get("state")),
        "started_at": json_values.time(run.get("startedAtUTC")),
        "completed_at": json_values.time(run.get("completedAtUTC")),
    }
