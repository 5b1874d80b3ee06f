"""Making a new entity: the moment Flow Service answers with an id, that id is in the state we return."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from provider_shim.lifecycle.checks import flow_target, target_base
from provider_shim.lifecycle.provider_api import ApplyResourceChangeRequest, ApplyResourceChangeResponse
from provider_shim.lifecycle.resource.create_request import Refused, post
from provider_shim.lifecycle.session.operation_errors import PROBLEMS, explain, softened, subject
from provider_shim.lifecycle.session.session import Session, timeout_of
from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import Private
from provider_shim.lifecycle.state.states import completed, without_unknowns
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.values import Value

_log = logging.getLogger(__name__)


async def create(
    session: Session, resource: Resource, request: ApplyResourceChangeRequest
) -> ApplyResourceChangeResponse:
    """Create the entity, and wait for what the service chooses where it chooses anything."""
    planned = request.planned_state
    problems = credentials.missing_secrets(resource, request.config)
    problems += await flow_target.check(session, resource, planned)
    problems += target_base.disagreement(session.base_specs, resource, planned)
    if problems:
        return ApplyResourceChangeResponse(new_state=None, diagnostics=problems)
    deadline = asyncio.get_running_loop().time() + timeout_of(planned, "create")
    try:
        written = await post(session, resource, planned, request.config, deadline)
    except Refused as refusal:
        return ApplyResourceChangeResponse(new_state=None, diagnostics=[refusal.diagnostic])
    state = without_unknowns(planned) | {"id": written.id}
    private = _private(resource, request.config).seen(written.etag)
    session.notice(resource, written.id, json_mapping.to_json(resource, planned))
    session.reads.forget(resource, written.id)
    if not resource.stable_states:
        return ApplyResourceChangeResponse(new_state=state, private=private.encode())
    try:
        return await _finish(session, resource, planned, state, private, deadline)
    except Exception as fault:
        _log.exception("The new object could not be looked at.")
        return ApplyResourceChangeResponse(
            new_state=state, private=private.encode(), diagnostics=[_our_fault(resource, state, fault)]
        )


def _our_fault(resource: Resource, state: Value, fault: Exception) -> Diagnostic:
    """Whatever our own code does wrong after the create: the id must reach the state."""
    sentence = subject("create", resource, state).sentence
    return error(
        "This is a fault of the provider",
        f"{sentence} was created and is in the state. After that the provider failed "
        f"({type(fault).__name__}); TF_LOG=error shows where. It is not your configuration. Apply again.",
    )


def _private(resource: Resource, config: Value) -> Private:
    has_credentials = any(destination.methods for destination in resource.destination_blocks)
    return credentials.remember(resource, config, Private()) if has_credentials else Private()


async def _finish(
    session: Session,
    resource: Resource,
    planned: Value,
    state: dict[str, Value],
    private: Private,
    deadline: float,
) -> ApplyResourceChangeResponse:
    """Read what the service chose, and bring the entity to the state that is asked for."""
    found: list[Diagnostic] = []
    try:
        async with asyncio.timeout_at(deadline):
            entity = await session.settled(resource, state["id"])
            state = completed(planned, json_mapping.from_json(resource, entity.body, state))
            private = private.seen(entity.etag)
    except PROBLEMS as problem:
        told = explain(problem, subject("read back", resource, state))
        found.append(softened(told, "It was created; the next plan reads it again."))
    try:
        async with asyncio.timeout_at(deadline):
            private = await switch(session, resource, state, planned, private)
    except PROBLEMS as problem:
        name = resource.action_attribute or ""
        state = state | {name: not planned[name]}
        found.append(explain(problem, subject(_verb(planned[name]), resource, state)))
    return ApplyResourceChangeResponse(new_state=state, private=private.encode(), diagnostics=found)


def _verb(enabled: Any) -> str:
    return "enable" if enabled else "disable"


async def switch(
    session: Session, resource: Resource, state: Value, planned: Value, private: Private, *, now: bool = True
) -> Private:
    """Enable or disable an entity that is not as planned; `now` is whether it is enabled at present."""
    if resource.action_attribute is None or planned[resource.action_attribute] == now:
        return private
    enabled = planned[resource.action_attribute]
    await session.patiently(lambda: session.service.act(state["id"], "enable" if enabled else "disable"))
    entity = await session.settled(resource, state["id"])
    return private.seen(entity.etag)
