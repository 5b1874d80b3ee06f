"""Lists of objects that can be imported, for `terraform query`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from provider_shim.client.entities import Collection
from provider_shim.lifecycle.provider_api import Listed, ListRequest
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, reading, to_diagnostic
from provider_shim.lifecycle.session.read_deadline import each_within_deadline
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state import identity, json_values
from provider_shim.lifecycle.state.observed import DELETING
from provider_shim.lifecycle.state.sandbox import Sandbox
from provider_shim.lifecycle.state.states import import_stub
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import warning
from provider_shim.schema.values import Value

_PAGE = 100


async def find(session: Session, resource: Resource, request: ListRequest) -> AsyncIterator[Listed]:
    """Yield the objects that match the filters, at most `limit`. An error ends the list."""
    entities = session.service.list(
        Collection(resource.collection),
        filters=[resource.list_filter] if resource.list_filter else [],
        limit=_PAGE,
    )
    count = 0
    try:
        async for body in each_within_deadline(session.cancelled, entities):
            if body.get("state") == DELETING or not isinstance(body.get("id"), str):
                continue
            listed = _listed(resource, request, body, Sandbox.of(session.service))
            if listed is None:
                continue
            yield listed
            count += 1
            if request.limit and count >= request.limit:
                return
    except EXPECTED_ERRORS as problem:
        yield Listed(diagnostics=[to_diagnostic(problem, reading("list", f"the {resource.title}s"))])


def _listed(
    resource: Resource, request: ListRequest, body: json_mapping.JsonObject, sandbox: Sandbox
) -> Listed | None:
    identifier = body["id"]
    name = json_values.shown(body["name"]) if body.get("name") else "without a name"
    display_name = f"{name} ({json_values.shown(identifier)})"
    try:
        state = json_mapping.from_json(resource, body, import_stub(resource, identifier, sandbox.name))
    except json_mapping.UnexpectedResponse as unexpected:
        detail = (
            f"The {resource.title} {display_name} can't be managed by this provider and is left out: "
            f"{unexpected.reason}."
        )
        return Listed(diagnostics=[warning("An object was left out", detail)])
    if not _matches(resource, request.config, state):
        return None
    return Listed(
        identity=identity.of_state(resource, state, sandbox),
        display_name=display_name,
        state=state if request.include_resource_object else None,
    )


def _matches(resource: Resource, config: Value, state: Value) -> bool:
    return all(
        _matches_filter(resource, name, value, state) for name, value in config.items() if value is not None
    )


def _matches_filter(resource: Resource, name: str, value: Value, state: Value) -> bool:
    """Return True if the state matches one filter.

    The filters are applied here because Adobe documents no request parameters for most of them.
    """
    match name:
        case "name_prefix":
            return str(state["name"] or "").startswith(value)
        case "dataset_id":
            return any(dataset["id"] == value for dataset in state["datasets"] or [])
        case "destination" if "destination" not in state:
            destination = json_mapping.selected_destination(resource, state)
            return destination is not None and destination.attribute == value
        case _:
            return bool(state[name] == value)
