"""Moved state: takes over an object from another provider's resource, without creating it anew.

Terraform requests it if a `moved` block names a resource of another type or another provider.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provider_shim.lifecycle.provider_api import MoveResourceStateRequest, MoveResourceStateResponse
from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.lifecycle.state.states import from_stored, import_stub
from provider_shim.lifecycle.state.stored_state import unusable_values
from provider_shim.resources.common import UUID
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import error
from provider_shim.schema.scalars import numbers

_REST_PROVIDER = "/mastercard/restapi"
_REST_TYPE = "restapi_object"


class _CannotMove(Exception):
    """The text completes "Could not take over ...: "."""


def move_state(
    resources: Mapping[str, Resource], request: MoveResourceStateRequest
) -> MoveResourceStateResponse:
    """Return the state of the same object as a resource of this provider.

    Supported are states of the same resource type under another address of this provider, and states of
    `restapi_object` of the generic REST provider Mastercard/restapi. Others give an error.
    """
    target = resources[request.target_type_name]
    address = request.source_provider_address.lower()
    try:
        if request.source_type_name == request.target_type_name and address.endswith("/aep"):
            return _same_type(target, request)
        if request.source_type_name == _REST_TYPE and address.endswith(_REST_PROVIDER):
            return _rest_object(target, request)
        raise _CannotMove(
            "only the same resource type of this provider under another address, and restapi_object of "
            "Mastercard/restapi, can be moved. Remove it there from the state with a `removed` block, and "
            "import it here by its id"
        )
    except _CannotMove as reason:
        detail = (
            f"Could not take over {request.source_type_name} of {request.source_provider_address} as "
            f"{request.target_type_name}: {reason}."
        )
        return MoveResourceStateResponse(
            target_state=None, diagnostics=[error("The state can't be moved", detail)]
        )


def _same_type(target: Resource, request: MoveResourceStateRequest) -> MoveResourceStateResponse:
    if request.source_schema_version > target.version:
        raise _CannotMove("it was written by a newer version of the provider. Upgrade this one")
    if not isinstance(request.source_state, dict):
        raise _CannotMove("its state is empty")
    problems = unusable_values(target, request.source_state)
    if problems:
        return MoveResourceStateResponse(target_state=None, diagnostics=problems)
    return MoveResourceStateResponse(
        target_state=from_stored(target.type, request.source_state), target_private=request.source_private
    )


def _rest_object(target: Resource, request: MoveResourceStateRequest) -> MoveResourceStateResponse:
    """Return a state with the id only. The read that follows a move fills in the rest, as after an import."""
    state = request.source_state
    if not target.collection:
        raise _CannotMove(f"{target.type_name} has no object in Flow Service")
    if not isinstance(state, dict):
        raise _CannotMove("its state is empty")
    segments = [part for part in str(state.get("path") or "").split("/") if part]
    if "flowservice" in segments and target.collection not in segments:
        raise _CannotMove(f"its path is {state['path']}, but a {target.title} is in /{target.collection}")
    for identifier in _identifiers(state):
        if isinstance(identifier, str) and UUID.holds(identifier):
            return MoveResourceStateResponse(
                target_state=import_stub(target, identifier),
                target_private=PrivateState(imported=True).encode(),
            )
    raise _CannotMove("its state has no id of a Flow Service entity")


def _identifiers(state: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the values that may be the id, the most reliable first."""
    yield state.get("id")
    for name in ("api_data", "api_response", "data"):
        document = _document(state.get(name))
        yield document.get("id")
        items = document.get("items")
        if isinstance(items, list) and len(items) == 1 and isinstance(items[0], dict):
            yield items[0].get("id")


def _document(value: Any) -> Mapping[str, Any]:
    """Return a map as it is (`api_data`), or the object in a JSON text (`api_response` and `data`)."""
    if isinstance(value, str):
        try:
            value = numbers.load_json(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}
