"""Whether an existing object can be updated in place to become a planned one."""

from __future__ import annotations

from provider_shim.lifecycle.resource.requires_replace import requires_replace
from provider_shim.lifecycle.state import credentials, observed
from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import JsonObject, UnexpectedResponse
from provider_shim.schema.values import Value


def could_become(resource: Resource, body: JsonObject, planned: Value, config: Value) -> bool:
    """Return True if an object with the JSON `body` can be updated in place to the planned state.

    Returns False for an object that this provider cannot read.
    """
    try:
        state = json_mapping.from_json(resource, body, planned)
    except UnexpectedResponse:
        return False
    method = observed.method_of(resource, state, body)
    if credentials.REVISION in state:
        state[credentials.REVISION] = None  # so that another authentication method requires a replacement
    return not requires_replace(resource, state, planned, config, PrivateState(method=method))
