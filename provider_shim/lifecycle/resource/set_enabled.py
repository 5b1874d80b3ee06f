"""Enabling and disabling of a flow, which are actions and not values of a patch."""

from __future__ import annotations

from provider_shim.client.errors import (
    FlowServiceError,
    OutcomeUnknown,
    ServiceFailed,
    Throttled,
    Unreachable,
)
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.values import Value

_ATTEMPTS = 3
"""Number of attempts of an action that a read shows to have had no effect."""

_TRANSIENT = (OutcomeUnknown, ServiceFailed, Throttled, Unreachable)


async def set_enabled(
    session: Session,
    resource: Resource,
    state: Value,
    planned: Value,
    private: PrivateState,
    *,
    now: bool = True,
) -> PrivateState:
    """Enable or disable an object if that is planned. `now` is True if it is enabled at present.

    An action whose outcome is unknown is repeated only if the object shows that it had no effect, because
    Flow Service rejects an action that does not fit the object's state. Raises `FlowServiceError`.
    """
    name = resource.action_attribute
    if name is None or planned[name] == now:
        return private
    for attempt in range(_ATTEMPTS):
        problem = await _act(session, state["id"], enable=bool(planned[name]))
        entity = await session.read_until_stable(resource, state["id"])
        if json_mapping.from_json(resource, entity.body, state)[name] == planned[name]:
            return private.with_etag(entity.etag)
        if problem is not None and (not isinstance(problem, _TRANSIENT) or attempt + 1 == _ATTEMPTS):
            raise problem
        await session.wait(attempt)
    raise ServiceFailed("Flow Service accepted the action, but reads show no change.")


async def _act(session: Session, identifier: str, *, enable: bool) -> FlowServiceError | None:
    """Send the action, and return its error."""
    try:
        await session.retry_while_busy(
            lambda: session.service.act(identifier, "enable" if enable else "disable")
        )
    except FlowServiceError as problem:
        return problem
    return None
